import { ManualClock, type Random, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AttemptResult, DeliveryQueue, type TakenDelivery } from "../../src/events/delivery-queue.ts";
import { retryDelayMs } from "../../src/events/retry-delay.ts";
import { defaultWebhookSettings } from "../../src/events/webhook-settings.ts";
import { acme, createEventPlatform, type EventPlatform, globex } from "./event-platform.ts";

const clock = new ManualClock(Date.UTC(2026, 0, 31));
/** No chance in the pauses: always the longest. */
const steady: Random = { ...systemRandom, unit: () => 0.999_999_999 };

let events: EventPlatform;
let queue: DeliveryQueue;
beforeAll(async () => {
  events = await createEventPlatform("delivery-queue", clock);
  queue = queueOf();
});
afterAll(() => events[Symbol.asyncDispose]());
beforeEach(async () => {
  await events.control.query("delete from tenantry.webhooks");
  await events.control.query("delete from tenantry.events");
});

const queueOf = () =>
  new DeliveryQueue({ database: events.control, settings: defaultWebhookSettings, clock, random: steady });
const delivered: AttemptResult = { kind: "delivered", status: 204 };
const refused: AttemptResult = {
  kind: "failed",
  status: 500,
  reason: "it answered 500",
  retryAfterSeconds: null,
  isGone: false,
};
const url = "https://hooks.example.com/";
const settleAll = async (taken: readonly TakenDelivery[], result: AttemptResult) => {
  for (const delivery of taken) await queue.settle(delivery, result);
};
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe("a delivery that fails", () => {
  test("is tried again after pauses from 5 seconds to 6 hours, for 3 days, and then has failed", async () => {
    const { id } = await events.addWebhook(url);
    await events.keep({});
    const pausesMs: number[] = [];
    for (let attempt = 1; attempt <= 60; attempt += 1) {
      const taken = await queue.take(10);
      expect(taken).toHaveLength(1);
      await settleAll(taken, refused);
      const [row] = await events.deliveries(id);
      if (row?.state === "failed") break;
      const pauseMs = (row?.due_at.getTime() ?? 0) - clock.nowMs();
      pausesMs.push(Math.round(pauseMs / 1_000));
      // Neither the delivery nor the failing webhook is tried before its time.
      clock.advance(pauseMs - 1);
      expect(await queue.take(10)).toHaveLength(0);
      clock.advance(1);
    }
    expect(pausesMs.slice(0, 14)).toEqual([
      5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480, 21_600,
    ]);
    const totalHours = pausesMs.reduce((sum, pause) => sum + pause, 0) / 3_600;
    expect(totalHours).toBeGreaterThanOrEqual(72);
    expect(totalHours).toBeLessThan(72 + 6.1);
    expect(await events.deliveries(id)).toMatchObject([
      { state: "failed", last_status: 500, last_error: "it answered 500", attempts: pausesMs.length + 1 },
    ]);
    expect(await events.webhook(id)).toMatchObject({ state: "disabled", last_error: "it answered 500" });
  });

  test("waits as long as the receiver asks for, within bounds", async () => {
    const { id } = await events.addWebhook(url);
    await events.keep({});
    await settleAll(await queue.take(1), { ...refused, status: 429, retryAfterSeconds: 90 });
    const [row] = await events.deliveries(id);
    expect((row?.due_at.getTime() ?? 0) - clock.nowMs()).toBe(90_000);
    clock.advance(90_000);
    await settleAll(await queue.take(1), { ...refused, status: 429, retryAfterSeconds: 999_999 });
    const [later] = await events.deliveries(id);
    expect((later?.due_at.getTime() ?? 0) - clock.nowMs()).toBe(6 * hourMs);
  });

  test("the pauses are shorter by chance, by half at most", () => {
    const settings = { retryMsMin: 5_000, retryMsMax: 6 * hourMs };
    const pauses = Array.from({ length: 2_000 }, (_, index) =>
      retryDelayMs(1 + (index % 20), settings, systemRandom),
    );
    for (const [index, pauseMs] of pauses.entries()) {
      const longestMs = Math.min(6 * hourMs, 5_000 * 2 ** (index % 20));
      expect(pauseMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(pauseMs).toBeLessThanOrEqual(longestMs);
    }
    expect(new Set(pauses).size).toBeGreaterThan(1_000);
  });
});

describe("a webhook", () => {
  test("that fails five times in a row is failing, has one attempt at a time with pauses, and is active after a success", async () => {
    const { id } = await events.addWebhook(url, { concurrency: 4 });
    for (let n = 0; n < 8; n += 1) await events.keep({ tenant: n % 2 === 0 ? acme : globex });
    // Two lanes, so two at once whatever the webhook allows.
    for (let round = 0; round < 2; round += 1) {
      const taken = await queue.take(10);
      expect(taken).toHaveLength(2);
      await settleAll(taken, refused);
      expect(await events.webhook(id)).toMatchObject({ state: "active" });
      clock.advance(hourMs);
    }
    const [fifth, other] = await queue.take(10);
    await settleAll([fifth as TakenDelivery], refused);
    expect(await events.webhook(id)).toMatchObject({ state: "failing", failures: 5 });
    await queue.release(other as TakenDelivery);
    expect(await queue.take(10)).toHaveLength(0);
    clock.advance(5_000);
    expect(await queue.take(10)).toHaveLength(1);
    // The one that is under way is all that there is.
    expect(await queue.take(10)).toHaveLength(0);
    clock.advance(defaultWebhookSettings.leaseMs);
    const [probe] = await queue.take(10);
    await settleAll([probe as TakenDelivery], delivered);
    expect(await events.webhook(id)).toMatchObject({ state: "active", failures: 0, rests_until: null });
  });

  test("that fails for long is asked every ten minutes at least, so that it recovers soon", async () => {
    const { id } = await events.addWebhook(url);
    await events.control.query(
      "update tenantry.webhooks set state = 'failing', failures = 50, failing_since = $1",
      [new Date(clock.nowMs())],
    );
    await events.keep({});
    await settleAll(await queue.take(1), refused);
    const { rests_until: until } = await events.webhook(id);
    expect((until?.getTime() ?? 0) - clock.nowMs()).toBe(10 * minuteMs);
  });

  test("whose receiver says that it is gone is disabled at once, and what waits for it ends", async () => {
    const { id } = await events.addWebhook(url);
    for (let n = 0; n < 3; n += 1) await events.keep({});
    await settleAll(await queue.take(1), { ...refused, status: 410, isGone: true });
    expect(await events.webhook(id)).toMatchObject({ state: "disabled" });
    clock.advance(hourMs);
    expect(await queue.take(10)).toHaveLength(0);
    await queue.tidy();
    expect((await events.deliveries(id)).map(({ state, last_error: error }) => [state, error])).toEqual(
      Array.from({ length: 3 }, () => ["failed", "the webhook was disabled"]),
    );
    // And it gets no more.
    await events.keep({});
    expect(await events.deliveries(id)).toHaveLength(3);
  });

  test("has as many attempts at once as it may, counted over all processes", async () => {
    await events.addWebhook(url, { concurrency: 3 });
    for (let n = 0; n < 20; n += 1) await events.keep({ tenant: `tenant-${n}` as never });
    const taken = await Promise.all(Array.from({ length: 6 }, () => queueOf().take(32)));
    expect(taken.flat()).toHaveLength(3);
    await settleAll(taken.flat().slice(0, 1), delivered);
    expect(await queue.take(32)).toHaveLength(1);
  });

  test("that waited longest is served first when there is not room for all", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) ids.push((await events.addWebhook(url, { concurrency: 1 })).id);
    for (let n = 0; n < 2; n += 1) await events.keep({});
    const served: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const taken = await queue.take(1);
      served.push(...taken.map(({ webhookId }) => webhookId));
      await settleAll(taken, delivered);
      clock.advance(1);
    }
    expect(served.sort()).toEqual(ids.sort());
  });
});

