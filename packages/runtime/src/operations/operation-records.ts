import type { TenantId } from "@tenantry/model";
import { platformSchema } from "../database/database-names.ts";
import type { SqlClient } from "../events/keep-lifecycle-event.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import type {
  Operation,
  OperationChange,
  OperationKind,
  OperationState,
  OperationStep,
  StepState,
} from "./operation.ts";

/** Who follows operations listens here; the payload is the id of one. */
export const operationsChannel = "tenantry_operations";

export interface OperationRow {
  readonly id: string;
  readonly position: string;
  readonly kind: OperationKind;
  readonly tenant_id: TenantId;
  readonly state: OperationState;
  readonly input: JsonObject;
  readonly result: JsonObject | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly requested_by: string;
  readonly is_cancellable: boolean;
  readonly cancel_requested_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly ended_at: Date | null;
  readonly steps: readonly OperationStep[];
}

const iso = (column: string) => `to_char(s.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const stepJson = `json_build_object('name', s.name, 'state', s.state, 'startedAt', ${iso("started_at")},
  'endedAt', ${iso("ended_at")}, 'detail', s.detail)`;

/** For a select from `operations`, by that name. */
export const operationColumns = `id, position, kind, tenant_id, state, input, result, error_code, error_message,
  requested_by, is_cancellable, cancel_requested_by, created_at, updated_at, ended_at,
  coalesce((select json_agg(${stepJson} order by s.number) from ${platformSchema}.operation_steps s
            where s.operation_id = operations.id), '[]') as steps`;

export function operationOf(row: OperationRow): Operation {
  const { error_code: code, error_message: message } = row;
  return {
    id: row.id,
    kind: row.kind,
    tenant: row.tenant_id,
    state: row.state,
    steps: row.steps,
    input: row.input,
    result: row.result,
    error: code === null || message === null ? null : { code, message },
    requestedBy: row.requested_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

export async function readOperationRow(client: SqlClient, id: string): Promise<OperationRow | null> {
  const { rows } = await client.query<OperationRow>(
    `select ${operationColumns} from ${platformSchema}.operations where id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

export interface NewOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly tenant: TenantId;
  readonly input: JsonObject;
  readonly requestedBy: string;
  readonly idempotencyKey: string | null;
  /** In their order, for those who want to know how far it is. */
  readonly steps: readonly string[];
  readonly now: Date;
}

/** Returns whether it was added: not where another one works on the tenant, or the key was used. */
export async function insertOperation(client: SqlClient, operation: NewOperation): Promise<boolean> {
  const { id, kind, tenant, input, requestedBy, idempotencyKey, steps, now } = operation;
  const { rowCount } = await client.query(
    `insert into ${platformSchema}.operations
       (id, kind, tenant_id, state, input, requested_by, idempotency_key, created_at, updated_at)
     values ($1, $2, $3, 'queued', $4, $5, $6, $7, $7) on conflict do nothing`,
    [id, kind, tenant, JSON.stringify(input), requestedBy, idempotencyKey, now],
  );
  if (rowCount === 0) return false;
  await client.query(
    `insert into ${platformSchema}.operation_steps (operation_id, number, name, state)
     select $1, number, name, 'pending' from unnest($2::text[]) with ordinality as list (name, number)`,
    [id, steps],
  );
  await keepChange(client, id, null, now);
  return true;
}

export interface StepRecord {
  readonly state: StepState;
  readonly result: unknown;
  readonly detail: string | null;
}

export async function readStep(client: SqlClient, id: string, name: string): Promise<StepRecord | null> {
  const { rows } = await client.query<StepRecord>(
    `select state, result, detail from ${platformSchema}.operation_steps where operation_id = $1 and name = $2`,
    [id, name],
  );
  return rows[0] ?? null;
}

/** A step begins, or begins again; one that nobody announced gets its row. The operation runs. */
export async function beginStep(client: SqlClient, id: string, name: string, now: Date): Promise<void> {
  await client.query(
    `insert into ${platformSchema}.operation_steps (operation_id, number, name, state, started_at)
     select $1, 1 + coalesce(max(number), 0), $2, 'running', $3 from ${platformSchema}.operation_steps where operation_id = $1
     on conflict (operation_id, name) do update
       set state = 'running', started_at = coalesce(operation_steps.started_at, excluded.started_at)`,
    [id, name, now],
  );
  await setState(client, id, "running", now);
  await keepChange(client, id, name, now);
}

