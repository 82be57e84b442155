import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  webhookDeliverySchema,
  webhookSchema,
  webhookWithSecretSchema,
} from "../../src/control/webhooks/webhook-schema.ts";
import { keepLifecycleEvent } from "../../src/events/keep-lifecycle-event.ts";
import { systemClock, systemRandom } from "@tenantry/base";
import { eventually } from "../events/event-platform.ts";
import { type Answering, type Receiver, startReceiver } from "../events/receiver.ts";
import { type Answer, ask, type Ask, faultOfProblem } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";

let server: TestRuntime;
let token: string;
const receivers: Receiver[] = [];
beforeAll(async () => {
  server = await startTestRuntime({ webhooks: { allowLoopback: true, pollMs: 20, webhooksMax: 30 } });
  token = await server.controlToken();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const receiver of receivers) await receiver[Symbol.asyncDispose]();
});

const path = "/control/v1/webhooks";
const call = (at: string, options: Ask = {}) => ask(server.controlPort, at, { token, ...options });
const post = (at: string, body?: unknown) =>
  call(at, { method: "POST", ...(body === undefined ? {} : { body }) });
async function receive(answering?: Answering): Promise<Receiver> {
  const receiver = await startReceiver(answering);
  receivers.push(receiver);
  return receiver;
}
async function add(url: string, more: object = {}): Promise<{ id: string; secret: string }> {
  const answer = await post(path, { url, ...more });
  expect([answer.status, answer.json?.errors]).toEqual([201, undefined]);
  return answer.json as { id: string; secret: string };
}
function expectProblem(answer: Answer, code: string): void {
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe(code);
}
const keep = (detail: Record<string, string> = {}) =>
  server.database.control.transact((client) =>
    keepLifecycleEvent(
      client,
      { type: "deactivateSuccess", tenant: "acme-corp" as never, operation: null, detail },
      { clock: systemClock, random: systemRandom },
    ),
  );

test("a webhook is added with its secret, which is shown this once", async () => {
  const made = await post(path, { url: "https://hooks.example.com/a", description: "Billing" });
  expect(made.status).toBe(201);
  expect(made.headers["location"]).toBe(`${path}/${made.json.id}`);
  const { secret, ...webhook } = webhookWithSecretSchema.parse(made.json);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(webhook).toMatchObject({ state: "active", types: [], concurrency: 2, createdBy: "ada@example.com" });
  const read = await call(`${path}/${webhook.id}`);
  expect([read.status, webhookSchema.parse(read.json)]).toEqual([200, webhook]);
  const { json: page } = await call(path);
  expect(page.items).toContainEqual(webhook);
  const stored = await server.database.control.query<{ text: string; bytes: string }>(
    `select webhook::text as text, encode(secret, 'hex') as bytes from tenantry.webhooks webhook where id = $1`,
    [webhook.id],
  );
  const [row] = stored;
  expect(row?.bytes.length).toBeGreaterThan(64);
  // Neither as text nor as what the text stands for.
  expect(row?.text).not.toContain(secret);
  expect(row?.bytes).not.toContain(Buffer.from(secret).toString("hex"));
  expect(row?.bytes).not.toContain(Buffer.from(secret.slice(6), "base64").toString("hex"));
  expect((await call(`${path}/${webhook.id}`, { method: "DELETE" })).status).toBe(204);
  expectProblem(await call(`${path}/${webhook.id}`), "WEBHOOK_NOT_FOUND");
  expectProblem(await call(`${path}/${webhook.id}`, { method: "DELETE" }), "WEBHOOK_NOT_FOUND");
});

