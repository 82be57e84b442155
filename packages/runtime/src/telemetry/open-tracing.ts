import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { Counter } from "prom-client";
import { errors } from "../errors.ts";
import type { Metrics } from "./metrics.ts";
import { exportTimeoutMs } from "./span-queue.ts";
import type { TelemetryOptions, TracingConfig } from "./telemetry.ts";
import { Tracing } from "./tracing.ts";

const slowMsDefault = 1_000;

/**
 * Tracing as it is configured, over what the definition says of it.
 *
 * @throws CodedError RUNTIME_TRACING_ENDPOINT, RUNTIME_TRACING_SAMPLE
 */
export function openTracing(options: TelemetryOptions, config: TracingConfig, metrics: Metrics): Tracing {
  const { platform, clock, random, log } = options;
  const defined = platform.observability.tracing;
  const spans = new Counter({
    name: "tenantry_trace_spans_total",
    help: "Spans of kept requests, by what became of them; buffer-full are inner spans of undecided ones.",
    labelNames: ["outcome"],
    registers: [metrics.registry],
  });
  const sampling = {
    samplePercent: config.samplePercent ?? defined?.samplePercent ?? 1,
    highVolumeSamplePercent: config.highVolumeSamplePercent ?? defined?.highVolumeSamplePercent ?? 1,
    highVolumeRequestsPerSecond:
      config.highVolumeRequestsPerSecond ?? defined?.highVolumeRequestsPerSecond ?? 100,
    routes: config.routes ?? {},
  };
  for (const percent of [
    sampling.samplePercent,
    sampling.highVolumeSamplePercent,
    ...Object.values(sampling.routes),
  ]) {
    if (!(percent >= 0 && percent <= 100)) throw errors.RUNTIME_TRACING_SAMPLE({ percent });
  }
  return new Tracing({
    platform: platform.name,
    environment: platform.environment,
    sampling,
    keepsErrors: config.keepErrors ?? defined?.keepErrors ?? true,
    slowMs: config.slowMs ?? slowMsDefault,
    acceptsParent: config.acceptsParent ?? options.trustedProxies > 0,
    exporter: new OTLPTraceExporter({
      url: tracesUrl(config.endpoint),
      headers: { ...config.headers },
      timeoutMillis: exportTimeoutMs,
      concurrencyLimit: 1,
    }),
    clock,
    random,
    onSpans: (count, outcome) => spans.inc({ outcome }, count),
    onState: (state, reason) =>
      log({ kind: "traces", time: new Date(clock.nowMs()).toISOString(), state, reason }),
  });
}

function tracesUrl(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw errors.RUNTIME_TRACING_ENDPOINT({ scheme: url?.protocol ?? endpoint.slice(0, 16) });
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/traces`;
  return url.href;
}
