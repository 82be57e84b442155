import type { Rate, RateDecision } from "./gcra.ts";

/**
 * Buckets by name, each with the rate that the caller says. A backend that is somewhere else
 * answers by a promise; one in memory answers at once.
 *
 * A cost of 0 asks without taking anything. A negative cost gives back what was taken and should not
 * have counted; no bucket becomes fuller than full.
 */
export interface RateBuckets {
  take(bucket: string, rate: Rate, cost: number): RateDecision | Promise<RateDecision>;
}
