import { systemClock } from "@tenantry/base";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { WebhookDispatcher, WebhookDispatcherState } from "../../src/events/webhook-dispatcher.ts";
import {
  acme,
  createEventPlatform,
  type DispatcherChange,
  eventually,
  type EventPlatform,
} from "./event-platform.ts";
import { type Answering, type Receiver, startReceiver } from "./receiver.ts";

let events: EventPlatform;
beforeAll(async () => {
  events = await createEventPlatform("dispatcher");
});
afterAll(() => events[Symbol.asyncDispose]());
beforeEach(async () => {
  await events.control.query("delete from tenantry.webhooks");
  await events.control.query("delete from tenantry.events");
});

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item[Symbol.asyncDispose]();
});
function start(change: DispatcherChange = {}): WebhookDispatcher {
  const dispatcher = events.dispatcher(change);
  open.push(dispatcher);
  dispatcher.start();
  return dispatcher;
}
async function receive(answering?: Answering): Promise<Receiver> {
  const receiver = await startReceiver(answering);
  open.push(receiver);
  return receiver;
}
const quick = { settings: { retryMsMin: 20, restMsMax: 50 } };
const countOf = async (id: string, state: string) =>
  (await events.deliveries(id)).filter((delivery) => delivery.state === state).length;

/** Meanwhile the control role has no session and gets none. */
async function withoutDatabase(fn: () => Promise<void>): Promise<void> {
  const name = `${events.platform.prefix}_control`;
  await events.platform.asAdmin(async (admin) => {
    await admin.query(`alter role ${name} nologin`);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [name]);
  });
  try {
    await fn();
  } finally {
    await events.platform.asAdmin((admin) => admin.query(`alter role ${name} login`));
  }
}

/** Events of so many tenants, written by the database itself. */
async function keepMany(webhookId: string, count: number, tenants = count): Promise<void> {
  await events.control.query(
    `with kept as (
       insert into tenantry.events (id, type, source, tenant_id, detail, occurred_at)
       select gen_random_uuid(), 'ingestUsage', 'sbt.application.plane', 'tenant-' || n % $2,
         jsonb_build_object('n', n, 'filling', repeat('x', 2000)), $3
       from generate_series(1, $1::integer) n returning *)
     insert into tenantry.webhook_deliveries (webhook_id, event_id, position, lane, due_at, queued_at)
     select $4, id, position, tenant_id, $3, $3 from kept`,
    [count, tenants, new Date(systemClock.nowMs()), webhookId],
  );
}

