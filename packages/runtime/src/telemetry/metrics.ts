import type { Clock } from "@tenantry/base";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { AccessEntry } from "../http/log-entry.ts";
import { type DatabaseMetrics, databaseMetrics } from "./database-metrics.ts";
import { type GaugeSource, GaugeSources } from "./gauge-source.ts";
import { requestMetrics } from "./request-metrics.ts";

export interface MetricsConfig {
  /** What a scraper must send as a bearer token. Without one the control listener tells its metrics to everybody who reaches it. */
  readonly token?: string;
  /** How many tenants have series of their own; 200 where not given. */
  readonly tenantSeriesMax?: number;
}

/** What one runtime counts. */
export interface Metrics extends Disposable {
  readonly registry: Registry;
  readonly database: DatabaseMetrics;
  /** Counts a request that was answered. */
  countRequest(entry: AccessEntry): void;
  /** Has a gauge read whenever metrics are asked for. */
  gauge(source: GaugeSource): void;
  /** Everything, as Prometheus reads it. */
  text(): Promise<string>;
}

export const metricsMediaType = Registry.PROMETHEUS_CONTENT_TYPE;

const tenantSeriesMaxDefault = 200;

export function createMetrics(config: MetricsConfig, clock: Clock): Metrics {
  const registry = new Registry();
  const gauges = new GaugeSources(registry, clock);
  return {
    registry,
    database: databaseMetrics(registry),
    countRequest: requestMetrics({
      registry,
      clock,
      tenantSeriesMax: config.tenantSeriesMax ?? tenantSeriesMaxDefault,
    }),
    gauge: (source) => gauges.add(source),
    text: async () => {
      const [own, process] = await Promise.all([registry.metrics(), processMetrics().metrics()]);
      return `${own}${process}`;
    },
    [Symbol.dispose]: () => gauges.end(),
  };
}

/**
 * The event loop, memory and the like are the process's, and so are the observers that watch them:
 * all runtimes of a process tell the same.
 */
let processRegistry: Registry | null = null;

/** Gauges named like counters, and figures that are no numbers where nothing was measured since the last scrape. */
const leftOut = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
  "nodejs_eventloop_lag_mean_seconds",
  "nodejs_eventloop_lag_min_seconds",
  "nodejs_eventloop_lag_stddev_seconds",
];

function processMetrics(): Registry {
  if (processRegistry === null) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
    for (const name of leftOut) processRegistry.removeSingleMetric(name);
  }
  return processRegistry;
}
