// The algorithm against a brute-force reference: whoever keeps the list of all admitted requests can
// look at every window that ends now, and admits one more exactly when none of them becomes too full.
import { type Random, seededRandom } from "@tenantry/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArrivalTime, gcra, gcraRefund, isFull, perMinute, type Rate } from "./gcra.ts";

/** Admits by definition, with whole numbers of any size: slow, and plainly right. */
class Reference {
  readonly #rate: Rate;
  readonly #admittedUs: number[] = [];

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  admits(nowUs: number): boolean {
    const { limit, periodUs, burst } = this.#rate;
    // Of the windows from the k-th last admitted request until now, each has room for
    // floor(burst + W * limit / period) requests, this one included. Windows longer than that of an
    // empty bucket need not be looked at twice, so the list is cut where the bucket was full.
    for (let count = 1; count <= this.#admittedUs.length; count += 1) {
      const windowUs = nowUs - (this.#admittedUs.at(-count) ?? 0);
      if (BigInt(count + 1 - burst) * BigInt(periodUs) > BigInt(windowUs) * BigInt(limit)) return false;
    }
    this.#admittedUs.push(nowUs);
    if (this.#wasFullAt(nowUs)) this.#admittedUs.splice(0, this.#admittedUs.length - 1);
    return true;
  }

  /** Whether nothing was owed any more when the newest request came: then what was before counts no more. */
  #wasFullAt(nowUs: number): boolean {
    const { limit, periodUs } = this.#rate;
    const before = this.#admittedUs.slice(0, -1);
    return before.every(
      (atUs, index) =>
        BigInt(before.length - index) * BigInt(periodUs) <= BigInt(nowUs - atUs) * BigInt(limit),
    );
  }
}

class Bucket {
  readonly #rate: Rate;
  #arrival: ArrivalTime | undefined;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(nowUs: number, cost = 1) {
    const step = gcra(this.#arrival, nowUs, this.#rate, cost);
    this.#arrival = step.arrival;
    return step;
  }
}

const rates = fc
  .tuple(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 1, max: 40 }))
  .map(([limit, burst]) => perMinute(limit, burst));

/** Gaps in thirds of an emission interval, so that arrivals meet the boundary again and again. */
function arrivals(random: Random, { limit, periodUs }: Rate, count: number): number[] {
  const interval = periodUs / limit;
  let nowUs = 1_790_000_000_000_000;
  return Array.from({ length: count }, () => {
    const kind = random.below(10);
    if (kind < 4) nowUs += 0;
    else if (kind < 7) nowUs += Math.floor(interval / 3);
    else if (kind < 9) nowUs += Math.ceil(interval);
    else nowUs += random.below(Math.ceil(interval * 30) + 1);
    return nowUs;
  });
}

describe("S2.06 rate limiting per tenant", () => {
  test(
    "admits exactly what fits, 0 over and 0 under, in 1,200,000 arrivals at rates of all kinds",
    {
      timeout: 120_000,
    },
    () => {
      const random = seededRandom(206);
      const limits = [1, 7, 59, 60, 599, 600, 601, 6_000, 12_000, 999_983, 70_000_000, 100_000_000];
      const perRate = 100_000;
      let [over, under, admitted] = [0, 0, 0];
      for (const limit of limits) {
        const rate = perMinute(limit, 1 + random.below(30));
        const bucket = new Bucket(rate);
        const reference = new Reference(rate);
        for (const nowUs of arrivals(random, rate, perRate)) {
          const { allowed } = bucket.take(nowUs);
          const right = reference.admits(nowUs);
          if (allowed && !right) over += 1;
          if (!allowed && right) under += 1;
          if (allowed) admitted += 1;
        }
      }
      expect({ over, under }).toEqual({ over: 0, under: 0 });
      expect(admitted).toBeGreaterThan(limits.length * perRate * 0.2);
      expect(admitted).toBeLessThan(limits.length * perRate * 0.95);
    },
  );

  test("who always asks gets floor(burst + W/T) in a window of any length W, from the first second to the tenth year", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 60_000_000 }),
        fc.integer({ min: 0, max: 315_360_000_000_000 }),
        (limit, burst, windowUs, startUs) => {
          // A bucket of 1 is empty or full, and one cannot ask at a part of a microsecond.
          fc.pre(burst > 1 || 60_000_000 % limit === 0);
          const rate = perMinute(limit, burst);
          const bucket = new Bucket(rate);
          let admitted = 0;
          // Asking again at the very microsecond at which the next request is due loses nothing.
          for (let index = 0; ; index += 1) {
            const dueUs = Math.ceil((Math.max(0, index + 1 - burst) * rate.periodUs) / limit);
            if (dueUs > windowUs) break;
            expect(bucket.take(startUs + dueUs).allowed).toBe(true);
            admitted += 1;
            if (index + 2 > burst) expect(bucket.take(startUs + dueUs).allowed).toBe(false);
          }
          expect(admitted).toBe(Math.floor(burst + (windowUs * limit) / rate.periodUs));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("retrying when it was said to succeeds, and a millisecond earlier does not", () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 40 }), (rate, cost) => {
      fc.pre(cost <= rate.burst);
      const bucket = new Bucket(rate);
      let step = bucket.take(0, cost);
      for (let count = 0; step.allowed && count < 100; count += 1) step = bucket.take(0, cost);
      expect(step.allowed).toBe(false);
      const afterUs = step.retryAfterMs * 1_000;
      expect(gcra(step.arrival, afterUs - 1_000, rate, cost).allowed).toBe(false);
      expect(gcra(step.arrival, afterUs, rate, cost).allowed).toBe(true);
    }),
  );
});

