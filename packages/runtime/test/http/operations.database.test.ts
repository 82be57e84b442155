import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, type Ask } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

// Goal: what an operator does to tenants through the control plane, as an operator meets it. What
// happens inside, and when a process dies in the middle, is tested in test/operations.

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime({}, { services: "none", operations: "open" });
  token = await server.controlToken();
});
afterAll(() => server[Symbol.asyncDispose]());

const control = (path: string, request: Ask = {}) =>
  ask(server.controlPort, `/control/v1/${path}`, { token, ...request });
const waiting = { headers: { prefer: "wait=20" } };
const post = (path: string, body: object, more: Ask = {}) =>
  control(path, { method: "POST", body, ...waiting, ...more });

async function added(id: string, tier = "pool"): Promise<string> {
  const { status } = await post("tenants", { id, tier });
  expect(status).toBe(201);
  return id;
}

async function statusAtHost(tenant: string): Promise<string> {
  const { status, json } = await ask(server.gatewayPort, "/v2/tenant", {
    host: `${tenant}.localhost`,
    token: await server.token(tenant),
  });
  return status === 200 ? "200" : `${status} ${json.code}`;
}

test("a tenant is suspended and let in again, and its host says so at once", async () => {
  const tenant = await added("suspended-co");
  const suspended = await post(`tenants/${tenant}/suspend`, { reason: "invoice unpaid" });
  expect(suspended.status).toBe(200);
  expect(suspended.json).toMatchObject({
    kind: "suspend",
    state: "succeeded",
    input: { reason: "invoice unpaid" },
    requestedBy: "ada@example.com",
  });
  expect(suspended.headers["location"]).toBe(`/control/v1/operations/${suspended.json.id}`);
  await expect.poll(() => statusAtHost(tenant)).toBe("403 TENANT_SUSPENDED");
  expect((await post(`tenants/${tenant}/suspend`, {})).status).toBe(200);
  expect((await post(`tenants/${tenant}/resume`, {})).status).toBe(200);
  await expect.poll(() => statusAtHost(tenant)).toBe("200");
});

test("without a preference to wait the operation is told at once, and can be followed to its end", async () => {
  const tenant = await added("followed-co");
  const begun = await post(`tenants/${tenant}/move`, { tier: "silo" }, { headers: {} });
  expect([begun.status, begun.json.kind]).toEqual([202, "move"]);
  const events = await control(`operations/${begun.json.id}/events`, { headers: { accept: "*/*" } });
  expect(events.headers["content-type"]).toBe("text/event-stream");
  const strict = { headers: { accept: "text/event-stream" } };
  expect((await control(`operations/${begun.json.id}/events`, strict)).status).toBe(200);
  const changes = [...events.body.matchAll(/^id: (\d+)\nevent: change\ndata: (.*)$/gm)].map(
    ([, id, data]) => [Number(id), JSON.parse(data ?? "") as { state: string }] as const,
  );
  expect(changes.map(([id]) => id)).toEqual(changes.map((_, index) => index + 1));
  expect(changes.at(-1)?.[1].state).toBe("succeeded");
  const rest = await control(`operations/${begun.json.id}/events`, {
    headers: { accept: "*/*", "last-event-id": String(changes.length - 1) },
  });
  expect(rest.body.match(/^id:/gm)).toHaveLength(1);
  expect((await control(`tenants/${tenant}`)).json).toMatchObject({
    tier: "silo",
    isolation: "silo",
    status: "active",
  });
});

