import type { Clock, Random } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { errors } from "../errors.ts";
import type { Log } from "../http/log-entry.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { SamplingConfig } from "./head-sampling.ts";
import { createMetrics, type Metrics, type MetricsConfig } from "./metrics.ts";
import { observeStore } from "./observed-store.ts";
import type { Tracing } from "./tracing.ts";

export interface TracingConfig extends SamplingConfig {
  /** The base URL of an OTLP/HTTP receiver, such as `http://localhost:4318`; spans go to `/v1/traces` there. */
  readonly endpoint: string;
  /** What the receiver wants with every request, such as a token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether errors and slow requests are sent though they were not sampled. The definition's where not given. */
  readonly keepErrors?: boolean;
  /** From how long on a request is slow; a second where not given. */
  readonly slowMs?: number;
  /**
   * Whether a request's traceparent is believed: only where a trusted proxy of ours writes it. Where not
   * given, it is where there are trusted proxies. False where they pass on what a client sends.
   */
  readonly acceptsParent?: boolean;
}

export interface TelemetryOptions {
  readonly platform: Platform;
  readonly metrics: MetricsConfig | undefined;
  readonly tracing: TracingConfig | undefined;
  readonly trustedProxies: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What one runtime tells about itself: numbers, lines and traces. */
export interface Telemetry extends AsyncDisposable {
  readonly metrics: Metrics;
  /** Null where no receiver is configured; then nothing is recorded either. */
  readonly tracing: Tracing | null;
  /** Takes what happened: counts it, and passes it on to the log. */
  readonly log: Log;
  /** The store with its calls counted and traced. */
  observeStore(store: TenantStore): TenantStore;
}

/** @throws CodedError RUNTIME_TRACING_ENDPOINT, RUNTIME_TRACING_SAMPLE, RUNTIME_METRICS_TOKEN */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { clock, log } = options;
  const { token } = options.metrics ?? {};
  if (token !== undefined && !/^[A-Za-z0-9._~+/=-]+$/.test(token)) throw errors.RUNTIME_METRICS_TOKEN({});
  const metrics = createMetrics(options.metrics ?? {}, clock);
  // What nobody asked for is not even loaded.
  const tracing =
    options.tracing === undefined
      ? null
      : (await import("./open-tracing.ts")).openTracing(options, options.tracing, metrics);
  return {
    metrics,
    tracing,
    log: (entry) => {
      if (entry.kind === "access") metrics.countRequest(entry);
      log(entry);
    },
    observeStore: (store) => observeStore(store, { metrics: metrics.database, tracing, clock }),
    async [Symbol.asyncDispose]() {
      metrics[Symbol.dispose]();
      await tracing?.[Symbol.asyncDispose]();
    },
  };
}
