import type { Clock } from "@tenantry/base";

export interface RefusalBrakeOptions {
  readonly clock: Clock;
  /** Refusals of one tenant within a second that are answered at once. */
  readonly promptMax: number;
  /** How many refusals of all tenants are held back at once. */
  readonly heldMax: number;
  /** For how long each is. */
  readonly holdMs: number;
}

/** How a refusal is answered. */
type Braking = "prompt" | "held" | "closing";

interface Count {
  readonly second: number;
  refusals: number;
}

/**
 * Slows down those who ask again as soon as they are refused. Each refusal costs a part of a millisecond
 * of the one event loop, and a hundred connections that never wait would fill it with them. So a few
 * in a second are answered at once, those beyond wait, and with them a client that waits for its
 * answers; who comes with more connections than can be held loses them.
 */
export class RefusalBrake {
  readonly #options: RefusalBrakeOptions;
  readonly #counts = new Map<string, Count>();
  #held = 0;

  constructor(options: RefusalBrakeOptions) {
    this.#options = options;
  }

  get held(): number {
    return this.#held;
  }

  /** @returns whether the tenant's refusal is answered at once, after `hold`, or with its connection closed */
  brakingOf(tenant: string): Braking {
    const second = Math.floor(this.#options.clock.monotonicMs() / 1_000);
    let count = this.#counts.get(tenant);
    if (count?.second !== second) {
      // What was counted in another second says nothing any more.
      for (const [other, { second: past }] of this.#counts) if (past !== second) this.#counts.delete(other);
      count = { second, refusals: 0 };
      this.#counts.set(tenant, count);
    }
    count.refusals += 1;
    if (count.refusals <= this.#options.promptMax) return "prompt";
    return this.#held < this.#options.heldMax ? "held" : "closing";
  }

  /** Calls `answer` when the time is up. @returns what is called when the client is gone before */
  hold(answer: () => void): () => void {
    const { clock, holdMs } = this.#options;
    let state: "held" | "over" = "held";
    const end = () => {
      if (state === "over") return false;
      state = "over";
      this.#held -= 1;
      return true;
    };
    this.#held += 1;
    void clock.sleep(holdMs).then(() => {
      if (end()) answer();
    });
    return end;
  }
}
