import { assert, type Clock, type Random } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import type pg from "pg";
import { platformSchema } from "../database/database-names.ts";
import { uuidV7 } from "../http/uuid-v7.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import { type EventSources, type EventType, sourceOf } from "./lifecycle-events.ts";

/** Something that happened, and is told to whoever has a webhook for it. */
export interface LifecycleEvent {
  readonly type: EventType;
  readonly tenant: TenantId;
  /** The operation that it is part of. An operation has one event of a type; the same again adds nothing. */
  readonly operation: string | null;
  /**
   * What receivers get to know beside the tenant's id, such as `tier`. It leaves the platform: no
   * secrets, and nothing of what the tenant stores.
   */
  readonly detail: JsonObject;
}

/** A client of the platform's database. */
export type SqlClient = Pick<pg.ClientBase, "query">;

export interface EventPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly sources?: EventSources;
}

/** Bytes of the JSON of a detail. A sender holds several events at once. */
const eventDetailBytesMax = 32_768;

/**
 * Keeps an event and, in the same statement, its delivery to each webhook that wants it. Called in
 * the transaction of the change that it tells of, neither is there without the other.
 *
 * @param client on the platform's database, as the owner or the control role, inside the transaction
 * @returns whether the event is new
 */
export async function keepLifecycleEvent(
  client: SqlClient,
  event: LifecycleEvent,
  { clock, random, sources }: EventPorts,
): Promise<boolean> {
  const detail = JSON.stringify({ tenantId: event.tenant, ...event.detail });
  assert(
    Buffer.byteLength(detail) <= eventDetailBytesMax,
    `the detail of ${event.type} has more than ${eventDetailBytesMax} bytes`,
  );
  const now = clock.nowMs();
  const { rows } = await client.query<{ id: string }>(keepStatement, [
    uuidV7(now, random),
    event.type,
    sourceOf(event.type, sources),
    event.tenant,
    event.operation,
    detail,
    new Date(now),
  ]);
  return rows.length > 0;
}

// Holding the webhooks, because one that is removed in between would fail the whole transaction.
const keepStatement = `
with kept as (
  insert into ${platformSchema}.events (id, type, source, tenant_id, operation_id, detail, occurred_at)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (operation_id, type) do nothing
  returning id, position, type, tenant_id, occurred_at
), fanned_out as (
  insert into ${platformSchema}.webhook_deliveries (webhook_id, event_id, position, lane, due_at, queued_at)
  select webhook.id, kept.id, kept.position, coalesce(kept.tenant_id, ''), kept.occurred_at, kept.occurred_at
  from kept join ${platformSchema}.webhooks webhook
    on webhook.state <> 'disabled' and (webhook.types = '{}' or kept.type = any (webhook.types))
  for key share of webhook
)
select id from kept`;
