import {
  type Attributes,
  type HrTime,
  type SpanContext,
  type SpanKind,
  TraceFlags,
} from "@opentelemetry/api";
import type { Clock } from "@tenantry/base";

/** Something that a request does, while it is not known whether anybody wants to see it. */
export interface SpanRecord {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  /** On the clock's monotonic scale. */
  readonly startedMs: number;
  endedMs: number | null;
  /** The code of what it failed with. */
  failure: string | null;
  /** Given when somebody has to know it. */
  spanId: string | null;
}

/** How many records all requests in flight keep together. */
export interface RecordBudget {
  left: number;
  readonly onDropped: (spans: number) => void;
}

export interface RequestTraceOptions {
  readonly traceId: string;
  readonly spanId: string;
  /** The caller's span; null where the trace begins here. */
  readonly parent: SpanContext | null;
  /** Whether it is sent whatever becomes of the request. */
  readonly isSampled: boolean;
  readonly clock: Clock;
  readonly budget: RecordBudget;
  readonly newSpanId: () => string;
  /** Sends a record of a request that has ended and is kept. */
  readonly onLate: (record: SpanRecord, trace: RequestTrace) => void;
}

/** How many records one request keeps. */
const recordsMax = 128;

/**
 * One request while it is traced. What it does is written down as plain records, which cost little:
 * spans are made of them only when the request has ended and is worth sending.
 *
 *     undecided ──(the request ends)──▶ kept: sent with what has ended, and with what still ends later
 *                                  └──▶ dropped
 *
 * Beyond the bounds a request loses its inner records, and is still decided on.
 */
export class RequestTrace {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: SpanContext | null;
  readonly isSampled: boolean;
  /** The call of a service on behalf of this request. */
  upstream: SpanRecord | null = null;
  readonly #options: RequestTraceOptions;
  /** The monotonic clock is this far behind the wall clock: both ends of a span are read from one clock. */
  readonly #offsetMs: number;
  #records: SpanRecord[] = [];
  #state: "undecided" | "kept" | "dropped" = "undecided";

  constructor(options: RequestTraceOptions) {
    this.#options = options;
    this.traceId = options.traceId;
    this.spanId = options.spanId;
    this.parent = options.parent;
    this.isSampled = options.isSampled;
    this.#offsetMs = options.clock.nowMs() - options.clock.monotonicMs();
  }

  /** @param startedMs on the clock's monotonic scale; now where not given */
  start(name: string, kind: SpanKind, attributes: Attributes, startedMs?: number): SpanRecord {
    return {
      name,
      kind,
      attributes,
      startedMs: startedMs ?? this.#options.clock.monotonicMs(),
      endedMs: null,
      failure: null,
      spanId: null,
    };
  }

  end(record: SpanRecord, failure: string | null = null): void {
    if (record.endedMs !== null) return;
    record.endedMs = this.#options.clock.monotonicMs();
    record.failure = failure;
    const { budget } = this.#options;
    if (this.#state === "kept") this.#options.onLate(record, this);
    else if (this.#state === "undecided") {
      if (this.#records.length >= recordsMax || budget.left === 0) budget.onDropped(1);
      else {
        budget.left -= 1;
        this.#records.push(record);
      }
    }
  }

  /** Ends the request. @returns what it did, for those who keep it */
  decide(isKept: boolean): readonly SpanRecord[] {
    const records = this.#records;
    this.#records = [];
    this.#options.budget.left += records.length;
    this.#state = isKept ? "kept" : "dropped";
    return records;
  }

  /** The span that a service's are inside of. */
  contextOf(record: SpanRecord): SpanContext {
    record.spanId ??= this.#options.newSpanId();
    const traceState = this.parent?.traceState;
    return {
      traceId: this.traceId,
      spanId: record.spanId,
      traceFlags: this.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(traceState === undefined ? {} : { traceState }),
    };
  }

  timeOf(monotonicMs: number): HrTime {
    const epochMs = monotonicMs + this.#offsetMs;
    const seconds = Math.floor(epochMs / 1_000);
    return [seconds, Math.floor((epochMs - seconds * 1_000) * 1e6)];
  }
}

/** A code says what failed; a message might say whom it concerns. */
export function failureOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === "string") return code;
  return typeof name === "string" ? name : "unknown";
}