test("what remains can be had at once, and not one more", () => {
  fc.assert(
    fc.property(rates, fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 30 }), (rate, gaps) => {
      const bucket = new Bucket(rate);
      let nowUs = 0;
      let remaining = bucket.take(nowUs).remaining;
      for (const gap of gaps) remaining = bucket.take((nowUs += gap)).remaining;
      for (let count = 0; count < remaining; count += 1) expect(bucket.take(nowUs).allowed).toBe(true);
      expect(bucket.take(nowUs).allowed).toBe(false);
    }),
  );
});

test("a bucket is full again when it was said to be, and not a millisecond earlier", () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 40 }), (rate, count) => {
      const bucket = new Bucket(rate);
      let step = bucket.take(0);
      for (let index = 1; index < count; index += 1) step = bucket.take(0);
      expect(isFull(step.arrival, step.resetMs * 1_000)).toBe(true);
      expect(isFull(step.arrival, (step.resetMs - 1) * 1_000)).toBe(false);
    }),
  );
});

test("who waits longer is never refused what who waits less is allowed", () => {
  fc.assert(
    fc.property(
      rates,
      fc.array(fc.nat(2_000_000), { maxLength: 30 }),
      fc.nat(1_000_000),
      fc.nat(1_000_000),
      (rate, gaps, wait, more) => {
        const bucket = new Bucket(rate);
        let nowUs = 0;
        let arrival = bucket.take(nowUs).arrival;
        for (const gap of gaps) arrival = bucket.take((nowUs += gap)).arrival;
        const early = gcra(arrival, nowUs + wait, rate, 1);
        const late = gcra(arrival, nowUs + wait + more, rate, 1);
        expect(Number(late.allowed)).toBeGreaterThanOrEqual(Number(early.allowed));
        expect(late.remaining).toBeGreaterThanOrEqual(early.remaining);
        expect(late.retryAfterMs).toBeLessThanOrEqual(early.retryAfterMs);
      },
    ),
  );
});

test("a clock that goes back never admits more than one that stands still instead", () => {
  fc.assert(
    fc.property(
      rates,
      fc.array(fc.integer({ min: -400_000_000, max: 4_000_000 }), { minLength: 1, maxLength: 60 }),
      (rate, steps) => {
        const jumping = new Bucket(rate);
        const standing = new Bucket(rate);
        let [jumpingUs, standingUs] = [1e15, 1e15];
        let [admitted, allowed] = [0, 0];
        for (const step of steps) {
          jumpingUs += step;
          standingUs += Math.max(0, step);
          if (jumping.take(jumpingUs).allowed) admitted += 1;
          if (standing.take(standingUs).allowed) allowed += 1;
          expect(admitted).toBeLessThanOrEqual(allowed);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test("a clock that goes back a year locks nobody out for longer than a bucket takes to fill", () => {
  const rate = perMinute(60, 5);
  const bucket = new Bucket(rate);
  const year = 365 * 24 * 3_600 * 1_000_000;
  bucket.take(2 * year);
  const { allowed, retryAfterMs } = bucket.take(year);
  expect({ allowed, retryAfterMs }).toEqual({ allowed: false, retryAfterMs: 1_000 });
  expect(bucket.take(year + 1_000_000).allowed).toBe(true);
});

test("a limit that changes under a bucket takes effect at once, and what was charged stays charged", () => {
  fc.assert(
    fc.property(rates, rates, fc.nat(50), (before, after, count) => {
      const bucket = new Bucket(before);
      let { arrival } = bucket.take(0);
      for (let index = 0; index < count; index += 1) ({ arrival } = bucket.take(0));
      const step = gcra(arrival, 0, after, 1);
      expect(step.remaining).toBeLessThanOrEqual(after.burst);
      expect(step.resetMs).toBeLessThanOrEqual(
        Math.ceil((after.burst * after.periodUs) / after.limit / 1_000) + 1,
      );
    }),
  );
});

test("a charge that is taken back leaves the bucket as it was, and never fuller than full", () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 30 }), (rate, count) => {
      fc.pre(count < rate.burst);
      const bucket = new Bucket(rate);
      let before: ArrivalTime | undefined;
      for (let index = 0; index < count; index += 1) before = bucket.take(0).arrival;
      const { arrival, remaining } = bucket.take(0);
      const back = gcraRefund(arrival, 0, rate, 1);
      expect(back).toEqual(before ?? { us: 0, ticks: 0 });
      expect(gcra(back, 0, rate, 1).remaining).toBe(remaining);
      expect(gcraRefund(back, 1e12, rate, 1)).toEqual({ us: 1e12, ticks: 0 });
    }),
  );
});

test("the burst of a tier that says none is a tenth of the rate, at least 1", () => {
  expect([1, 9, 10, 600, 12_000].map((limit) => perMinute(limit).burst)).toEqual([1, 1, 1, 60, 1_200]);
  expect(() => perMinute(0)).toThrow("a limit of 0");
  expect(() => perMinute(60, 1e9)).toThrow("too large");
});
