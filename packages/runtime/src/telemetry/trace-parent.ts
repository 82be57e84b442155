import { type SpanContext, TraceFlags } from "@opentelemetry/api";

/** W3C Trace Context: version, trace id, span id, flags. */
const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The caller's span of a traceparent field; null where the field is not valid, and a new trace begins. */
export function parseTraceParent(field: string | string[] | undefined): SpanContext | null {
  const match = typeof field === "string" ? pattern.exec(field) : null;
  if (match === null) return null;
  const [, version = "", traceId = "", spanId = "", flags = "", more] = match;
  // A later version may have more parts; the first one has exactly these.
  if (version === "ff" || (version === "00" && more !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  const isSampled = (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) === TraceFlags.SAMPLED;
  return {
    traceId,
    spanId,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}

export function formatTraceParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, "0")}`;
}
