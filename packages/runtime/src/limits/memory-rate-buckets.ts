import { createHash } from "node:crypto";
import { assert, type Clock } from "@tenantry/base";
import { type ArrivalTime, gcra, gcraRefund, isFull, type Rate, type RateDecision } from "./gcra.ts";
import type { RateBuckets } from "./rate-buckets.ts";

export interface MemoryRateBucketsOptions {
  readonly clock: Clock;
  /** How many buckets there are at most, besides a thousand that the rest share. */
  readonly bucketsMax: number;
}

/** How many buckets are looked at when a new one comes: enough to forget faster than they come, and more where room is short. */
const [looksPerNewBucket, looksWithoutRoom] = [2, 16];
const sharedBuckets = 1_000;

/**
 * The buckets of this process.
 *
 * Only a bucket that is full again is forgotten: it says nothing that a new one would not say, so
 * that nobody gains by having a bucket forgotten. When there is no room and those that were looked at are
 * in use, a new name shares one of a fixed number of buckets with others. A flood of names is then
 * limited as a whole, and takes neither more memory nor the limit of those who have a bucket.
 */
export class MemoryRateBuckets implements RateBuckets {
  readonly #clock: Clock;
  readonly #bucketsMax: number;
  readonly #arrivals = new Map<string, ArrivalTime>();
  /** Goes round and round over the buckets, and also meets those that came after it began. */
  #sweep = this.#arrivals.entries();
  readonly #shared = new Map<number, ArrivalTime>();

  constructor({ clock, bucketsMax }: MemoryRateBucketsOptions) {
    assert(bucketsMax >= 1, "there is room for no bucket");
    this.#clock = clock;
    this.#bucketsMax = bucketsMax;
  }

  get size(): number {
    return this.#arrivals.size + this.#shared.size;
  }

  take(bucket: string, rate: Rate, cost: number): RateDecision {
    const nowUs = this.#nowUs();
    const known = this.#arrivals.get(bucket);
    const step = gcra(known ?? this.#sharedArrival(bucket), nowUs, rate, cost);
    if (known !== undefined || this.#hasRoom(nowUs)) this.#arrivals.set(bucket, step.arrival);
    else this.#shared.set(shareOf(bucket), step.arrival);
    return step;
  }

  /** Takes back what `take` has charged. */
  refund(bucket: string, rate: Rate, cost: number): void {
    const nowUs = this.#nowUs();
    const known = this.#arrivals.get(bucket);
    if (known !== undefined) {
      this.#arrivals.set(bucket, gcraRefund(known, nowUs, rate, cost));
      return;
    }
    const shared = this.#shared.get(shareOf(bucket));
    if (shared !== undefined) {
      this.#shared.set(shareOf(bucket), gcraRefund(shared, nowUs, rate, cost));
    }
  }

  /** Who gets a bucket after having shared one brings its debt along. */
  #sharedArrival(bucket: string): ArrivalTime | undefined {
    return this.#shared.size === 0 ? undefined : this.#shared.get(shareOf(bucket));
  }

  #nowUs(): number {
    return Math.floor(this.#clock.monotonicMs() * 1_000);
  }

  #hasRoom(nowUs: number): boolean {
    const looksMax = this.#arrivals.size < this.#bucketsMax ? looksPerNewBucket : looksWithoutRoom;
    for (let looks = 0; looks < looksMax; looks += 1) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = this.#arrivals.entries();
        break;
      }
      const [bucket, arrival] = next.value;
      if (isFull(arrival, nowUs)) this.#arrivals.delete(bucket);
    }
    return this.#arrivals.size < this.#bucketsMax;
  }
}

function shareOf(bucket: string): number {
  return createHash("sha256").update(bucket).digest().readUInt32LE() % sharedBuckets;
}