test("the same Idempotency-Key finds the same operation, and with something else is refused", async () => {
  const tenant = await added("repeated-co");
  const keyed = { headers: { ...waiting.headers, "idempotency-key": "suspend-once" } };
  const first = await post(`tenants/${tenant}/suspend`, { reason: "one" }, keyed);
  const again = await post(`tenants/${tenant}/suspend`, { reason: "one" }, keyed);
  expect(again.json.id).toBe(first.json.id);
  const other = await post(`tenants/${tenant}/suspend`, { reason: "two" }, keyed);
  expect([other.status, other.json.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
});

test("an export is downloaded, and who did stands in the audit trail", async () => {
  const tenant = await added("exported-co");
  const exported = await post(`tenants/${tenant}/export`, {});
  expect([exported.status, exported.json.state]).toEqual([200, "succeeded"]);
  const content = await control(`exports/${exported.json.id}/content`, { headers: { accept: "*/*" } });
  expect([content.status, content.headers["content-type"]]).toEqual([200, "application/gzip"]);
  expect(content.headers["content-disposition"]).toMatch(/^attachment; filename="?exported-co-/);
  const { json: trail } = await control(`audit-events?tenant=${tenant}`);
  expect(trail.items.map((event: { action: string }) => event.action)).toContain("export.read");
  const auditor = await server.controlToken("auditor");
  expect((await control(`exports/${exported.json.id}/content`, { token: auditor })).status).toBe(403);
});

test("a removal waits for its grace period, can be taken back, and ends in a certificate", async () => {
  const tenant = await added("leaving-co");
  const wrong = await post(`tenants/${tenant}/offboard`, { confirm: "another-co" });
  expect([wrong.status, wrong.json.errors[0].pointer]).toEqual([422, "/confirm"]);
  const leaving = await post(`tenants/${tenant}/offboard`, { confirm: tenant, graceDays: 365 });
  expect([leaving.status, leaving.json.state]).toEqual([202, "waiting"]);
  await expect.poll(() => statusAtHost(tenant)).toBe("410 TENANT_OFFBOARDED");
  const busy = await post(`tenants/${tenant}/move`, { tier: "silo" });
  expect([busy.status, busy.json.code]).toEqual([409, "OPERATION_RUNNING"]);
  const cancelled = await post(`operations/${leaving.json.id}/cancel`, {});
  expect([cancelled.status, cancelled.json.state]).toEqual([200, "cancelled"]);
  await expect.poll(() => statusAtHost(tenant)).toBe("200");
  const late = await post(`operations/${leaving.json.id}/cancel`, {});
  expect([late.status, late.json.code]).toEqual([409, "OPERATION_NOT_CANCELLABLE"]);
  const gone = await post(`tenants/${tenant}/offboard`, { confirm: tenant, graceDays: 1 });
  await expect
    .poll(async () => (await control(`operations/${gone.json.id}`)).json.state, { timeout: 20_000 })
    .toBe("succeeded");
  expect((await control(`tenants/${tenant}`)).status).toBe(404);
  await expect.poll(() => statusAtHost(tenant)).toBe("404 INVALID_TENANT");
  const certificate = await control(`certificates/${tenant}`);
  expect(certificate.status).toBe(200);
  expect(certificate.json.jws.split(".")).toHaveLength(3);
});

test.each([
  ["tenants/nobody-yet/suspend", {}, 404, "TENANT_NOT_FOUND"],
  ["tenants/acme-corp/move", { tier: "gold" }, 422, "INVALID_BODY"],
  ["tenants/acme-corp/move", {}, 422, "INVALID_BODY"],
  ["tenants/acme-corp/offboard", { confirm: "acme-corp", graceDays: 366 }, 422, "INVALID_BODY"],
  ["tenants/acme-corp/offboard", { confirm: "acme-corp", graceDays: 1.5 }, 422, "INVALID_BODY"],
  ["operations/0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37/cancel", {}, 404, "OPERATION_NOT_FOUND"],
])("%s with %j is refused", async (path, body, status, code) => {
  const answer = await post(path, body);
  expect([answer.status, answer.json.code]).toEqual([status, code]);
});

test("as long as operations are not open, they are not ready, and a tenant can be added all the same", async () => {
  const runtime = await server.startAnother({});
  const port = Number(new URL(runtime.controlUrl).port);
  const answer = await ask(port, "/control/v1/tenants/acme-corp/suspend", {
    method: "POST",
    token,
    body: {},
  });
  expect([answer.status, answer.json.code, answer.headers["retry-after"]]).toEqual([503, "NOT_READY", "1"]);
  const made = await ask(port, "/control/v1/tenants", { method: "POST", token, body: { id: "plain-co" } });
  expect(made.status).toBe(201);
  await runtime.drain();
});
