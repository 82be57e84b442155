import type { Clock } from "@tenantry/base";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";

export interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  readonly clock: Clock;
  /** How many spans wait at most to be sent; more are dropped. */
  readonly waitingMax: number;
  readonly onSent: (spans: number) => void;
  readonly onDropped: (spans: number, reason: "queue-full" | "export-failed") => void;
  /** Whether the last attempt arrived; told when that changes. */
  readonly onState: (state: "connected" | "away", reason: string | null) => void;
}

const batchMax = 512;
const delayMs = 1_000;
export const exportTimeoutMs = 5_000;

/**
 * Spans on their way to the receiver: sent in batches, one at a time. Neither a receiver that is
 * away nor one that hangs takes more memory than the queue and one batch.
 */
export class SpanQueue implements AsyncDisposable {
  readonly #options: SpanQueueOptions;
  #waiting: ReadableSpan[] = [];
  #sending: Promise<void> | null = null;
  #hurry = new AbortController();
  #state: "connected" | "away" | "unknown" = "unknown";
  #isClosed = false;

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  /** How many spans are kept at the moment, those that are being sent aside. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(spans: readonly ReadableSpan[]): void {
    const room = this.#isClosed ? 0 : this.#options.waitingMax - this.#waiting.length;
    // Half a trace helps nobody.
    if (spans.length > room) {
      this.#options.onDropped(spans.length, "queue-full");
      return;
    }
    this.#waiting.push(...spans);
    if (this.#waiting.length >= batchMax) this.#hurry.abort();
    this.#sending ??= this.#send();
  }

  /** Sends what waits, for so long at most. */
  async flush(limitMs: number): Promise<void> {
    this.#hurry.abort();
    const timer = new AbortController();
    const late = this.#options.clock.sleep(limitMs, timer.signal).catch(() => undefined);
    await Promise.race([this.#sending, late]);
    timer.abort(new Error("the spans were sent"));
    await late;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush(flushLimitMs);
    this.#isClosed = true;
    const left = this.#waiting.splice(0).length;
    if (left > 0) this.#options.onDropped(left, "queue-full");
    await this.#within(this.#options.exporter.shutdown(), shutdownLimitMs);
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < batchMax) {
        await this.#options.clock.sleep(delayMs, this.#hurry.signal).catch(() => undefined);
        this.#hurry = new AbortController();
      }
      const batch = this.#waiting.splice(0, batchMax);
      if (batch.length > 0) await this.#sendBatch(batch);
    }
    this.#sending = null;
  }

  async #sendBatch(batch: ReadableSpan[]): Promise<void> {
    const sent = new Promise<Error | null>((resolve) => {
      try {
        this.#options.exporter.export(batch, ({ code, error }) => {
          resolve(code === 0 ? null : (error ?? new Error("the receiver refused the spans")));
        });
      } catch (error) {
        resolve(error as Error);
      }
    });
    const outcome = await this.#within(sent, exportTimeoutMs);
    if (outcome === null) {
      this.#options.onSent(batch.length);
      this.#become("connected", null);
    } else {
      this.#options.onDropped(batch.length, "export-failed");
      this.#become("away", outcome === "late" ? "no answer in time" : (outcome?.message ?? "unknown"));
    }
  }

  #become(state: "connected" | "away", reason: string | null): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state, reason);
  }

  async #within<T>(promise: Promise<T>, limitMs: number): Promise<T | "late"> {
    const timer = new AbortController();
    const late = this.#options.clock.sleep(limitMs, timer.signal).then(
      () => "late" as const,
      () => "late" as const,
    );
    try {
      return await Promise.race([promise, late]);
    } finally {
      timer.abort(new Error("it came in time"));
    }
  }
}

/** How long a runtime that ends waits for its last spans to be sent. */
const flushLimitMs = 3_000;
const shutdownLimitMs = 250;
