import type { Clock } from "@tenantry/base";

export interface TokenBucketOptions {
  readonly perSecond: number;
  /** How many calls may come at once after a pause. */
  readonly burst: number;
}

/** Lets calls through at a rate, in the order in which they came. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #burst: number;
  /** The time from which on the bucket would be full again. */
  #fullAtMs = 0;

  constructor({ perSecond, burst }: TokenBucketOptions, clock: Clock) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
    this.#burst = burst;
  }

  /** Resolves when the caller may go on. */
  async take(signal?: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + this.#intervalMs;
    const waitMs = this.#fullAtMs - nowMs - this.#burst * this.#intervalMs;
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }
}
