import type { Clock } from "@tenantry/base";
import type { Registry } from "prom-client";
import type { AccessEntry, ListenerName } from "../http/log-entry.ts";
import {
  type CounterSeries,
  counterFamily,
  type HistogramSeries,
  histogramFamily,
  observe,
} from "./metric-family.ts";
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
const refusals: ReadonlyMap<string, string> = new Map([
  ["RATE_LIMITED", "rate"],
  ["CONCURRENCY_LIMITED", "concurrency"],
  ["OVERLOADED", "overload"],
  ["SIGN_IN_BLOCKED", "sign-in"],
]);

export type Outcome = "ok" | "client_error" | "refused" | "error";

/** Whose fault it was that a request was not served, if it was not. */
function outcomeOf(status: number, problem: string | null): Outcome {
  if (status === 429 || (problem !== null && refusals.has(problem))) return "refused";
  if (status >= 500) return "error";
  return status >= 400 ? "client_error" : "ok";
}

/** A method that HTTP knows, or one word for all that it does not. */
export function methodLabel(method: string | null): string {
  return method !== null && knownMethods.has(method) ? method : "OTHER";
}

/** What is counted of a route. */
interface CountedRoute {
  readonly durations: HistogramSeries;
  /** By method and class of status. */
  readonly requests: Map<string, CounterSeries>;
}

/** What is counted of a tenant. */
interface CountedTenant {
  readonly durations: HistogramSeries;
  readonly requests: Map<Outcome, CounterSeries>;
}

/**
 * Rate, errors and duration of the requests, by route and by tenant. Labels have few values: a
 * route is its template, and tenants are bounded (see TenantSeries).
 *
 * @returns counts one request that was answered
 */
export function requestMetrics(options: RequestMetricsOptions): (entry: AccessEntry) => void {
  const countByRoute = routeMetrics(options.registry);
  const countRefusal = refusalMetrics(options.registry);
  const countByTenant = tenantMetrics(options);
  return (entry) => {
    countByRoute(entry);
    countRefusal(entry);
    countByTenant(entry);
  };
}

function routeMetrics(registry: Registry): (entry: AccessEntry) => void {
  const requests = counterFamily({
    registry,
    name: "tenantry_http_requests_total",
    help: "Requests that were answered, or refused before they became requests.",
  });
  const durations = histogramFamily({
    registry,
    name: "tenantry_http_request_duration_seconds",
    help: "Time from the head of a request to the end of its answer.",
    bounds: durationBuckets,
  });
  const routes: Readonly<Record<ListenerName, Map<string, CountedRoute>>> = {
    gateway: new Map(),
    control: new Map(),
  };
  const newRoute = (listener: ListenerName, route: string): CountedRoute => {
    const counted: CountedRoute = { durations: durations.add({ listener, route }), requests: new Map() };
    routes[listener].set(route, counted);
    return counted;
  };
  return ({ listener, method, route, status, durationMs }) => {
    const counted = routes[listener].get(route) ?? newRoute(listener, route);
    const label = methodLabel(method);
    const statusClass = `${Math.floor(status / 100)}xx`;
    countOne(counted.requests, `${label} ${statusClass}`, () =>
      requests.add({ listener, method: label, route, status_class: statusClass }),
    );
    observe(counted.durations, durationMs / 1_000);
  };
}

function refusalMetrics(registry: Registry): (entry: AccessEntry) => void {
  const refused = counterFamily({
    registry,
    name: "tenantry_limit_refusals_total",
    help: "Requests that were refused by a limit: rate, concurrency of a tenant, overload of the server.",
  });
  const counters = new Map<string, CounterSeries>();
  return ({ listener, problem }) => {
    const kind = problem === null ? undefined : refusals.get(problem);
    if (kind === undefined) return;
    countOne(counters, `${listener} ${kind}`, () => refused.add({ listener, kind }));
  };
}

function tenantMetrics({
  registry,
  clock,
  tenantSeriesMax,
}: RequestMetricsOptions): (entry: AccessEntry) => void {
  const requests = counterFamily({
    registry,
    name: "tenantry_tenant_requests_total",
    help: "Requests by tenant and outcome; tenants without series of their own count as _other.",
  });
  const durations = histogramFamily({
    registry,
    name: "tenantry_tenant_request_duration_seconds",
    help: "Time from the head of a tenant's request to the end of its answer.",
    bounds: tenantDurationBuckets,
  });
  const tenants = new Map<string, CountedTenant>();
  const newTenant = (tenant: string): CountedTenant => {
    const counted: CountedTenant = { durations: durations.add({ tenant }), requests: new Map() };
    tenants.set(tenant, counted);
    return counted;
  };
  const onRemoved = (tenant: string) => {
    const counted = tenants.get(tenant);
    if (counted === undefined) return;
    tenants.delete(tenant);
    durations.remove(counted.durations);
    for (const counter of counted.requests.values()) requests.remove(counter);
  };
  const series = new TenantSeries({ seriesMax: tenantSeriesMax, clock, onRemoved });
  return ({ tenant, status, problem, durationMs }) => {
    if (tenant === null) return;
    const label = series.count(tenant);
    const counted = tenants.get(label) ?? newTenant(label);
    const outcome = outcomeOf(status, problem);
    countOne(counted.requests, outcome, () => requests.add({ tenant: label, outcome }));
    observe(counted.durations, durationMs / 1_000);
  };
}

function countOne<Key>(counters: Map<Key, CounterSeries>, key: Key, add: () => CounterSeries): void {
  let counter = counters.get(key);
  if (counter === undefined) {
    counter = add();
    counters.set(key, counter);
  }
  counter.value += 1;
}
