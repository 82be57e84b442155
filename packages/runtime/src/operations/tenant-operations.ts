import type { Clock, Random } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import type { Readable } from "node:stream";
import { keepControlAuditEvent } from "../control/audit-events/keep-control-audit-event.ts";
import { newestFirst } from "../control/newest-first.ts";
import { platformSchema } from "../database/database-names.ts";
import type { TenantDatabase } from "../database/tenant-database.ts";
import { errors } from "../errors.ts";
import { keepLifecycleEvent } from "../events/keep-lifecycle-event.ts";
import { operationEvents } from "../events/lifecycle-events.ts";
import type { ObjectStore } from "../files/object-store.ts";
import { uuidV7 } from "../http/uuid-v7.ts";
import { KeyRing, type RingKey } from "../identity/key-ring.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import { unfinishedOperation } from "../tenants/onboard-tenant.ts";
import { tenantOf } from "../tenants/tenant-rows.ts";
import type { OffboardingCertificate } from "./certificate.ts";
import { flows } from "./flows/all-flows.ts";
import {
  hasEnded,
  type Operation,
  type OperationChange,
  type OperationKind,
  type OperationRequest,
  type OperationState,
} from "./operation.ts";
import {
  changesAfter,
  insertOperation,
  operationColumns,
  operationOf,
  type OperationRow,
  readOperationRow,
  requestCancel,
} from "./operation-records.ts";
import { OperationRunner } from "./operation-runner.ts";
import type { OnStep } from "./operation-run.ts";
import { OperationWatch } from "./operation-watch.ts";
import { findTenantRow, requireStatus } from "./registry-rows.ts";

export interface TenantOperationsOptions {
  readonly platformName: string;
  /** Signs certificates. */
  readonly keyRing: readonly RingKey[];
  /**
   * Names what this process is, the same after a restart: it continues what it had begun. Two
   * processes of one name continue the same operations, which is harmless and of no use.
   */
  readonly executor?: string;
  /**
   * How long a process may not have heard that a tenant has moved: the registry is believed for a
   * minute, and a request takes half of one. Where there is one process only, it hears at once.
   */
  readonly staleMs?: number;
  /** How many steps run at once in this process: each may copy or export a tenant. 4 unless said. */
  readonly stepsAtOnce?: number;
  /** The length of a day of a grace period. Only tests have shorter ones. */
  readonly dayMs?: number;
}

export interface TenantOperationsPorts {
  readonly database: TenantDatabase;
  /** The content of tenants' files; null where there are no files. */
  readonly objects: ObjectStore | null;
  /** Where exports are kept; without it tenants are neither exported nor offboarded. */
  readonly exports: ObjectStore | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: OperationsEvent) => void;
  /** Called at each moment of each step, so that a test can end the process there. */
  readonly onStep?: OnStep;
}

/** What an operator may want to know. */
export type OperationsEvent =
  | {
      readonly kind: "operation-step-failed";
      readonly operation: string;
      readonly step: string;
      readonly error: unknown;
    }
  | { readonly kind: "operations-engine-warning"; readonly message: string };