describe("order", () => {
  test("events of one tenant go out one after the other, those of others meanwhile", async () => {
    await events.addWebhook(url, { concurrency: 4 });
    for (let n = 0; n < 3; n += 1) {
      await events.keep({ tenant: acme, detail: { n } });
      await events.keep({ tenant: globex, detail: { n } });
    }
    const seen: unknown[] = [];
    for (;;) {
      const taken = await queue.take(10);
      if (taken.length === 0) break;
      expect(new Set(taken.map(({ event }) => event.detail["tenantId"])).size).toBe(taken.length);
      seen.push(taken.map(({ event }) => event.detail["n"]));
      await settleAll(taken, delivered);
    }
    expect(seen).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });

  test("an event that fails holds up those behind it for six attempts and no longer", async () => {
    await events.addWebhook(url);
    await events.keep({ detail: { n: 0 } });
    await events.keep({ detail: { n: 1 } });
    const tried: unknown[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      for (const delivery of await queue.take(10)) {
        tried.push(delivery.event.detail["n"]);
        await queue.settle(delivery, delivery.event.detail["n"] === 0 ? refused : delivered);
      }
      clock.advance(hourMs);
    }
    expect(tried).toEqual([0, 0, 0, 0, 0, 0, 1]);
  });
});

test("a tenant with a long line behind an event that fails does not hide the other tenants", async () => {
  const { id } = await events.addWebhook(url, { concurrency: 4 });
  await events.keep({ detail: { n: 0 } });
  await settleAll(await queue.take(10), refused);
  await events.control.query(
    `with kept as (
       insert into tenantry.events (id, type, source, tenant_id, detail, occurred_at)
       select gen_random_uuid(), 'ingestUsage', 'test', $2, '{}', $1 from generate_series(1, 20000) returning *)
     insert into tenantry.webhook_deliveries (webhook_id, event_id, position, lane, due_at, queued_at)
     select $3, id, position, tenant_id, $1, $1 from kept`,
    [new Date(clock.nowMs()), acme, id],
  );
  await events.keep({ tenant: globex, detail: { n: 1 } });
  // Looking for the head of the line once for each that stands in it would take longer than a statement may.
  const taken = await queue.take(10);
  expect(taken.map(({ event }) => event.detail["tenantId"])).toEqual([globex]);
  await settleAll(taken, delivered);
  clock.advance(hourMs);
  const [head, ...others] = await queue.take(10);
  expect([head?.event.detail["n"], others]).toEqual([0, []]);
});

