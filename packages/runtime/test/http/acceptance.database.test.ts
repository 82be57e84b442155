import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, faultOfProblem } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let it: TestRuntime;
beforeAll(async () => {
  it = await startTestRuntime();
});
afterAll(() => it[Symbol.asyncDispose]());

test("without a token 401, with one 200, at another tenant refused, at an unknown host Invalid tenant", async () => {
  const { gatewayPort } = it;
  const token = await it.token("acme-corp");

  const missing = await ask(gatewayPort, "/v2/tenant");
  expect(missing.status).toBe(401);
  expect(faultOfProblem(missing)).toBeNull();
  expect(missing.json.code).toBe("TOKEN_MISSING");
  expect(missing.headers["www-authenticate"]).toBe('Bearer realm="tenantry"');

  const good = await ask(gatewayPort, "/v2/tenant", { token });
  expect(good.status).toBe(200);
  expect(good.json).toMatchObject({ id: "acme-corp", tier: "pool", isolation: "pool", status: "active" });

  const foreign = await ask(gatewayPort, "/v2/tenant", { token, host: "globex-inc.localhost" });
  expect(foreign.status).toBe(403);
  expect(foreign.json.code).toBe("TOKEN_FOR_ANOTHER_TENANT");

  const unknown = await ask(gatewayPort, "/v2/tenant", { token, host: "umbrella-co.localhost" });
  expect(unknown.status).toBe(404);
  expect(unknown.json).toMatchObject({
    title: "Invalid tenant",
    type: "urn:tenantry:problem:invalid-tenant",
  });
});

test("a tenant that is added answers on its host at once", async () => {
  const { gatewayPort, controlPort } = it;
  const host = "umbrella-co.localhost";
  const token = await it.token("umbrella-co");
  expect((await ask(gatewayPort, "/v2/tenant", { token, host })).status).toBe(404);
  const operator = await it.controlToken();
  const added = await ask(controlPort, "/control/v1/tenants", {
    method: "POST",
    token: operator,
    body: { id: "umbrella-co" },
  });
  expect(added.status).toBe(201);
  await expect
    .poll(async () => (await ask(gatewayPort, "/v2/tenant", { token, host })).status, { timeout: 2_000 })
    .toBe(200);
});