/** Who asks for an operation. */
export interface Requester {
  readonly actorKind: "operator" | "system";
  readonly actor: string;
  /** Empty where no request caused it. */
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

export interface OperationFilter {
  readonly tenant?: string | undefined;
  readonly kind?: OperationKind | undefined;
  readonly state?: OperationState | undefined;
}

export type RequestOutcome =
  | { readonly kind: "started" | "running" | "repeated"; readonly operation: Operation }
  /** The key was sent before with something else. */
  | { readonly kind: "key-reused" };

/** What is done to tenants in steps that survive crashes. One per process. */
export interface TenantOperations extends AsyncDisposable {
  /**
   * Starts an operation. Where the same one runs already, that one is returned.
   *
   * @throws CodedError RUNTIME_TENANT_BUSY, RUNTIME_TENANT_STATUS, RUNTIME_EXPORTS_MISSING
   */
  request(request: OperationRequest, by: Requester): Promise<RequestOutcome>;
  find(id: string): Promise<Operation | null>;
  /** The newest first. The key of a row is its position. */
  list(
    filter: OperationFilter,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly { readonly position: string; readonly operation: Operation }[]>;
  /** Asks for an operation to be taken back. Null where it is too late; it ends a moment later otherwise. */
  cancel(id: string, by: Requester): Promise<Operation | null>;
  /** Resolves when it has ended, or waits for its time, or the time to wait is over. */
  settled(id: string, waitMs: number, signal?: AbortSignal): Promise<Operation | null>;
  /** The changes after this one, until the operation has ended. An empty list says that nothing happened for a while. */
  follow(id: string, after: number, signal: AbortSignal): AsyncIterable<readonly OperationChange[]>;
  /** The archive of an export that has succeeded; null where there is none. */
  readExport(id: string): Promise<{ readonly operation: Operation; readonly content: Readable } | null>;
  /** Of the last tenant of this id that is gone. */
  certificate(
    tenant: TenantId,
  ): Promise<{ readonly document: OffboardingCertificate; readonly jws: string } | null>;
  /** Signs certificates with these keys from now on. */
  replaceKeyRing(ring: readonly RingKey[]): Promise<void>;
}

const staleMsDefault = 95_000;
const stepsAtOnceDefault = 4;
const dayMsDefault = 86_400_000;

/**
 * Opens the operations and continues those that a crash or a restart has interrupted.
 *
 * @throws CodedError RUNTIME_OPERATIONS_OPEN, RUNTIME_KEY_RING_INVALID, RUNTIME_DATABASE_UNAVAILABLE
 */
export async function openTenantOperations(
  options: TenantOperationsOptions,
  ports: TenantOperationsPorts,
): Promise<TenantOperations> {
  const { database, clock, random } = ports;
  const keys = await KeyRing.open(options.keyRing, clock);
  const watch = await OperationWatch.open(database.access, { clock, random });
  try {
    const runner = await OperationRunner.open({
      executor: options.executor ?? "control",
      control: database.control,
      watch,
      tools: {
        access: database.access,
        store: database.placedStore,
        objects: ports.objects,
        exports: ports.exports,
        signer: { platform: options.platformName, currentKey: () => keys.signingKey },
        clock,
        random,
        staleMs: options.staleMs ?? staleMsDefault,
        dayMs: options.dayMs ?? dayMsDefault,
      },
      onEvent: ports.onEvent,
      onStep: ports.onStep ?? (() => undefined),
      stepsAtOnce: options.stepsAtOnce ?? stepsAtOnceDefault,
    });
    return new PostgresTenantOperations(ports, keys, watch, runner);
  } catch (error) {
    await watch[Symbol.asyncDispose]();
    throw error;
  }
}

class PostgresTenantOperations implements TenantOperations {
  readonly #ports: TenantOperationsPorts;
  readonly #keys: KeyRing;
  readonly #watch: OperationWatch;
  readonly #runner: OperationRunner;
  #closed: Promise<void> | null = null;

  constructor(ports: TenantOperationsPorts, keys: KeyRing, watch: OperationWatch, runner: OperationRunner) {
    this.#ports = ports;
    this.#keys = keys;
    this.#watch = watch;
    this.#runner = runner;
  }

  async request(request: OperationRequest, by: Requester): Promise<RequestOutcome> {
    const { kind, tenant } = request;
    const input: JsonObject = { ...request.input };
    if ((kind === "export" || kind === "offboard") && this.#ports.exports === null)
      throw errors.RUNTIME_EXPORTS_MISSING({ tenant });
    const repeated = await this.#repeated(request, by);
    if (repeated !== null) return repeated;
    const id = uuidV7(this.#ports.clock.nowMs(), this.#ports.random);
    const isAdded = await this.#ports.database.control.transact(async (client) => {
      const row = await findTenantRow(client, tenant);
      const isFree = (await unfinishedOperation(client, tenant)) === null;
      if (row !== null && isFree) requireStatus(row, kind);
      const added = await insertOperation(client, {
        id,
        kind,
        tenant,
        input,
        requestedBy: by.actor,
        idempotencyKey: by.idempotencyKey,
        steps: flows[kind].steps(input, row === null ? null : tenantOf(row)),
        now: this.#now(),
      });
      if (!added) return false;
      const { request: type } = operationEvents[kind];
      await keepLifecycleEvent(client, { type, tenant, operation: id, detail: input }, this.#ports);
      await this.#audit(client, by, `tenant.${kind}`, tenant, { operation: id, ...input });
      return true;
    });
    if (!isAdded) return this.#foundInstead(request, by);
    await this.#ports.onStep?.("request", "after-commit", tenant);
    await this.#runner.start(id);
    return { kind: "started", operation: (await this.find(id)) as Operation };
  }

  /** What a request with the same key has started before. */
  async #repeated(request: OperationRequest, by: Requester): Promise<RequestOutcome | null> {
    if (by.idempotencyKey === null) return null;
    const where = "requested_by = $1 and idempotency_key = $2";
    const [operation] = await this.#select(where, [by.actor, by.idempotencyKey]);
    if (operation === undefined) return null;
    return isSame(operation, request) ? { kind: "repeated", operation } : { kind: "key-reused" };
  }

  /** What stood in the way: the same request at the same moment, the same operation, or another one. */
  async #foundInstead(request: OperationRequest, by: Requester): Promise<RequestOutcome> {
    const repeated = await this.#repeated(request, by);
    if (repeated !== null) return repeated;
    const { tenant: id } = request;
    const [operation] = await this.#select("tenant_id = $1 and ended_at is null", [id]);
    // Where there is none it has ended in between, and the next attempt finds the way free.
    if (operation === undefined || !isSame(operation, request))
      throw errors.RUNTIME_TENANT_BUSY({ id, operation: operation?.id ?? "that has just ended" });
    return { kind: "running", operation };
  }