test.each([
  [{}, "/url"],
  [{ url: "http://hooks.example.com/" }, "/url"],
  [{ url: "https://10.0.0.1/" }, "/url"],
  [{ url: "https://ada:pass@example.com/" }, "/url"],
  [{ url: 7 }, "/url"],
  [{ url: "https://example.com/", types: ["tenantMoved"] }, "/types/0"],
  [{ url: "https://example.com/", types: ["onboardingSuccess", "onboardingSuccess"] }, "/types"],
  [{ url: "https://example.com/", types: ["webhookTest"] }, "/types/0"],
  [{ url: "https://example.com/", concurrency: 5 }, "/concurrency"],
  [{ url: "https://example.com/", concurrency: 1.5 }, "/concurrency"],
  [{ url: "https://example.com/", description: "x".repeat(201) }, "/description"],
  [{ url: "https://example.com/", secret: "mine" }, "/secret"],
])("%j is refused at %s", async (body, pointer) => {
  const answer = await post(path, body);
  expectProblem(answer, "INVALID_BODY");
  expect(answer.json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
});

test("an event arrives signed, and its delivery is listed", async () => {
  const receiver = await receive();
  const { id, secret } = await add(receiver.url, { types: ["deactivateSuccess"] });
  await keep({ tier: "pool" });
  await receiver.until(1);
  const [message] = receiver.received;
  expect(new Webhook(secret).verify(message?.body ?? "", { ...message?.headers })).toMatchObject({
    type: "deactivateSuccess",
    data: { tenantId: "acme-corp", tier: "pool" },
  });
  await eventually(
    async () => (await call(`${path}/${id}/deliveries?state=delivered`)).json.items.length === 1,
  );
  const { json: page } = await call(`${path}/${id}/deliveries`);
  expect(z.array(webhookDeliverySchema).parse(page.items)).toMatchObject([
    { id: message?.id, eventType: "deactivateSuccess", tenant: "acme-corp", state: "delivered", attempts: 1 },
  ]);
  expect((await call(`${path}/${id}/deliveries?state=failed`)).json.items).toEqual([]);
});

describe("a test", () => {
  test("says what the receiver answered, and comes to this webhook alone", async () => {
    const receiver = await receive();
    const other = await receive();
    const { id } = await add(receiver.url, { types: ["exportSuccess"] });
    await add(other.url);
    const answer = await post(`${path}/${id}/test`);
    expect([answer.status, webhookDeliverySchema.parse(answer.json)]).toMatchObject([
      200,
      { eventType: "webhookTest", state: "delivered", lastStatus: 204, tenant: null },
    ]);
    expect(receiver.received.map(({ json }) => json)).toMatchObject([
      { id: answer.json.id, type: "webhookTest", data: { webhookId: id } },
    ]);
    expect(other.received).toHaveLength(0);
  });

  test("that fails says why and is not repeated", async () => {
    const receiver = await receive(() => 401);
    const { id } = await add(receiver.url, { types: ["exportSuccess"] });
    expect((await post(`${path}/${id}/test`)).json).toMatchObject({
      state: "failed",
      lastStatus: 401,
      lastError: "it answered 401",
      nextAttemptAt: null,
    });
    expect((await call(`${path}/${id}`)).json).toMatchObject({ failures: 1, lastError: "it answered 401" });
  });

  test("that succeeds makes a disabled webhook active again", async () => {
    const receiver = await receive(() => 410);
    const { id } = await add(receiver.url, { types: ["exportSuccess"] });
    const { json: failed } = await post(`${path}/${id}/test`);
    expect((await call(`${path}/${id}`)).json).toMatchObject({
      state: "disabled",
      lastError: "it answered 410",
    });
    expectProblem(await post(`${path}/${id}/deliveries/${failed.id}/redeliver`), "WEBHOOK_DISABLED");
    receiver.answering = () => 200;
    await post(`${path}/${id}/test`);
    expect((await call(`${path}/${id}`)).json).toMatchObject({ state: "active", lastError: null });
    expect((await post(`${path}/${id}/deliveries/${failed.id}/redeliver`)).status).toBe(202);
    await receiver.until(3);
  });
});

test("a delivery is sent again on request, under the same id", async () => {
  const receiver = await receive();
  const { id } = await add(receiver.url, { types: ["deactivateSuccess"] });
  await keep();
  await receiver.until(1);
  const deliveryId = receiver.received[0]?.id;
  await eventually(
    async () => (await call(`${path}/${id}/deliveries?state=delivered`)).json.items.length === 1,
  );
  const again = await post(`${path}/${id}/deliveries/${deliveryId}/redeliver`);
  expect([again.status, again.json]).toMatchObject([202, { id: deliveryId, state: "pending", attempts: 0 }]);
  await receiver.until(2);
  expect(receiver.received[1]?.id).toBe(deliveryId);
  expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  const nothing = "018f0000-0000-7000-8000-000000000000";
  expectProblem(await post(`${path}/${id}/deliveries/${nothing}/redeliver`), "DELIVERY_NOT_FOUND");
  expectProblem(await post(`${path}/${nothing}/deliveries/${deliveryId}/redeliver`), "WEBHOOK_NOT_FOUND");
  expectProblem(await call(`${path}/${nothing}/deliveries`), "WEBHOOK_NOT_FOUND");
  // A delivery of one webhook is not reached through another.
  const { id: other } = await add(receiver.url, { types: ["exportSuccess"] });
  expectProblem(await post(`${path}/${other}/deliveries/${deliveryId}/redeliver`), "DELIVERY_NOT_FOUND");
});

test("a new secret signs beside the previous one", async () => {
  const receiver = await receive();
  const { id, secret: before } = await add(receiver.url, { types: ["exportSuccess"] });
  const rotated = await post(`${path}/${id}/rotate-secret`);
  const { secret: after, previousSecretUntil: until } = webhookWithSecretSchema.parse(rotated.json);
  expect([rotated.status, after === before]).toEqual([200, false]);
  const hours = (Date.parse(until ?? "") - systemClock.nowMs()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  await post(`${path}/${id}/test`);
  const [message] = receiver.received;
  for (const secret of [before, after])
    expect(() => new Webhook(secret).verify(message?.body ?? "", { ...message?.headers })).not.toThrow();
  expectProblem(
    await post(`${path}/018f0000-0000-7000-8000-000000000000/rotate-secret`),
    "WEBHOOK_NOT_FOUND",
  );
});

test("what an operator does to webhooks is audited, without secrets", async () => {
  const { id, secret } = await add("http://127.0.0.1:9/audited", { types: ["exportSuccess"] });
  await post(`${path}/${id}/test`);
  const { json: rotated } = await post(`${path}/${id}/rotate-secret`);
  await call(`${path}/${id}`, { method: "DELETE" });
  const { json: page, body } = await call(`/control/v1/audit-events?target=${id}`);
  expect(page.items.map((event: { action: string }) => event.action)).toEqual([
    "webhook.deleted",
    "webhook.secret-rotated",
    "webhook.tested",
    "webhook.created",
  ]);
  expect(page.items[3]).toMatchObject({
    actorKind: "operator",
    actor: "ada@example.com",
    tenant: null,
    details: { url: "http://127.0.0.1:9/audited" },
  });
  expect(body).not.toContain(secret);
  expect(body).not.toContain(rotated.secret);
});

test("an auditor reads and changes nothing; the secret is nobody's to read", async () => {
  const auditor = await server.controlToken("auditor");
  const { id, secret } = await add("https://hooks.example.com/b", { types: ["exportSuccess"] });
  const read = await call(`${path}/${id}`, { token: auditor });
  expect(read.status).toBe(200);
  expect(read.body).not.toContain(secret);
  for (const [method, at] of [
    ["POST", path],
    ["POST", `${path}/${id}/test`],
    ["POST", `${path}/${id}/rotate-secret`],
    ["DELETE", `${path}/${id}`],
  ] as const) {
    const body = at === path ? { url: "https://hooks.example.com/" } : undefined;
    const request = { method, token: auditor, ...(body === undefined ? {} : { body }) };
    expectProblem(await call(at, request), "PERMISSION_MISSING");
  }
});

test("there are only so many webhooks, also when they are added at the same time", async () => {
  const answers = await Promise.all(
    Array.from({ length: 35 }, () =>
      post(path, { url: "https://hooks.example.com/", types: ["exportSuccess"] }),
    ),
  );
  for (const answer of answers.filter(({ status }) => status !== 201))
    expectProblem(answer, "TOO_MANY_WEBHOOKS");
  const counted = await server.database.control.query("select from tenantry.webhooks");
  expect(counted).toHaveLength(30);
  const first = await call(`${path}?limit=20`);
  const second = await call(`${path}?limit=20&cursor=${first.json.nextCursor}`);
  expect([first.json.items.length, second.json.items.length, second.json.nextCursor]).toEqual([20, 10, null]);
});
