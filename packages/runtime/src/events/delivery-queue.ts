import type { Clock, Random } from "@tenantry/base";
import type { ControlDatabase } from "../database/control-database.ts";
import { platformSchema } from "../database/database-names.ts";
import { uuidV7 } from "../http/uuid-v7.ts";
import type { JsonObject } from "../tenant-store/tenant-tables.ts";
import type { EventType } from "./lifecycle-events.ts";
import { retryDelayMs } from "./retry-delay.ts";
import type { WebhookSettings } from "./webhook-settings.ts";

const webhooks = `${platformSchema}.webhooks`;
const deliveries = `${platformSchema}.webhook_deliveries`;

/** A delivery that this process has to itself for a while, with all that it takes to send it. */
export interface TakenDelivery {
  readonly webhookId: string;
  readonly eventId: string;
  /** Shows at the end that it was still ours. */
  readonly takenBy: string;
  readonly attempts: number;
  readonly queuedAt: Date;
  readonly url: string;
  readonly secret: Uint8Array;
  readonly previousSecret: Uint8Array | null;
  readonly failures: number;
  readonly event: {
    readonly type: EventType;
    readonly source: string;
    readonly operation: string | null;
    readonly detail: JsonObject;
    readonly occurredAt: Date;
  };
}

/** How an attempt ended. */
export type AttemptResult =
  | { readonly kind: "delivered"; readonly status: number }
  | {
      readonly kind: "failed";
      readonly status: number | null;
      readonly reason: string;
      readonly retryAfterSeconds: number | null;
      /** The receiver says that it is no more. */
      readonly isGone: boolean;
    };

interface TakenRow {
  readonly webhook_id: string;
  readonly event_id: string;
  readonly attempts: number;
  readonly queued_at: Date;
  readonly url: string;
  readonly secret: Buffer;
  readonly previous_secret: Buffer | null;
  readonly failures: number;
  readonly type: EventType;
  readonly source: string;
  readonly operation_id: string | null;
  readonly detail: JsonObject;
  readonly occurred_at: Date;
}

/**
 * The deliveries that wait, in the platform's database, shared by all processes.
 *
 * A delivery: pending ── an attempt is acknowledged ──▶ delivered
 *                pending ── an attempt fails ──▶ pending, due later ── after days ──▶ failed
 * A webhook:  active ── several failures in a row ──▶ failing ── days without a success ──▶ disabled
 *             failing, disabled ── one success ──▶ active
 *
 * Whoever takes a delivery has it for as long as its lease lasts and then sends it outside of any
 * transaction. A process that dies in between leaves a lease that ends, so every event arrives at
 * least once; a receiver tells the second time by the id, which never changes.
 *
 * Each webhook has few attempts at once, and one while it fails, with pauses in between: a
 * receiver that is dead costs little and holds up nobody else. Within a webhook the deliveries of
 * one tenant go out one after the other in the order of their events; one that has failed several
 * times no longer holds up those behind it.
 */
