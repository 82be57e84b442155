import type pg from "pg";
import type { ControlDatabase } from "../../database/control-database.ts";
import { platformSchema } from "../../database/database-names.ts";
import { sourceOf, type EventSources } from "../../events/lifecycle-events.ts";
import { newestFirst } from "../newest-first.ts";
import type { DeliveryRow } from "./webhook-schema.ts";

const deliveries = `${platformSchema}.webhook_deliveries`;

const columns = `position, event_id, lane, state, attempts, due_at, last_attempt_at, last_status, last_error,
  queued_at, ended_at, (select type from ${platformSchema}.events event where event.id = event_id) as type`;

export function listDeliveries(
  database: ControlDatabase,
  webhookId: string,
  state: DeliveryRow["state"] | undefined,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly DeliveryRow[]> {
  return newestFirst<DeliveryRow>(
    database,
    { name: "webhook_deliveries", columns },
    [
      ["webhook_id =", webhookId],
      ["state =", state],
    ],
    page,
  );
}

export async function findDelivery(
  database: ControlDatabase,
  webhookId: string,
  eventId: string,
): Promise<DeliveryRow | undefined> {
  const rows = await database.query<DeliveryRow>(
    `select ${columns} from ${deliveries} where webhook_id = $1 and event_id = $2`,
    [webhookId, eventId],
  );
  return rows[0];
}

/** Puts a delivery in line once more, with its time to fail anew. One that waits is sent at once. */
export async function requeueDelivery(
  client: pg.ClientBase,
  webhookId: string,
  eventId: string,
  now: Date,
): Promise<void> {
  await client.query(
    `update ${deliveries} set state = 'pending', attempts = 0, due_at = $3, queued_at = $3, ended_at = null
     where webhook_id = $1 and event_id = $2`,
    [webhookId, eventId, now],
  );
}

/** An event for this webhook alone, and its delivery, which is in line should the process die before it is sent. */
export async function insertTestDelivery(
  client: pg.ClientBase,
  webhookId: string,
  event: {
    readonly id: string;
    readonly now: Date;
    readonly dueAt: Date;
    readonly sources: EventSources | undefined;
  },
): Promise<void> {
  await client.query(
    `with kept as (
       insert into ${platformSchema}.events (id, type, source, detail, occurred_at)
       values ($2, 'webhookTest', $3, jsonb_build_object('webhookId', $1::text), $4) returning id, position
     )
     insert into ${deliveries} (webhook_id, event_id, position, lane, due_at, queued_at)
     select $1::uuid, id, position, '', $5, $4 from kept`,
    [webhookId, event.id, sourceOf("webhookTest", event.sources), event.now, event.dueAt],
  );
}