  async find(id: string): Promise<Operation | null> {
    const [operation] = await this.#select("id = $1", [id]);
    return operation ?? null;
  }

  async list(filter: OperationFilter, page: { readonly after: string | null; readonly limit: number }) {
    const { tenant, kind, state } = filter;
    const rows = await newestFirst<OperationRow>(
      this.#ports.database.control,
      { name: "operations", columns: operationColumns },
      [
        ["tenant_id =", tenant],
        ["kind =", kind],
        ["state =", state],
      ],
      page,
    );
    return rows.map((row) => ({ position: row.position, operation: operationOf(row) }));
  }

  async cancel(id: string, by: Requester): Promise<Operation | null> {
    const isAsked = await this.#ports.database.control.transact(async (client) => {
      if (!(await requestCancel(client, id, by.actor, this.#now()))) return false;
      const row = await readOperationRow(client, id);
      if (row !== null)
        await this.#audit(client, by, "operation.cancel", id, { kind: row.kind }, row.tenant_id);
      return true;
    });
    if (!isAsked) return null;
    await this.#runner.wake(id);
    return this.find(id);
  }

  async settled(id: string, waitMs: number, signal?: AbortSignal): Promise<Operation | null> {
    const { clock } = this.#ports;
    const untilMs = clock.monotonicMs() + waitMs;
    const over = new AbortController();
    const timer = clock.sleep(waitMs, over.signal).catch(() => undefined);
    const expired = new AbortController();
    void timer.then(() => expired.abort());
    const stop = signal === undefined ? expired.signal : AbortSignal.any([signal, expired.signal]);
    try {
      for (;;) {
        const change = this.#watch.next(id, stop).catch(() => undefined);
        const operation = await this.find(id);
        if (operation === null || hasEnded(operation) || operation.state === "waiting") return operation;
        if (stop.aborted || clock.monotonicMs() >= untilMs) return operation;
        await change;
      }
    } finally {
      over.abort();
    }
  }

  async *follow(id: string, after: number, signal: AbortSignal): AsyncGenerator<readonly OperationChange[]> {
    for (let seen = after; !signal.aborted;) {
      const change = this.#watch.next(id, signal).catch(() => undefined);
      const changes = await this.#ports.database.control.transact((client) => changesAfter(client, id, seen));
      yield changes;
      const last = changes.at(-1);
      if (last !== undefined) seen = last.revision;
      const operation = await this.find(id);
      if (operation === null || (hasEnded(operation) && changes.length === 0)) return;
      if (changes.length === 0) await change;
    }
  }

  async readExport(id: string) {
    const operation = await this.find(id);
    const isExport = operation?.kind === "export" || operation?.kind === "offboard";
    if (!isExport || !isVerified(operation)) return null;
    const content = (await this.#ports.exports?.get(operation.tenant, id)) ?? null;
    return content === null ? null : { operation, content };
  }

  async certificate(tenant: TenantId) {
    const [row] = await this.#ports.database.control.query<{ document: OffboardingCertificate; jws: string }>(
      `select document, jws from ${platformSchema}.certificates where tenant_id = $1 order by life desc limit 1`,
      [tenant],
    );
    return row ?? null;
  }

  replaceKeyRing(ring: readonly RingKey[]): Promise<void> {
    return this.#keys.replace(ring);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= (async () => {
      await this.#runner[Symbol.asyncDispose]();
      await this.#watch[Symbol.asyncDispose]();
    })();
    return this.#closed;
  }

  async #select(where: string, values: readonly unknown[]): Promise<readonly Operation[]> {
    const rows = await this.#ports.database.control.query<OperationRow>(
      `select ${operationColumns} from ${platformSchema}.operations where ${where}`,
      values,
    );
    return rows.map(operationOf);
  }

  async #audit(
    client: Parameters<typeof keepControlAuditEvent>[0],
    { actorKind, actor, requestId }: Requester,
    action: string,
    target: string,
    details: JsonObject,
    tenant: TenantId = target as TenantId,
  ): Promise<void> {
    const event = { actorKind, actor, requestId, action, target, tenant, details } as const;
    await keepControlAuditEvent(client, event, this.#ports);
  }

  #now(): Date {
    return new Date(this.#ports.clock.nowMs());
  }
}

function isVerified(operation: Operation): boolean {
  return operation.steps.some(({ name, state }) => name === "verify-export" && state === "succeeded");
}

function isSame(operation: Operation, { kind, tenant, input }: OperationRequest): boolean {
  return operation.kind === kind && operation.tenant === tenant && isEqual(operation.input, { ...input });
}

function isEqual(one: JsonObject, other: JsonObject): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => one[key] === other[key]);
}
