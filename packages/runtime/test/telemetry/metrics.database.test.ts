import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { ManualClock, systemClock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProblemError } from "../../src/http/problems.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { observeStore } from "../../src/telemetry/observed-store.ts";
import { type Answer, ask, faultOfProblem } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { type Family, parseExposition, valueOf } from "./strict-exposition.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

async function scrape(port = server.controlPort): Promise<ReadonlyMap<string, Family>> {
  const answer = await ask(port, "/metrics", { host: "localhost" });
  expect(answer.status).toBe(200);
  return parseExposition(answer.body);
}

const requests = "tenantry_http_requests_total";
const document = "/v2/documents/:collection/:id";

/** The log is written after the answer, so a count may come a moment later. */
async function scrapeUntil(
  holds: (families: ReadonlyMap<string, Family>) => boolean,
): Promise<ReadonlyMap<string, Family>> {
  for (let attempt = 0; ; attempt += 1) {
    const families = await scrape();
    if (holds(families) || attempt === 50) return families;
    await systemClock.sleep(10);
  }
}

test("S2.07: rate, errors and duration are told by route and by tenant", async () => {
  const before = await scrape();
  const token = await server.token("globex-inc");
  const host = "globex-inc.localhost";
  const id = "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37";
  for (let time = 0; time < 5; time += 1) {
    await ask(server.gatewayPort, `/v2/documents/notes/${id}`, { host, token });
  }
  await ask(server.gatewayPort, "/v2/tenant", { host, token });
  await ask(server.gatewayPort, "/v2/tenant", { host });
  const labels = { listener: "gateway", method: "GET", route: document, status_class: "4xx" };
  const difference = (
    after: ReadonlyMap<string, Family>,
    name: string,
    wanted: Readonly<Record<string, string>>,
  ) => valueOf(after, name, wanted) - valueOf(before, name, wanted);
  const tenant = { tenant: "globex-inc" };
  const after = await scrapeUntil(
    (families) => difference(families, "tenantry_tenant_requests_total", tenant) >= 7,
  );
  expect(difference(after, requests, labels)).toBe(5);
  const tenantRoute = { listener: "gateway", method: "GET", route: "/v2/tenant" };
  expect(difference(after, requests, { ...tenantRoute, status_class: "2xx" })).toBe(1);
  expect(difference(after, requests, { ...tenantRoute, status_class: "4xx" })).toBe(1);
  const durations = "tenantry_http_request_duration_seconds";
  expect(difference(after, `${durations}_count`, { route: document })).toBe(5);
  expect(difference(after, `${durations}_sum`, { route: document })).toBeGreaterThan(0);
  const outcome = (name: string) =>
    difference(after, "tenantry_tenant_requests_total", { ...tenant, outcome: name });
  expect([outcome("ok"), outcome("client_error"), outcome("refused"), outcome("error")]).toEqual([
    1, 6, 0, 0,
  ]);
  expect(difference(after, "tenantry_tenant_request_duration_seconds_count", tenant)).toBe(7);
  expect(
    difference(after, "tenantry_database_query_duration_seconds_count", { mode: "read" }),
  ).toBeGreaterThanOrEqual(5);
});

test("S2.21: the metrics are what Prometheus reads, and say how the server is", async () => {
  const { body, headers } = await ask(server.controlPort, "/metrics", { host: "localhost" });
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  const families = parseExposition(body);
  for (const name of [
    "nodejs_eventloop_lag_seconds",
    "process_resident_memory_bytes",
    "tenantry_database_pool_connections",
    "tenantry_database_pool_connections_max",
    "tenantry_database_pool_waiting",
    "tenantry_limit_in_flight",
    "tenantry_limit_waiting",
  ]) {
    expect(families.get(name)?.samples.length, name).toBeGreaterThan(0);
  }
  expect(valueOf(families, "tenantry_database_pool_connections_max")).toBe(6);
  if (hasPromtool()) expect(lint(body)).toEqual({ status: 0, output: "" });
});

test("promtool finds fault with a metric that has no help", () => {
  if (hasPromtool()) expect(lint("a_count 1\n").status).not.toBe(0);
});

