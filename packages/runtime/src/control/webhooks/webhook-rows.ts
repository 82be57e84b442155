import type pg from "pg";
import type { ControlDatabase } from "../../database/control-database.ts";
import { platformSchema } from "../../database/database-names.ts";
import type { EventType } from "../../events/lifecycle-events.ts";

const webhooks = `${platformSchema}.webhooks`;
const deliveries = `${platformSchema}.webhook_deliveries`;

export type WebhookState = "active" | "failing" | "disabled";

/** A webhook without its secrets. */
export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly EventType[];
  readonly concurrency: number;
  readonly state: WebhookState;
  readonly previous_secret_until: Date | null;
  readonly failures: number;
  readonly failing_since: Date | null;
  readonly rests_until: Date | null;
  readonly last_error: string | null;
  readonly last_delivered_at: Date | null;
  readonly created_at: Date;
  readonly created_by: string;
  /** How many deliveries wait; counted no further than {@link pendingCountMax}. */
  readonly pending: number;
}

export const pendingCountMax = 10_000;

const columns = `id, url, description, types, concurrency, state, failures, failing_since, rests_until, last_error,
  last_delivered_at, created_at, created_by, previous_secret_until,
  (select count(*)::integer from (
    select from ${deliveries} delivery where delivery.webhook_id = webhook.id and delivery.state = 'pending'
    limit ${pendingCountMax}) counted) as pending`;

export interface NewWebhook {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly EventType[];
  readonly concurrency: number;
  /** Closed. */
  readonly secret: Uint8Array;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** Adds it; returns false where the platform has as many as it may. */
export async function insertWebhook(
  client: pg.ClientBase,
  webhook: NewWebhook,
  webhooksMax: number,
): Promise<boolean> {
  // Two that are added at the same time must not both be the last one. Deliveries go on meanwhile.
  await client.query(`lock table ${webhooks} in share row exclusive mode`);
  const { rowCount } = await client.query(
    `insert into ${webhooks} (id, url, description, types, concurrency, secret, created_at, created_by)
     select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from ${webhooks}) < $9`,
    [
      webhook.id,
      webhook.url,
      webhook.description,
      webhook.types,
      webhook.concurrency,
      webhook.secret,
      webhook.createdAt,
      webhook.createdBy,
      webhooksMax,
    ],
  );
  return rowCount === 1;
}

export async function findWebhook(database: ControlDatabase, id: string): Promise<WebhookRow | undefined> {
  const rows = await database.query<WebhookRow>(`select ${columns} from ${webhooks} webhook where id = $1`, [
    id,
  ]);
  return rows[0];
}

/** A page in the order in which they were added. */
export function listWebhooks(
  database: ControlDatabase,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly WebhookRow[]> {
  return database.query<WebhookRow>(
    `select ${columns} from ${webhooks} webhook where $1::uuid is null or id > $1 order by id limit $2`,
    [page.after, page.limit],
  );
}

/** Removes it with its deliveries; returns whether there was one. */
export async function deleteWebhook(client: pg.ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await client.query(`delete from ${webhooks} where id = $1`, [id]);
  return rowCount === 1;
}

/** Signs with the new secret from now on, and with the one before it until the time. */
export async function rotateWebhookSecret(
  client: pg.ClientBase,
  id: string,
  secret: Uint8Array,
  previousUntil: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${webhooks} set previous_secret = secret, previous_secret_until = $3, secret = $2 where id = $1`,
    [id, secret, previousUntil],
  );
  return rowCount === 1;
}
