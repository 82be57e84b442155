import { isCodedError } from "@tenantry/base";
import { Counter, type Registry } from "prom-client";
import { ProblemError } from "../http/problems.ts";
import type { PoolUsage } from "../tenant-store/connection-pool.ts";
import type { GaugeSource } from "./gauge-source.ts";
import { type HistogramSeries, histogramFamily, observe } from "./metric-family.ts";

/** What the door to tenants' data counts. */
export interface DatabaseMetrics {
  /** One call of the store. @param code what it failed with; null where it did not */
  countCall(mode: "read" | "write", durationMs: number, code: string | null): void;
}

const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function databaseMetrics(registry: Registry): DatabaseMetrics {
  const durations = histogramFamily({
    registry,
    name: "tenantry_database_query_duration_seconds",
    help: "Time of a call of the store, the wait for a session included.",
    bounds,
  });
  const modes = new Map<"read" | "write", HistogramSeries>();
  const newMode = (mode: "read" | "write"): HistogramSeries => {
    const series = durations.add({ mode });
    modes.set(mode, series);
    return series;
  };
  const failures = new Counter({
    name: "tenantry_database_errors_total",
    help: "Calls of the store that failed, by the code of the error.",
    labelNames: ["code"],
    registers: [registry],
  });
  return {
    countCall(mode, durationMs, code) {
      observe(modes.get(mode) ?? newMode(mode), durationMs / 1_000);
      if (code !== null) failures.inc({ code });
    },
  };
}

/**
 * The code of an error for a label: those of a table are few, everything else is one. Null for what
 * the function itself refused, which is an answer and no failure of the database.
 */
export function errorLabel(error: unknown): string | null {
  if (error instanceof ProblemError) return null;
  return isCodedError(error) ? error.code : "OTHER";
}

export function poolGauges(usage: () => PoolUsage): readonly GaugeSource[] {
  return [
    {
      name: "tenantry_database_pool_connections",
      help: "Sessions with the database, by what they do.",
      labels: ["state"],
      read: () => {
        const { idle, busy, opening } = usage();
        return [
          { labels: { state: "idle" }, value: idle },
          { labels: { state: "busy" }, value: busy },
          { labels: { state: "opening" }, value: opening },
        ];
      },
    },
    {
      name: "tenantry_database_pool_connections_max",
      help: "How many sessions the open pools may have together.",
      read: () => usage().sizeMax,
    },
    {
      name: "tenantry_database_pool_waiting",
      help: "Transactions that wait for a session.",
      read: () => usage().waiting,
    },
  ];
}