export class DeliveryQueue {
  readonly #database: ControlDatabase;
  readonly #settings: WebhookSettings;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: {
    readonly database: ControlDatabase;
    readonly settings: WebhookSettings;
    readonly clock: Clock;
    readonly random: Random;
  }) {
    this.#database = options.database;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /** Deliveries whose turn it is, at most this many; those of the webhook that waited longest first. */
  async take(limit: number): Promise<readonly TakenDelivery[]> {
    const now = new Date(this.#clock.nowMs());
    const takenBy = uuidV7(now.getTime(), this.#random);
    const rows = await this.#database.transact(async (client) => {
      // Whoever holds the row decides how many attempts its webhook has; the next statement sees all others'.
      const { rows: open } = await client.query<{ id: string; room: number }>(openWebhooks, [now, limit]);
      if (open.length === 0) return [];
      const ids = open.map(({ id }) => id);
      const until = new Date(now.getTime() + this.#settings.leaseMs);
      const { rows: taken } = await client.query<TakenRow>(takeDeliveries, [
        ids,
        open.map(({ room }) => room),
        now,
        this.#settings.orderedAttempts,
        limit,
        until,
        takenBy,
      ]);
      await client.query(`update ${webhooks} set served_at = $2 where id = any ($1)`, [ids, now]);
      return taken;
    });
    return rows.map((row) => takenOf(row, takenBy));
  }

  /** A delivery of this webhook at once, whatever the webhook's state; null if it is being sent already. */
  async takeOne(webhookId: string, eventId: string): Promise<TakenDelivery | null> {
    const now = new Date(this.#clock.nowMs());
    const takenBy = uuidV7(now.getTime(), this.#random);
    const until = new Date(now.getTime() + this.#settings.leaseMs);
    const rows = await this.#database.query<TakenRow>(takeOneDelivery, [
      webhookId,
      eventId,
      now,
      until,
      takenBy,
    ]);
    return rows[0] === undefined ? null : takenOf(rows[0], takenBy);
  }

  async settle(delivery: TakenDelivery, result: AttemptResult): Promise<void> {
    const now = new Date(this.#clock.nowMs());
    const { webhookId, eventId } = delivery;
    if (result.kind === "delivered") {
      await this.#database.query(settleDelivered, [webhookId, eventId, now, result.status]);
      return;
    }
    const { failuresMax, giveUpMs, restMsMax, retryMsMax } = this.#settings;
    const backoffMs = retryDelayMs(delivery.attempts + 1, this.#settings, this.#random);
    const askedMs = Math.min(retryMsMax, (result.retryAfterSeconds ?? 0) * 1_000);
    const restMs = retryDelayMs(
      Math.max(1, delivery.failures + 2 - failuresMax),
      { ...this.#settings, retryMsMax: restMsMax },
      this.#random,
    );
    await this.#database.query(settleFailed, [
      webhookId,
      eventId,
      delivery.takenBy,
      now,
      result.status,
      result.reason,
      new Date(now.getTime() + Math.max(backoffMs, askedMs)),
      new Date(now.getTime() - giveUpMs),
      failuresMax,
      new Date(now.getTime() + restMs),
      result.isGone,
      // Whoever tries a webhook out has the answer, and tries again.
      delivery.event.type === "webhookTest",
    ]);
  }

  /** Gives back what was not tried to its end. */
  async release({ webhookId, eventId, takenBy }: TakenDelivery): Promise<void> {
    await this.#database.query(
      `update ${deliveries} set taken_until = null, taken_by = null
       where webhook_id = $1 and event_id = $2 and taken_by = $3`,
      [webhookId, eventId, takenBy],
    );
  }

  /**
   * Ends what waits for a webhook that was disabled, and removes what is old, some of it at a time.
   * Returns whether there may be more.
   */
  async tidy(): Promise<boolean> {
    const now = this.#clock.nowMs();
    const { deliveriesKeptMs, eventsKeptMs } = this.#settings;
    const counts: number[] = [];
    for (const [text, values] of [
      [abandonDeliveries, [new Date(now), tidyRowsMax]],
      [removeDeliveries, [new Date(now - deliveriesKeptMs), tidyRowsMax]],
      [removeEvents, [new Date(now - eventsKeptMs), tidyRowsMax]],
    ] as const) {
      counts.push((await this.#database.query(text, values)).length);
    }
    return counts.some((count) => count === tidyRowsMax);
  }
}

const tidyRowsMax = 1_000;

function takenOf(row: TakenRow, takenBy: string): TakenDelivery {
  return {
    webhookId: row.webhook_id,
    eventId: row.event_id,
    takenBy,
    attempts: row.attempts,
    queuedAt: row.queued_at,
    url: row.url,
    secret: row.secret,
    previousSecret: row.previous_secret,
    failures: row.failures,
    event: {
      type: row.type,
      source: row.source,
      operation: row.operation_id,
      detail: row.detail,
      occurredAt: row.occurred_at,
    },
  };
}

// A weaker lock than FOR UPDATE, so that events can still be written for the webhook meanwhile.
const openWebhooks = `
select webhook.id, case webhook.state when 'active' then webhook.concurrency else 1 end as room
from ${webhooks} webhook
where webhook.state <> 'disabled' and (webhook.rests_until is null or webhook.rests_until <= $1)
  and exists (
    select from ${deliveries} delivery
    where delivery.webhook_id = webhook.id and delivery.state = 'pending' and delivery.due_at <= $1
      and (delivery.taken_until is null or delivery.taken_until <= $1))
order by webhook.served_at
limit $2
for no key update skip locked`;

const takenColumns = `
  delivery.webhook_id, delivery.event_id, delivery.attempts, delivery.queued_at,
  webhook.url, webhook.secret, webhook.failures,
  case when webhook.previous_secret_until > $3 then webhook.previous_secret end as previous_secret,
  event.type, event.source, event.operation_id, event.detail, event.occurred_at`;

/** Rows that are looked at before lanes are walked through instead. */
const windowRows = 200;

const isDue = (row: string) => `${row}.state = 'pending' and ${row}.due_at <= $3
      and (${row}.taken_until is null or ${row}.taken_until <= $3)`;

/** The first delivery of a lane that those behind it wait for. A subquery of its own, so that it is one look into the index. */
const headOf = (webhook: string, lane: string) => `
      select first.event_id, first.position, first.attempts, first.state, first.due_at, first.taken_until
      from ${deliveries} first
      where first.webhook_id = ${webhook} and first.lane = ${lane} and first.state = 'pending'
        and (first.attempts < $4 or first.taken_until > $3)
      order by first.position limit 1`;

// Those with the fewest attempts first. Where many wait behind few lanes, looking at rows would be looking at
// those that wait; then the lanes are gone through, each with one look into the index.
const takeDeliveries = `
with turn as (
  select next.webhook_id, next.event_id
  from unnest($1::uuid[], $2::integer[]) as open (webhook_id, room)
  cross join lateral (
    with recursive due as materialized (
      select delivery.event_id, delivery.lane, delivery.attempts, delivery.position
      from ${deliveries} delivery
      where delivery.webhook_id = open.webhook_id and ${isDue("delivery")}
      order by delivery.attempts, delivery.position limit ${windowRows}
    ), ready as materialized (
      -- In the order in which they were found, and no further than needed.
      select due.event_id, due.attempts, due.position from due
      where due.position <= coalesce((select head.position from (${headOf("open.webhook_id", "due.lane")}) head), due.position)
      limit open.room
    ), lanes (lane) as (
      select min(delivery.lane) from ${deliveries} delivery
      where delivery.webhook_id = open.webhook_id and delivery.state = 'pending'
        and (select count(*) from due) = ${windowRows} and (select count(*) from ready) < open.room
      union all
      select (select min(delivery.lane) from ${deliveries} delivery
        where delivery.webhook_id = open.webhook_id and delivery.state = 'pending' and delivery.lane > lanes.lane)
      from lanes where lanes.lane is not null
    )
    select open.webhook_id, found.event_id from (
      select * from ready
      union
      select head.event_id, head.attempts, head.position
      from lanes cross join lateral (${headOf("open.webhook_id", "lanes.lane")}) head
      where lanes.lane is not null and ${isDue("head")}
    ) found
    order by found.attempts, found.position
    limit greatest(0, open.room - (
      select count(*) from ${deliveries} busy
      where busy.webhook_id = open.webhook_id and busy.state = 'pending' and busy.taken_until > $3))
  ) next
  limit $5
), locked as (
  -- Whoever holds one of them is about to change it: leave it to the next time.
  select delivery.webhook_id, delivery.event_id from ${deliveries} delivery
  where (delivery.webhook_id, delivery.event_id) in (select webhook_id, event_id from turn) and ${isDue("delivery")}
  for update skip locked
)
update ${deliveries} delivery set taken_until = $6, taken_by = $7
from locked, ${webhooks} webhook, ${platformSchema}.events event
where delivery.webhook_id = locked.webhook_id and delivery.event_id = locked.event_id
  and webhook.id = delivery.webhook_id and event.id = delivery.event_id
returning ${takenColumns}`;

const takeOneDelivery = `
update ${deliveries} delivery set taken_until = $4, taken_by = $5
from ${webhooks} webhook, ${platformSchema}.events event
where delivery.webhook_id = $1 and delivery.event_id = $2 and delivery.state = 'pending'
  and (delivery.taken_until is null or delivery.taken_until <= $3)
  and webhook.id = delivery.webhook_id and event.id = delivery.event_id
returning ${takenColumns}`;

// What the receiver has acknowledged is delivered, whoever holds the delivery by now.
const settleDelivered = `
with settled as (
  update ${deliveries} set state = 'delivered', attempts = attempts + 1, last_attempt_at = $3, last_status = $4,
    last_error = null, ended_at = $3, taken_until = null, taken_by = null
  where webhook_id = $1 and event_id = $2 and state = 'pending'
)
update ${webhooks} set state = 'active', failures = 0, failing_since = null, rests_until = null, last_error = null,
  last_delivered_at = $3
where id = $1`;

const settleFailed = `
with settled as (
  update ${deliveries} set attempts = attempts + 1, last_attempt_at = $4, last_status = $5, last_error = $6,
    due_at = $7, taken_until = null, taken_by = null,
    state = case when $12 or queued_at <= $8 then 'failed' else 'pending' end,
    ended_at = case when $12 or queued_at <= $8 then $4::timestamptz end
  where webhook_id = $1 and event_id = $2 and taken_by = $3 and state = 'pending'
  returning webhook_id
)
update ${webhooks} set failures = failures + 1, last_error = $6,
  state = case
    when state = 'disabled' or $11 or failing_since <= $8 then 'disabled'
    when failures + 1 >= $9 then 'failing' else state end,
  failing_since = case when $11 or failures + 1 >= $9 then coalesce(failing_since, $4) else failing_since end,
  rests_until = case when failures + 1 >= $9 then $10::timestamptz end
where id in (select webhook_id from settled)`;

const abandonDeliveries = `
update ${deliveries} set state = 'failed', ended_at = $1, last_error = 'the webhook was disabled'
where (webhook_id, event_id) in (
  select delivery.webhook_id, delivery.event_id
  from ${webhooks} webhook join ${deliveries} delivery
    on delivery.webhook_id = webhook.id and delivery.state = 'pending' and delivery.taken_until is null
  where webhook.state = 'disabled'
  limit $2 for update of delivery skip locked)
returning 1`;

const removeDeliveries = `
delete from ${deliveries} where (webhook_id, event_id) in (
  select webhook_id, event_id from ${deliveries} where state <> 'pending' and ended_at < $1
  limit $2 for update skip locked)
returning 1`;

const removeEvents = `
delete from ${platformSchema}.events where id in (
  select id from ${platformSchema}.events event where occurred_at < $1
    and not exists (select from ${deliveries} delivery where delivery.event_id = event.id)
  limit $2)
returning 1`;
