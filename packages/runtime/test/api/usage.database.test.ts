import http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { usageReportSchema } from "../../src/api/usage/usage-schema.ts";
import { readTenantUsage } from "../../src/usage/read-usage.ts";
import { ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { expectProblem, type TenantClient, tenantClient, tenantNamed } from "./tenant-client.ts";

let server: TestRuntime;
let service: http.Server;
beforeAll(async () => {
  service = http.createServer((_request, response) => response.end("x".repeat(5_000)));
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as { port: number };
  server = await startTestRuntime({ upstreams: { shop: { url: `http://127.0.0.1:${port}` } } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await new Promise((resolve) => service.close(resolve));
});

const today = () => new Date().toISOString().slice(0, 10);
async function totals(client: TenantClient) {
  const { status, json } = await client("/v2/usage");
  expect(status).toBe(200);
  return usageReportSchema.parse(json).totals;
}

describe.each(["v1", "v2"])("in %s", (version) => {
  test("the report has each day that has begun, and the totals", async () => {
    const client = await tenantClient(server, "initech-llc");
    const { json } = await client(`/${version}/usage?from=2026-01-30&to=2026-02-02`);
    const report = usageReportSchema.parse(json);
    expect([report.from, report.to]).toEqual(["2026-01-30", "2026-02-02"]);
    expect(report.days.map(({ day }) => day)).toEqual([
      "2026-01-30",
      "2026-01-31",
      "2026-02-01",
      "2026-02-02",
    ]);
    const usual = usageReportSchema.parse((await client(`/${version}/usage`)).json);
    expect(usual.days).toHaveLength(30);
    expect(usual.days.at(-1)?.day).toBe(today());
    // Of days to come nothing can be said.
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const open = usageReportSchema.parse(
      (await client(`/${version}/usage?from=${today()}&to=${tomorrow}`)).json,
    );
    expect([open.to, open.days.map(({ day }) => day)]).toEqual([tomorrow, [today()]]);
    const future = usageReportSchema.parse((await client(`/${version}/usage?from=${tomorrow}`)).json);
    expect([future.from, future.to, future.days]).toEqual([tomorrow, tomorrow, []]);
  });

  test("days that make no sense are refused", async () => {
    const client = await tenantClient(server, "initech-llc");
    const queries = [
      "from=2026-02-30",
      "from=2026-1-1",
      "from=now",
      "from=2026-02-02&to=2026-02-01",
      "from=2024-01-01&to=2026-01-01",
      "day=2026-01-01",
    ];
    for (const query of queries)
      expectProblem(await client(`/${version}/usage?${query}`), "INVALID_PARAMETER");
  });
});

test("what a tenant asks is counted at once, exactly, and as its own", async () => {
  const [acme, globex] = [await tenantClient(server, "acme-corp"), await tenantClient(server, "globex-inc")];
  const before = { acme: await totals(acme), globex: await totals(globex) };
  const sent = "y".repeat(20_000);
  for (let count = 0; count < 5; count += 1) {
    await acme("/v2/documents/notes", { method: "POST", body: { body: { sent } } });
  }
  const after = await totals(acme);
  // The request that reads is counted after it is answered; the one before is in it.
  expect(after.requests - before.acme.requests).toBe(6);
  expect(after.bytesIn - before.acme.bytesIn).toBeGreaterThan(100_000);
  expect(after.bytesIn - before.acme.bytesIn).toBeLessThan(110_000);
  expect(after.bytesOut - before.acme.bytesOut).toBeGreaterThan(100_000);
  expect((await totals(globex)).requests - before.globex.requests).toBe(1);
});

test("services' requests are the tenant's, strangers' at the API are nobody's", async () => {
  const globex = await tenantClient(server, "globex-inc");
  const before = await totals(globex);
  const host = "globex-inc.localhost";
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let count = 0; count < 4; count += 1) {
    const token = await server.token("globex-inc");
    expect((await ask(server.gatewayPort, "/shop/things", { host, agent, token })).status).toBe(200);
  }
  for (const path of ["/v2/documents/notes", "/v2/nothing", "/v2/openapi.json", "/health/live"]) {
    await ask(server.gatewayPort, path, { host, agent, token: "nonsense" });
  }
  // Another tenant's request over the same connection counts its own bytes only.
  const acme = await tenantClient(server, "acme-corp");
  await acme("/v2/tenant", { agent });
  agent.destroy();
  const token = await server.token("globex-inc");
  expect((await ask(server.gatewayPort, "/gone", { host, token })).status).toBe(503);
  const after = await totals(globex);
  expect(after.serviceRequests - before.serviceRequests).toBe(5);
  expect(after.requests - before.requests).toBe(6);
  expect(after.errors - before.errors).toBe(1);
  expect(after.bytesOut - before.bytesOut).toBeGreaterThan(20_000);
  expect(after.bytesOut - before.bytesOut).toBeLessThan(40_000);
});

test("what the limits refuse is counted apart", async () => {
  await using limited = await startTestRuntime({}, { limits: { requestsPerMinute: 60, burst: 5 } });
  const client = await tenantClient(limited, "acme-corp");
  const answers = await Promise.all(Array.from({ length: 20 }, () => client("/v2/tenant")));
  const refused = answers.filter(({ status }) => status === 429).length;
  expect(refused).toBeGreaterThan(10);
  await limited.runtime.drain();
  const tenant = await tenantNamed(limited, "acme-corp");
  const period = { from: today(), to: today() };
  const { totals } = await readTenantUsage(limited.database.store, tenant, period, {});
  expect([totals.refusedRequests, totals.requests]).toEqual([refused, 20 - refused]);
});

test("a runtime that ends leaves nothing uncounted", async () => {
  const another = await server.startAnother({});
  const token = await server.token("globex-inc");
  const globex = await tenantClient(server, "globex-inc");
  const before = await totals(globex);
  const port = Number(new URL(another.gatewayUrl).port);
  for (let count = 0; count < 9; count += 1) {
    await ask(port, "/v2/tenant", { host: "globex-inc.localhost", token });
  }
  await another.drain();
  expect((await totals(globex)).requests - before.requests).toBe(10);
});
