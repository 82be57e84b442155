import type { Clock } from "@tenantry/base";
import type { Rate, RateDecision } from "./gcra.ts";
import type { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";

/** Where all processes count together, as long as it can be reached. */
export interface RateBackend {
  take(bucket: string, rate: Rate, cost: number): Promise<RateDecision>;
  close(): void;
}

export interface SharedRateBucketsOptions {
  /** Reaches for the backend, which says by `lose` when it breaks between two questions. */
  readonly open: (lose: (error: unknown) => void) => Promise<RateBackend>;
  /** What decides while the backend is away. */
  readonly local: MemoryRateBuckets;
  readonly clock: Clock;
  /** How long a decision may take before the backend counts as away. */
  readonly timeoutMs: number;
  /** How long to wait before looking for it again. */
  readonly retryMs: number;
  /** Told when the backend comes or goes; never where it is, which may hold a password. */
  readonly onState: (state: BackendState) => void;
}

export type BackendState =
  | { readonly kind: "connected" }
  | { readonly kind: "away"; readonly reason: string };

/** Making a connection takes several round trips, and keeps no request waiting. */
const openTimeoutMs = 2_000;
/** Why a timer ends that is not needed any more. Nobody reads it, so it needs no stack. */
const settled = "settled";

/**
 * The buckets of all processes, in a backend that they share.
 *
 * away ── reached within the time ──▶ connected
 *   ▲                                     │
 *   └── a decision fails or is late ──────┘   (the connection is thrown away; a new one is tried every `retryMs`)
 *
 * While the backend is away each process decides by its own buckets with the same rates: n processes
 * then admit up to n times the rate, but never without a limit, and nobody is shut out. What the
 * backend admits is charged to the process's own buckets too, so that coming and going gives nobody a
 * fresh burst.
 */
export class SharedRateBuckets implements RateBuckets, AsyncDisposable {
  readonly #options: SharedRateBucketsOptions;
  readonly #closing = new AbortController();
  #backend: RateBackend | null = null;
  /** Settles when the first attempt to reach the backend has. */
  readonly ready: Promise<void>;
  #looking: Promise<void>;

  constructor(options: SharedRateBucketsOptions) {
    this.#options = options;
    this.ready = this.#open();
    this.#looking = this.ready.then(() => this.#keepLooking());
  }

  async take(bucket: string, rate: Rate, cost: number): Promise<RateDecision> {
    const backend = this.#backend;
    const { local, timeoutMs } = this.#options;
    if (backend === null) return local.take(bucket, rate, cost);
    try {
      const decision = await this.#inTime(backend.take(bucket, rate, cost), timeoutMs);
      if (decision.allowed) local.take(bucket, rate, cost);
      return decision;
    } catch (error) {
      this.#lose(backend, error);
      return local.take(bucket, rate, cost);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(settled);
    const backend = this.#backend;
    this.#backend = null;
    backend?.close();
    await this.#looking;
  }

  /** Looks for the backend until it is found. */
  async #keepLooking(): Promise<void> {
    const { clock, retryMs } = this.#options;
    while (this.#backend === null && !this.#closing.signal.aborted) {
      await clock.sleep(retryMs, this.#closing.signal).catch(() => undefined);
      if (!this.#closing.signal.aborted) await this.#open();
    }
  }

  async #open(): Promise<void> {
    const { onState, open } = this.#options;
    // A backend that comes too late, or breaks before it is used, is closed and never used.
    const attempt: { state: "wanted" | "given up"; backend: RateBackend | null } = {
      state: "wanted",
      backend: null,
    };
    const opening = open((error) => {
      if (attempt.backend !== null) this.#lose(attempt.backend, error);
    }).then((backend) => {
      attempt.backend = backend;
      if (attempt.state === "given up" || this.#closing.signal.aborted) backend.close();
      return backend;
    });
    try {
      const backend = await this.#inTime(opening, openTimeoutMs);
      if (this.#closing.signal.aborted) return;
      this.#backend = backend;
      onState({ kind: "connected" });
    } catch (error) {
      attempt.state = "given up";
      if (!this.#closing.signal.aborted) onState({ kind: "away", reason: reasonOf(error) });
    }
  }

  #lose(backend: RateBackend, error: unknown): void {
    // Of many decisions that fail together the first one counts.
    if (this.#backend !== backend) return;
    this.#backend = null;
    backend.close();
    this.#options.onState({ kind: "away", reason: reasonOf(error) });
    this.#looking = this.#keepLooking();
  }

  async #inTime<T>(answer: Promise<T>, limitMs: number): Promise<T> {
    const { clock } = this.#options;
    const timer = new AbortController();
    // In two halves: a process that stood still itself reads what has come before it blames the backend.
    const timeout = clock
      .sleep(limitMs / 2, timer.signal)
      .then(() => clock.sleep(limitMs / 2, timer.signal))
      .then(
        () => Promise.reject(new Error(`no answer within ${limitMs} ms`)),
        () => answer,
      );
    // A late failure has been dealt with already.
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      timer.abort(settled);
    }
  }
}

/** Codes and kinds, but no text that could quote an address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  return error.message.startsWith("no answer within") ? error.message : error.constructor.name;
}