describe("a process that dies", () => {
  test("leaves a lease, and after it another one sends the delivery", async () => {
    const { id } = await events.addWebhook(url);
    await events.keep({});
    const [lost] = await queue.take(1);
    clock.advance(defaultWebhookSettings.leaseMs - 1);
    expect(await queue.take(1)).toHaveLength(0);
    clock.advance(1);
    const [again] = await queue.take(1);
    expect(again?.eventId).toBe(lost?.eventId);
    // The first one was only slow: its failure counts no more, but what was acknowledged stays so.
    await queue.settle(lost as TakenDelivery, refused);
    expect(await events.deliveries(id)).toMatchObject([{ state: "pending", attempts: 0 }]);
    await queue.settle(lost as TakenDelivery, delivered);
    await queue.settle(again as TakenDelivery, refused);
    expect(await events.deliveries(id)).toMatchObject([{ state: "delivered", attempts: 1 }]);
  });
});

test("what is old is removed, what still waits is not", async () => {
  const { id } = await events.addWebhook(url);
  await events.keep({});
  await settleAll(await queue.take(1), delivered);
  await events.keep({});
  const dayMs = 24 * hourMs;
  clock.advance(29 * dayMs);
  await queue.tidy();
  expect(await events.deliveries(id)).toHaveLength(2);
  clock.advance(2 * dayMs);
  await queue.tidy();
  expect(await events.deliveries(id)).toMatchObject([{ state: "pending" }]);
  const count = async () => (await events.control.query("select from tenantry.events")).length;
  expect(await count()).toBe(2);
  clock.advance(400 * dayMs);
  await queue.tidy();
  expect(await count()).toBe(1);
});
