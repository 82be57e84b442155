import type { Clock } from "@tenantry/base";
import { Counter, Histogram, type Registry } from "prom-client";
import type { AccessEntry } from "../http/log-entry.ts";
import { TenantSeries } from "./tenant-series.ts";

export interface RequestMetricsOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly tenantSeriesMax: number;
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Few, because there are as many series as buckets for each tenant. */
const tenantDurationBuckets = [0.01, 0.05, 0.25, 1, 5];

const knownMethods = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE",
]);

/** The problems with which limits refuse, and the kind of limit. */
const refusals: Readonly<Record<string, string>> = {
  RATE_LIMITED: "rate",
  CONCURRENCY_LIMITED: "concurrency",
  OVERLOADED: "overload",
  SIGN_IN_BLOCKED: "sign-in",
};

const outcomes = ["ok", "client_error", "refused", "error"] as const;
export type Outcome = (typeof outcomes)[number];

/** Whose fault it was that a request was not served, if it was not. */
function outcomeOf(status: number, problem: string | null): Outcome {
  if (status === 429 || (problem !== null && Object.hasOwn(refusals, problem))) return "refused";
  if (status >= 500) return "error";
  return status >= 400 ? "client_error" : "ok";
}

/** A method that HTTP knows, or one word for all that it does not. */
export function methodLabel(method: string | null): string {
  return method !== null && knownMethods.has(method) ? method : "OTHER";
}

/**
 * Rate, errors and duration of the requests, by route and by tenant. Labels have few values: a
 * route is its template, and tenants are bounded (see TenantSeries).
 *
 * @returns counts one request that was answered
 */
export function requestMetrics(options: RequestMetricsOptions): (entry: AccessEntry) => void {
  const registers = [options.registry];
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
    buckets: durationBuckets,
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
    buckets: tenantDurationBuckets,
    registers,
  });
  const series = new TenantSeries({
    seriesMax: options.tenantSeriesMax,
    clock: options.clock,
    onRemoved: (tenant) => {
      for (const outcome of outcomes) tenantRequests.remove({ tenant, outcome });
      tenantDurations.remove({ tenant });
    },
  });
  return ({ listener, method, route, status, problem, durationMs, tenant }) => {
    const seconds = durationMs / 1_000;
    const statusClass = `${Math.floor(status / 100)}xx`;
    requests.inc({ listener, method: methodLabel(method), route, status_class: statusClass });
    durations.observe({ listener, route }, seconds);
    const kind = problem === null ? undefined : refusals[problem];
    if (kind !== undefined) refused.inc({ listener, kind });
    if (tenant === null) return;
    const label = series.count(tenant);
    tenantRequests.inc({ tenant: label, outcome: outcomeOf(status, problem) });
    tenantDurations.observe({ tenant: label }, seconds);
  };
}