test("paths, methods and hosts that a client makes up make no series", async () => {
  for (let number = 0; number < 20; number += 1) {
    await ask(server.gatewayPort, `/v2/documents/notes-${number}/x${number}`);
    await ask(server.gatewayPort, `/made-up-${number}`);
    await ask(server.gatewayPort, "/v2/tenant", { host: `nobody-${number}.localhost` });
    await ask(server.gatewayPort, "/v2/tenant", { method: ["PROPFIND", "LOCK", "MKCOL"][number % 3] ?? "" });
  }
  const families = await scrape();
  const labels = new Set(
    [...families.values()]
      .filter(({ name }) => name.startsWith("tenantry_"))
      .flatMap(({ samples }) => samples.flatMap((sample) => Object.values(sample.labels))),
  );
  expect([...labels].filter((value) => /made-up|notes-|nobody|PROPFIND|LOCK|MKCOL/.test(value))).toEqual([]);
  expect(labels).toContain("unmatched");
  expect(labels).toContain("OTHER");
});

test("a refusal by a limit is counted by its kind, and is no error", async () => {
  const tight = await startTestRuntime({}, { limits: { requestsPerMinute: 60, burst: 1 } });
  await using _ = tight;
  const token = await tight.token("acme-corp");
  const statuses: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    statuses.push((await ask(tight.gatewayPort, "/v2/tenant", { token })).status);
  }
  expect(statuses).toContain(429);
  const families = await scrape(tight.controlPort);
  expect(
    valueOf(families, "tenantry_limit_refusals_total", { listener: "gateway", kind: "rate" }),
  ).toBeGreaterThan(0);
  const refused = { tenant: "acme-corp", outcome: "refused" };
  expect(valueOf(families, "tenantry_tenant_requests_total", refused)).toBeGreaterThan(0);
});

test("where a token is configured, nothing is told without it", async () => {
  const token = "metrics-token-of-this-test";
  const guarded = await server.startAnother({ metrics: { token } });
  await using _ = guarded;
  const port = portOf(guarded.controlUrl);
  const refused = async (ownToken?: string): Promise<Answer> =>
    ask(port, "/metrics", { host: "localhost", ...(ownToken === undefined ? {} : { token: ownToken }) });
  for (const answer of [
    await refused(),
    await refused("metrics-token-of-this-tesT"),
    await refused(await server.controlToken()),
  ]) {
    expect(answer.status).toBe(401);
    expect(faultOfProblem(answer)).toBeNull();
    expect(answer.body).not.toContain("tenantry_http");
  }
  expect((await ask(port, "/metrics", { host: "localhost", token })).status).toBe(200);
  await expect(server.startAnother({ metrics: { token: "not a token" } })).rejects.toMatchObject({
    code: "RUNTIME_METRICS_TOKEN",
  });
});

test("what a function of the store refuses is an answer, and is no failure of the database", async () => {
  using metrics = createMetrics({}, systemClock);
  const options = { metrics: metrics.database, tracing: null, clock: systemClock };
  const store = observeStore(server.database.store, options);
  const tenant = await server.database.registry.find("acme-corp" as TenantId);
  if (tenant === undefined) throw new Error("the tenant is missing");
  const refused = store.read(tenant, async () => {
    throw new ProblemError("DOCUMENT_NOT_FOUND");
  });
  await expect(refused).rejects.toMatchObject({ code: "DOCUMENT_NOT_FOUND" });
  const row = { tenant_id: "globex-inc" as TenantId, collection: "notes", id: randomUUID(), body: "{}" };
  const foreign = store.transact(tenant, (db) => db.insertInto("documents").values(row).returning("id"));
  await expect(foreign).rejects.toMatchObject({ code: "RUNTIME_STORE_REFUSED" });
  const families = parseExposition(await metrics.text());
  expect(families.get("tenantry_database_errors_total")?.samples).toMatchObject([
    { labels: { code: "RUNTIME_STORE_REFUSED" }, value: 1 },
  ]);
  expect(valueOf(families, "tenantry_database_query_duration_seconds_count")).toBe(2);
});