describe("a message", () => {
  test("is signed as Standard Webhooks says, and holds what an SBT event holds", async () => {
    const receiver = await receive();
    const { secret } = await events.addWebhook(receiver.url);
    await events.keep({ type: "onboardingSuccess", operation: "o-1", detail: { tier: "silo" } });
    start();
    await receiver.until(1);
    const [message] = receiver.received;
    expect(new Webhook(secret).verify(message?.body ?? "", { ...message?.headers })).toEqual(message?.json);
    expect(message?.json).toEqual({
      id: message?.id,
      type: "onboardingSuccess",
      detailType: "sbt_aws_onboardingSuccess",
      source: "sbt.application.plane",
      timestamp: expect.stringMatching(/^20\d\d-.*Z$/) as unknown,
      operationId: "o-1",
      data: { tenantId: acme, tier: "silo" },
    });
    expect(message?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "Tenantry-Webhooks",
      "content-length": String(Buffer.byteLength(message?.body ?? "")),
    });
    // The checker can fail: another body, another id, another secret.
    const other = await events.addWebhook(receiver.url);
    const verify = (key: string, body: string, headers: Record<string, string>) => () =>
      new Webhook(key).verify(body, headers);
    expect(verify(other.secret, message?.body ?? "", { ...message?.headers })).toThrow(
      "No matching signature",
    );
    expect(verify(secret, `${message?.body} `, { ...message?.headers })).toThrow("No matching signature");
    expect(verify(secret, message?.body ?? "", { ...message?.headers, "webhook-id": "x" })).toThrow(
      "No matching signature",
    );
  });

  test("is signed with both secrets while one replaces the other, and with the new one afterwards", async () => {
    const { secretBox } = events.database;
    const receiver = await receive();
    const { id, secret: before } = await events.addWebhook(receiver.url);
    const after = "whsec_bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE=";
    const rotate = (until: Date) =>
      events.control.query(
        "update tenantry.webhooks set secret = $2, previous_secret = $3, previous_secret_until = $4 where id = $1",
        [id, secretBox.close(id, after), secretBox.close(id, before), until],
      );
    await rotate(new Date(systemClock.nowMs() + 60_000));
    await events.keep({});
    start();
    await receiver.until(1);
    const [during] = receiver.received;
    for (const secret of [before, after])
      expect(() => new Webhook(secret).verify(during?.body ?? "", { ...during?.headers })).not.toThrow();
    await rotate(new Date(systemClock.nowMs() - 1));
    await events.keep({});
    await receiver.until(2);
    const later = receiver.received[1];
    expect(() => new Webhook(after).verify(later?.body ?? "", { ...later?.headers })).not.toThrow();
    expect(() => new Webhook(before).verify(later?.body ?? "", { ...later?.headers })).toThrow(
      "No matching signature",
    );
  });

  test("that failed comes again under the same id with the same body, signed anew", async () => {
    let count = 0;
    const receiver = await receive(() => (++count < 4 ? 500 : 200));
    const { id, secret } = await events.addWebhook(receiver.url);
    await events.keep({});
    start(quick);
    await eventually(async () => (await countOf(id, "delivered")) === 1);
    expect(receiver.received).toHaveLength(4);
    expect(new Set(receiver.received.map((message) => message.id)).size).toBe(1);
    expect(new Set(receiver.received.map((message) => message.body)).size).toBe(1);
    for (const { body, headers } of receiver.received)
      expect(() => new Webhook(secret).verify(body, { ...headers })).not.toThrow();
    expect(await events.deliveries(id)).toMatchObject([{ attempts: 4, last_status: 200, last_error: null }]);
  });

  test("is not sent when its secret cannot be read, and the webhook says so", async () => {
    const receiver = await receive();
    const { id } = await events.addWebhook(receiver.url);
    const { secret: foreign } = await events.addWebhook("https://hooks.example.com/", {
      types: ["exportRequest"],
    });
    // Closed under the name of another webhook: one row cannot lend another its secret.
    await events.control.query("update tenantry.webhooks set secret = $2 where id = $1", [
      id,
      events.database.secretBox.close("another", foreign),
    ]);
    await events.keep({});
    start(quick);
    await eventually(async () => (await events.webhook(id)).state === "failing");
    expect((await events.webhook(id)).last_error).toBe("its secret cannot be read any more; rotate it");
    expect(receiver.received).toHaveLength(0);
  });
});

test("two processes over one database deliver each event once", async () => {
  const receiver = await receive();
  const { id } = await events.addWebhook(receiver.url, { concurrency: 4 });
  await keepMany(id, 400);
  start();
  start();
  await eventually(async () => (await countOf(id, "delivered")) === 400);
  const ids = receiver.received.map((message) => message.id);
  expect([ids.length, new Set(ids).size]).toEqual([400, 400]);
  expect(receiver.openMax).toBeLessThanOrEqual(4);
});

test("the events of one tenant arrive in their order, though several attempts are open", async () => {
  const receiver = await receive();
  const { id } = await events.addWebhook(receiver.url, { concurrency: 4 });
  await keepMany(id, 60, 3);
  start();
  start();
  await eventually(async () => (await countOf(id, "delivered")) === 60);
  for (const tenant of ["tenant-0", "tenant-1", "tenant-2"]) {
    const numbers = receiver.received
      .filter(({ json }) => (json.data.n ?? -1) % 3 === Number(tenant.slice(-1)))
      .map(({ json }) => json.data.n as number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers).toHaveLength(20);
  }
});

