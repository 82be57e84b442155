import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace as traceApi } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  type ReadableSpan,
  SamplingDecision,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { RequestTrace, SpanRecord } from "./request-trace.ts";

export interface SpanMakerOptions {
  readonly platform: string;
  readonly environment: string;
  readonly newSpanId: () => string;
}

/**
 * Makes OpenTelemetry's spans of what a request has done, afterwards and all at once. The ids are
 * those that were given while it went on, because services and log lines know them.
 */
export class SpanMaker {
  readonly #provider: TracerProvider;
  readonly #ended: EndedSpans = new EndedSpans();
  readonly #newSpanId: () => string;
  /** What the span that is being made has; everything here is synchronous. */
  #next = { traceId: "", spanId: "", isSampled: false };

  constructor({ platform, environment, newSpanId }: SpanMakerOptions) {
    this.#newSpanId = newSpanId;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        "service.name": "tenantry",
        "service.namespace": platform,
        "deployment.environment.name": environment,
      }),
      sampler: {
        // A request that is kept for its end goes out without the flag: its callers and services may not have theirs.
        shouldSample: () => ({
          decision: this.#next.isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.RECORD,
        }),
        toString: () => "tenantry",
      },
      spanProcessors: [this.#ended],
      idGenerator: {
        generateTraceId: () => this.#next.traceId,
        generateSpanId: () => this.#next.spanId,
      },
    });
  }

  /** The request's own span first. */
  make(trace: RequestTrace, root: SpanRecord, inner: readonly SpanRecord[]): readonly ReadableSpan[] {
    const { parent } = trace;
    const context = parent === null ? ROOT_CONTEXT : traceApi.setSpanContext(ROOT_CONTEXT, parent);
    const span = this.#makeOne(trace, root, trace.spanId, context);
    this.#makeInner(trace, span, inner);
    return this.#ended.take();
  }

  /** A span that ended after its request. */
  makeLate(trace: RequestTrace, record: SpanRecord): readonly ReadableSpan[] {
    const { traceId, spanId } = trace;
    const parent = traceApi.wrapSpanContext({ traceId, spanId, traceFlags: trace.isSampled ? 1 : 0 });
    this.#makeInner(trace, parent, [record]);
    return this.#ended.take();
  }

  #makeInner(trace: RequestTrace, parent: Span, records: readonly SpanRecord[]): void {
    const context = traceApi.setSpan(ROOT_CONTEXT, parent);
    for (const record of records) {
      this.#makeOne(trace, record, record.spanId ?? this.#newSpanId(), context);
    }
  }

  shutdown(): Promise<void> {
    return this.#provider.shutdown();
  }

  #makeOne(trace: RequestTrace, record: SpanRecord, spanId: string, context: Context): Span {
    const { name, kind, attributes, startedMs, endedMs, failure } = record;
    this.#next = { traceId: trace.traceId, spanId, isSampled: trace.isSampled };
    const startTime = trace.timeOf(startedMs);
    const span = this.#provider
      .getTracer("tenantry")
      .startSpan(name, { kind, attributes, startTime }, context);
    if (failure !== null) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute("error.type", failure);
    }
    span.end(trace.timeOf(endedMs ?? startedMs));
    return span;
  }
}

/** Takes what the SDK has made. */
class EndedSpans implements SpanProcessor {
  #spans: ReadableSpan[] = [];

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#spans.push(span);
  }

  take(): readonly ReadableSpan[] {
    return this.#spans.splice(0);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
