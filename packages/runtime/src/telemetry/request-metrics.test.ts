// What is told of any requests is what it was while prom-client itself counted them.
import { ManualClock } from "@tenantry/base";
import fc from "fast-check";
import { Counter, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import type { AccessEntry } from "../http/log-entry.ts";
import { methodLabel, requestMetrics } from "./request-metrics.ts";
import { TenantSeries } from "./tenant-series.ts";

const tenantSeriesMax = 2;
const windowMs = 5 * 60_000;

/** Counts one request, some time after the one before. */
interface Step {
  readonly entry: AccessEntry;
  readonly times: number;
  readonly advanceMs: number;
}

const steps = fc.array(
  fc.record({
    entry: fc.record({
      kind: fc.constant("access" as const),
      listener: fc.constantFrom("gateway" as const, "control" as const),
      time: fc.constant("2026-01-02T03:04:05.678Z"),
      requestId: fc.constant("4b1d"),
      tenant: fc.constantFrom(null, "acme-corp", "globex-inc", "initech-llc", "umbrella-co"),
      method: fc.constantFrom(null, "GET", "POST", "PROPFIND"),
      route: fc.constantFrom("/v2/tenant", "/v2/documents/:id", "unmatched", "constructor", "__proto__"),
      status: fc.constantFrom(101, 200, 204, 302, 404, 429, 500, 503),
      durationMs: fc.oneof(
        fc.constantFrom(0, 1, 2.5, 50, 10_000),
        fc.double({ min: 0, max: 20_000, noNaN: true }),
      ),
      problem: fc.constantFrom(null, "RATE_LIMITED", "OVERLOADED", "DOCUMENT_NOT_FOUND", "toString"),
      reason: fc.constant(null),
    }),
    times: fc.constantFrom(1, 1, 20, 100),
    advanceMs: fc.constantFrom(0, 0, 1_000, windowMs, 13 * windowMs),
  }),
  { maxLength: 80 },
);

/** The same metrics of prom-client's own. @returns how many tenants lost their series */
function countWithPromClient(registry: Registry, clock: ManualClock, all: readonly Step[]): number {
  const registers = [registry];
  const requests = new Counter({
    name: "tenantry_http_requests_total",
    help: "Requests that were answered, or refused before they became requests.",
    labelNames: ["listener", "method", "route", "status_class"],
    registers,
  });
  const durations = new Histogram({
    name: "tenantry_http_request_duration_seconds",
    help: "Time from the head of a request to the end of its answer.",
    labelNames: ["listener", "route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const refused = new Counter({
    name: "tenantry_limit_refusals_total",
    help: "Requests that were refused by a limit: rate, concurrency of a tenant, overload of the server.",
    labelNames: ["listener", "kind"],
    registers,
  });
  const tenantRequests = new Counter({
    name: "tenantry_tenant_requests_total",
    help: "Requests by tenant and outcome; tenants without series of their own count as _other.",
    labelNames: ["tenant", "outcome"],
    registers,
  });
  const tenantDurations = new Histogram({
    name: "tenantry_tenant_request_duration_seconds",
    help: "Time from the head of a tenant's request to the end of its answer.",
    labelNames: ["tenant"],
    buckets: [0.01, 0.05, 0.25, 1, 5],
    registers,
  });
  let removed = 0;
  const series = new TenantSeries({
    seriesMax: tenantSeriesMax,
    clock,
    onRemoved: (tenant) => {
      removed += 1;
      for (const outcome of ["ok", "client_error", "refused", "error"]) {
        tenantRequests.remove({ tenant, outcome });
      }
      tenantDurations.remove({ tenant });
    },
  });
  countAll(clock, all, ({ listener, method, route, status, problem, durationMs, tenant }) => {
    const seconds = durationMs / 1_000;
    const statusClass = `${Math.floor(status / 100)}xx`;
    requests.inc({ listener, method: methodLabel(method), route, status_class: statusClass });
    durations.observe({ listener, route }, seconds);
    const kind = problem === "RATE_LIMITED" ? "rate" : problem === "OVERLOADED" ? "overload" : null;
    if (kind !== null) refused.inc({ listener, kind });
    if (tenant === null) return;
    const label = series.count(tenant);
    const failed = status >= 500 ? "error" : status >= 400 ? "client_error" : "ok";
    const outcome = status === 429 || kind !== null ? "refused" : failed;
    tenantRequests.inc({ tenant: label, outcome });
    tenantDurations.observe({ tenant: label }, seconds);
  });
  return removed;
}

function countAll(clock: ManualClock, all: readonly Step[], count: (entry: AccessEntry) => void): void {
  for (const { entry, times, advanceMs } of all) {
    clock.advance(advanceMs);
    for (let time = 0; time < times; time += 1) count(entry);
  }
}

async function bothTexts(all: readonly Step[]) {
  const [expected, registry] = [new Registry(), new Registry()];
  const removed = countWithPromClient(expected, new ManualClock(), all);
  const clock = new ManualClock();
  countAll(clock, all, requestMetrics({ registry, clock, tenantSeriesMax }));
  return { removed, expected: await expected.metrics(), actual: await registry.metrics() };
}

test("any requests give the text that prom-client's own metrics give, also where tenants lose their series", async () => {
  let removed = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const texts = await bothTexts(all);
      removed += texts.removed;
      expect(texts.actual).toBe(texts.expected);
    }),
  );
  expect(removed).toBeGreaterThan(0);
});

test("a label that is given away and comes back begins at zero", async () => {
  const step = (tenant: string, times: number, advanceMs: number): Step => ({
    entry: {
      kind: "access",
      listener: "gateway",
      time: "",
      requestId: "",
      tenant,
      method: "GET",
      route: "/",
      status: 200,
      durationMs: 1,
      problem: null,
      reason: null,
    },
    times,
    advanceMs,
  });
  const all = [
    step("acme-corp", 7, 0),
    step("globex-inc", 900, 0),
    step("initech-llc", 900, 13 * windowMs),
    step("initech-llc", 1, windowMs),
    step("globex-inc", 1, 0),
  ];
  const before = await bothTexts(all.slice(0, 3));
  expect(before.actual).toContain('tenantry_tenant_requests_total{tenant="acme-corp",outcome="ok"} 7\n');
  const after = await bothTexts(all);
  expect(after.actual).toBe(after.expected);
  expect(after.removed).toBe(1);
  expect(after.actual).not.toContain("acme-corp");
  expect(after.actual).toContain('tenantry_tenant_requests_total{tenant="initech-llc",outcome="ok"} 1\n');
});