test("the gateway, which tenants reach, has no metrics", async () => {
  const token = await server.token("acme-corp");
  const answer = await ask(server.gatewayPort, "/metrics", { token });
  expect(answer.body).not.toContain("tenantry_http");
});

test("gauges of others are read, and one that fails or hangs harms no other", async () => {
  const runtime = await server.startAnother(
    {},
    {
      gauges: [
        { name: "tenantry_test_backlog", help: "Waits.", read: async () => 7 },
        {
          name: "tenantry_test_by_state",
          help: "By state.",
          labels: ["state"],
          read: () => [{ labels: { state: "queued" }, value: 3 }],
        },
        { name: "tenantry_test_broken", help: "Fails.", read: () => Promise.reject(new Error("no")) },
        { name: "tenantry_test_hanging", help: "Hangs.", read: () => new Promise(() => undefined) },
      ],
    },
  );
  await using _ = runtime;
  const families = await scrape(portOf(runtime.controlUrl));
  expect(valueOf(families, "tenantry_test_backlog")).toBe(7);
  expect(valueOf(families, "tenantry_test_by_state", { state: "queued" })).toBe(3);
  expect(families.get("tenantry_test_broken")?.samples).toEqual([]);
  expect(families.get("tenantry_test_hanging")?.samples).toEqual([]);
  const later = await scrape(portOf(runtime.controlUrl));
  expect(
    valueOf(later, "tenantry_metrics_read_failures_total", { metric: "tenantry_test_hanging" }),
  ).toBeGreaterThan(0);
});

test("with 5,000 tenants a scrape stays below a megabyte and 50 ms", async () => {
  const clock = new ManualClock();
  using metrics = createMetrics({}, clock);
  const entry = {
    kind: "access",
    listener: "gateway",
    time: "",
    requestId: "",
    reason: null,
    durationMs: 12,
  } as const;
  for (let number = 0; number < 60_000; number += 1) {
    const status = [200, 404, 429, 500][Math.floor(number / 5_000) % 4] ?? 200;
    const route = `/v2/resource-${number % 80}/:id`;
    const method = ["GET", "POST", "PATCH"][number % 3] ?? "GET";
    metrics.countRequest({
      ...entry,
      tenant: `tenant-${number % 5_000}`,
      method,
      route,
      status,
      problem: null,
    });
    if (number % 1_000 === 0) clock.advance(60_000);
  }
  const durationsMs: number[] = [];
  let text = "";
  for (let time = 0; time < 7; time += 1) {
    const startedMs = systemClock.monotonicMs();
    text = await metrics.text();
    durationsMs.push(systemClock.monotonicMs() - startedMs);
  }
  const families = parseExposition(text);
  const tenants = new Set(
    families.get("tenantry_tenant_requests_total")?.samples.map(({ labels }) => labels["tenant"]),
  );
  expect(tenants.size).toBe(201);
  expect(tenants).toContain("_other");
  expect(text.length).toBeLessThan(1_000_000);
  // The median, because other tests run on the same cores.
  const medianMs = durationsMs.sort((a, b) => a - b)[3] ?? 0;
  expect(medianMs).toBeLessThan(50);
  // Without the bound it would be more than that.
  using unbounded = createMetrics({ tenantSeriesMax: 5_000 }, clock);
  for (let number = 0; number < 5_000; number += 1) {
    unbounded.countRequest({
      ...entry,
      tenant: `tenant-${number}`,
      method: "GET",
      route: "/",
      status: 200,
      problem: null,
    });
  }
  expect((await unbounded.text()).length).toBeGreaterThan(1_000_000);
});

function hasPromtool(): boolean {
  const found = spawnSync("promtool", ["--version"]).status === 0;
  if (!found && process.env["TENANTRY_TEST_PROMTOOL"] === "required")
    throw new Error("promtool is not installed");
  if (!found) console.warn("promtool is not installed, so only our own reader judges the metrics");
  return found;
}

function lint(text: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: text,
    encoding: "utf8",
  });
  return { status, output: `${stdout}${stderr}`.trim() };
}
