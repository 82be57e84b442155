import { assert } from "@tenantry/base";

/** How often something may happen: `limit` times in `periodUs`, and `burst` times at once. */
export interface Rate {
  readonly limit: number;
  /** Microseconds. */
  readonly periodUs: number;
  readonly burst: number;
}

/**
 * The theoretical arrival time: when the bucket is full again. Microseconds of whatever clock the
 * bucket lives by, and a part of one more in units of 1/limit µs, so that no rate is rounded.
 */
export interface ArrivalTime {
  readonly us: number;
  /** A whole number from 0 to limit - 1. */
  readonly ticks: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  /** How many more requests of cost 1 would be allowed at once. */
  readonly remaining: number;
  /** After how long the same request is allowed if nothing else comes; 0 when it was allowed. */
  readonly retryAfterMs: number;
  /** After how long the bucket is full again. */
  readonly resetMs: number;
}

export interface GcraStep extends RateDecision {
  /** What to keep for the next request, also when this one was refused. */
  readonly arrival: ArrivalTime;
}

/**
 * The generic cell rate algorithm (ITU-T I.371; https://brandur.org/rate-limiting). A bucket is one
 * time: when it will be full again, which is now or earlier for a full one. A request moves it on
 * by `cost` emission intervals of period/limit, and is allowed if it then lies no further ahead
 * than `burst` intervals. So any span of length W has room for floor(burst + W/interval) requests,
 * and for no more.
 *
 * Everything is counted in ticks of 1/limit µs. One emission interval is then exactly `periodUs`
 * ticks and the whole bucket `burst * periodUs`, both whole numbers that a double holds. That makes
 * the arithmetic exact and without drift, here and in Redis, whose Lua has only doubles as well.
 *
 * A clock that goes back makes the bucket look fuller of debt than it can be. The debt is cut to
 * one empty bucket and kept, so nothing is gained by going back, and nobody is locked out for as
 * long as the clock went.
 *
 * @param nowUs whole microseconds
 */
export function gcra(
  arrival: ArrivalTime | undefined,
  nowUs: number,
  { limit, periodUs, burst }: Rate,
  cost: number,
): GcraStep {
  const tolerance = burst * periodUs;
  const debt = arrival === undefined ? 0 : debtOf(arrival, nowUs, limit, tolerance);
  const after = Math.max(0, debt + cost * periodUs);
  const allowed = after <= tolerance;
  const kept = allowed ? after : debt;
  const ticks = kept % limit;
  return {
    allowed,
    remaining: Math.floor((tolerance - kept) / periodUs),
    retryAfterMs: allowed ? 0 : Math.ceil(Math.ceil((after - tolerance) / limit) / 1_000),
    resetMs: Math.ceil(Math.ceil(kept / limit) / 1_000),
    arrival: { us: nowUs + (kept - ticks) / limit, ticks },
  };
}

/** Takes back what a request was charged that should not have counted. */
export function gcraRefund(arrival: ArrivalTime, nowUs: number, rate: Rate, cost: number): ArrivalTime {
  const { limit, periodUs, burst } = rate;
  const kept = Math.max(0, debtOf(arrival, nowUs, limit, burst * periodUs) - cost * periodUs);
  const ticks = kept % limit;
  return { us: nowUs + (kept - ticks) / limit, ticks };
}

/** Whether the bucket is full, and so the same as one that was never used. */
export function isFull(arrival: ArrivalTime, nowUs: number): boolean {
  return arrival.us < nowUs || (arrival.us === nowUs && arrival.ticks === 0);
}

function debtOf(arrival: ArrivalTime, nowUs: number, limit: number, tolerance: number): number {
  // The limit may have changed since; a part of a microsecond then stays less than one.
  const ticks = (arrival.us - nowUs) * limit + Math.min(arrival.ticks, limit - 1);
  return Math.min(tolerance, Math.max(0, ticks));
}

/** A rate per minute. @param burst null for a tenth of the rate, at least 1 */
export function perMinute(limit: number, burst: number | null = null): Rate {
  const rate = { limit, periodUs: 60_000_000, burst: burst ?? Math.max(1, Math.floor(limit / 10)) };
  assert(Number.isSafeInteger(limit) && limit >= 1, `a limit of ${limit} is not a whole number`);
  assert(Number.isSafeInteger(rate.burst) && rate.burst >= 1, `a burst of ${rate.burst} is not one`);
  assert(Number.isSafeInteger(rate.burst * rate.periodUs), `a burst of ${rate.burst} is too large`);
  return Object.freeze(rate);
}