/** The outcome of a step, once: false where it has one already. */
export async function endStep(
  client: SqlClient,
  id: string,
  name: string,
  outcome: {
    readonly state: "succeeded" | "failed" | "skipped";
    readonly result: unknown;
    readonly detail: string | null;
  },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${platformSchema}.operation_steps
     set state = $3, result = $4, detail = coalesce($5, detail), ended_at = $6
     where operation_id = $1 and name = $2 and state not in ('succeeded', 'failed', 'skipped')`,
    [id, name, outcome.state, JSON.stringify(outcome.result), outcome.detail, now],
  );
  if (rowCount === 0) return false;
  await keepChange(client, id, name, now);
  return true;
}

/** Says something of a step that goes on. */
export async function noteInStep(
  client: SqlClient,
  id: string,
  name: string,
  detail: string,
  now: Date,
): Promise<void> {
  const { rowCount } = await client.query(
    `update ${platformSchema}.operation_steps set detail = $3
     where operation_id = $1 and name = $2 and state = 'running' and detail is distinct from $3`,
    [id, name, detail],
  );
  if (rowCount !== 0) await keepChange(client, id, name, now);
}

/** The step and the operation wait. */
export async function waitInStep(
  client: SqlClient,
  id: string,
  name: string,
  detail: string,
  now: Date,
): Promise<void> {
  await client.query(
    `update ${platformSchema}.operation_steps set state = 'waiting', detail = $3, started_at = coalesce(started_at, $4)
     where operation_id = $1 and name = $2 and state in ('pending', 'running')`,
    [id, name, detail, now],
  );
  await setState(client, id, "waiting", now);
  await keepChange(client, id, name, now);
}

export async function endOperation(
  client: SqlClient,
  id: string,
  outcome: {
    readonly state: "succeeded" | "failed" | "cancelled";
    readonly result: JsonObject | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  },
  now: Date,
): Promise<boolean> {
  const { state, result, error } = outcome;
  const { rowCount } = await client.query(
    `update ${platformSchema}.operations
     set state = $2, result = $3, error_code = $4, error_message = $5, ended_at = $6, updated_at = $6, is_cancellable = false
     where id = $1 and ended_at is null`,
    [
      id,
      state,
      result === null ? null : JSON.stringify(result),
      error?.code ?? null,
      error?.message ?? null,
      now,
    ],
  );
  if (rowCount === 0) return false;
  await client.query(
    `update ${platformSchema}.operation_steps set state = 'skipped' where operation_id = $1 and state = 'pending'`,
    [id],
  );
  await keepChange(client, id, null, now);
  return true;
}

/** From here on it cannot be cancelled. False where somebody has cancelled it before. */
export async function passPointOfNoReturn(client: SqlClient, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${platformSchema}.operations set is_cancellable = false where id = $1 and cancel_requested_by is null`,
    [id],
  );
  return rowCount !== 0;
}

/** Asks for it to be taken back. False where that is too late. */
export async function requestCancel(client: SqlClient, id: string, by: string, now: Date): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${platformSchema}.operations
     set cancel_requested_by = coalesce(cancel_requested_by, $2), updated_at = $3
     where id = $1 and is_cancellable and ended_at is null`,
    [id, by, now],
  );
  return rowCount !== 0;
}

export async function isCancelRequested(client: SqlClient, id: string): Promise<boolean> {
  const { rows } = await client.query(
    `select from ${platformSchema}.operations where id = $1 and cancel_requested_by is not null`,
    [id],
  );
  return rows.length > 0;
}

/** Changes after this one, the oldest first. */
export async function changesAfter(
  client: SqlClient,
  id: string,
  revision: number,
): Promise<readonly OperationChange[]> {
  const { rows } = await client.query<{ revision: number; change: Omit<OperationChange, "revision"> }>(
    `select revision, change from ${platformSchema}.operation_changes
     where operation_id = $1 and revision > $2 order by revision limit 500`,
    [id, revision],
  );
  return rows.map(({ revision: number, change }) => ({ revision: number, ...change }));
}

async function setState(client: SqlClient, id: string, state: OperationState, now: Date): Promise<void> {
  await client.query(
    `update ${platformSchema}.operations set state = $2, updated_at = $3 where id = $1 and ended_at is null`,
    [id, state, now],
  );
}

/** Numbers the change, keeps it for those who follow, and tells them when the transaction commits. */
async function keepChange(client: SqlClient, id: string, step: string | null, now: Date): Promise<void> {
  await client.query(
    `with counted as (
       update ${platformSchema}.operations set revision = revision + 1, updated_at = $3 where id = $1
       returning id, revision, state
     )
     insert into ${platformSchema}.operation_changes (operation_id, revision, change)
     select counted.id, counted.revision, jsonb_build_object('state', counted.state, 'step',
       (select ${stepJson.replace("json_build_object", "jsonb_build_object")}
        from ${platformSchema}.operation_steps s where s.operation_id = counted.id and s.name = $2))
     from counted`,
    [id, step, now],
  );
  // The command and not pg_notify(), which only the owner may call. The id is a UUID of our own.
  await client.query(`notify ${operationsChannel}, '${id}'`);
}
