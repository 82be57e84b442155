import { SpanKind } from "@opentelemetry/api";
import type { FastifyRequest } from "fastify";
import "../http/request-context.ts";
import { methodLabel } from "./request-metrics.ts";
import { formatTraceParent } from "./trace-parent.ts";

/**
 * The fields by which a service continues the trace of the request; none where requests are not
 * traced. To be asked for right before the request is sent on: the time until the service answers
 * becomes a span of its own, which the service's are inside.
 */
export function traceHeaders(request: FastifyRequest): Readonly<Record<string, string>> {
  const traced = request.trace;
  if (traced === null) return {};
  const route = request.routeOptions.url ?? "unmatched";
  traced.upstream ??= traced.start(`service ${route}`, SpanKind.CLIENT, {
    "http.request.method": methodLabel(request.method),
    "tenantry.service.route": route,
  });
  const context = traced.contextOf(traced.upstream);
  const state = context.traceState?.serialize();
  return {
    traceparent: formatTraceParent(context),
    ...(state === undefined || state === "" ? {} : { tracestate: state }),
  };
}