describe("a receiver that is dead", () => {
  test("does not hold up the others", async () => {
    const alive = await receive();
    const { id } = await events.addWebhook(alive.url);
    const dead: Receiver[] = [];
    for (let n = 0; n < 8; n += 1) {
      // They accept and never answer, which costs the most.
      const one = await receive(() => null);
      dead.push(one);
      const webhook = await events.addWebhook(one.url, { concurrency: 4 });
      await keepMany(webhook.id, 50);
    }
    await keepMany(id, 200);
    const dispatcher = start({ settings: { attemptTimeoutMs: 300, attemptsInFlightMax: 16 } });
    await alive.until(200);
    const attempts = dead.map(({ received }) => received.length);
    await dispatcher.stop(0);
    expect(new Set(alive.received.map((message) => message.id)).size).toBe(200);
    // Each takes a place until it has failed five times with four at once, and then, ever more rarely, one place; that all of
    // their 50 events had been tried would mean that the others waited for them.
    for (const count of attempts) expect(count).toBeLessThanOrEqual(5 + 4 + 4);
    expect(Math.max(...attempts)).toBeGreaterThan(0);
  });

  test("gets its events when it is back", async () => {
    const receiver = await receive(() => 503);
    const { id } = await events.addWebhook(receiver.url);
    await keepMany(id, 20);
    start(quick);
    await eventually(async () => (await events.webhook(id)).state === "failing");
    receiver.answering = () => 200;
    await eventually(async () => (await countOf(id, "delivered")) === 20);
    expect(await events.webhook(id)).toMatchObject({ state: "active", last_error: null });
  });
});

test("ten thousand deliveries that wait are not in memory", { timeout: 60_000 }, async () => {
  // Each answer takes a while, so that what would be read ahead would stay.
  const receiver = await receive((_received, response) => {
    setTimeout(() => response.writeHead(204).end(), 5);
    return null;
  });
  const { id } = await events.addWebhook(receiver.url, { concurrency: 4 });
  await keepMany(id, 10_000);
  globalThis.gc?.();
  const beforeBytes = process.memoryUsage().heapUsed;
  start();
  let mostBytes = 0;
  const counted = 500;
  for (let n = 1; n <= counted; n += 50) {
    await receiver.until(n);
    globalThis.gc?.();
    mostBytes = Math.max(mostBytes, process.memoryUsage().heapUsed - beforeBytes);
  }
  // Ten thousand bodies alone would be 20 MiB of text, and more as objects.
  const open = await events.control.query(
    "select from tenantry.webhook_deliveries where webhook_id = $1 and taken_until is not null",
    [id],
  );
  expect(open.length).toBeLessThanOrEqual(4);
  expect(receiver.openMax).toBeLessThanOrEqual(4);
  expect(mostBytes).toBeLessThan(64 * 1_048_576);
});

test("stopping lets an attempt end; one that takes too long is given back", async () => {
  const gate = Promise.withResolvers<void>();
  const receiver = await receive((_received, response) => {
    void gate.promise.then(() => response.writeHead(204).end());
    return null;
  });
  const { id } = await events.addWebhook(receiver.url);
  await events.keep({});
  const first = start();
  await receiver.until(1);
  const stopped = first.stop(5_000);
  gate.resolve();
  await stopped;
  expect(await events.deliveries(id)).toMatchObject([{ state: "delivered" }]);

  receiver.answering = () => null;
  await events.keep({});
  const second = start();
  await receiver.until(2);
  await second.stop(20);
  const [, given] = await events.deliveries(id);
  expect(given).toMatchObject({ state: "pending", attempts: 0, taken_until: null });
});

test("what a receiver acknowledged while the database is away is not sent again", async () => {
  const gate = Promise.withResolvers<void>();
  const receiver = await receive((_received, response) => {
    void gate.promise.then(() => response.writeHead(204).end());
    return null;
  });
  const { id } = await events.addWebhook(receiver.url, { concurrency: 1 });
  await events.keep({});
  // With a lease this long, a result that is forgotten would hold up the webhook beyond this test.
  start({ settings: { leaseMs: 600_000 } });
  await receiver.until(1);
  await withoutDatabase(async () => {
    gate.resolve();
    await systemClock.sleep(100);
  });
  await eventually(async () => (await countOf(id, "delivered")) === 1);
  expect(receiver.received).toHaveLength(1);
});

test("a database that is away is reported once, and deliveries go on when it is back", async () => {
  const receiver = await receive();
  await events.addWebhook(receiver.url);
  const states: WebhookDispatcherState[] = [];
  start({ onState: (state) => states.push(state) });
  await withoutDatabase(() => eventually(() => states.length > 0));
  await events.keep({});
  await receiver.until(1);
  await eventually(() => states.length > 1);
  expect(states.map(({ state }) => state)).toEqual(["away", "delivering"]);
});
