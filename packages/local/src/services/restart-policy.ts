import type { Clock, Random } from "@tenantry/base";

const delayMsMin = 250;
const delayMsMax = 30_000;
/** Who ran that long is taken for healthy: the next exit counts as the first. */
const stableMs = 60_000;
/** So many exits without a stable run between them are a crash loop. */
const crashLoopExits = 5;

export interface RestartDecision {
  readonly delayMs: number;
  /** Exits in a row, this one included. */
  readonly exits: number;
  /** True at the exit that makes it a crash loop, not at those that follow. */
  readonly becameCrashLoop: boolean;
}

/**
 * How long to wait before a process is started again: twice as long with each exit, with half of
 * it random, so that services that fell together do not come back together.
 */
export class RestartPolicy {
  readonly #clock: Clock;
  readonly #random: Random;
  #exits = 0;
  #startedMs = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  started(): void {
    this.#startedMs = this.#clock.monotonicMs();
  }

  exited(): RestartDecision {
    if (this.#clock.monotonicMs() - this.#startedMs >= stableMs) this.#exits = 0;
    this.#exits += 1;
    const backOffMs = Math.min(delayMsMin * 2 ** (this.#exits - 1), delayMsMax);
    return {
      delayMs: Math.round(backOffMs * (0.5 + this.#random.unit() / 2)),
      exits: this.#exits,
      becameCrashLoop: this.#exits === crashLoopExits,
    };
  }
}
