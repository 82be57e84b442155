import type { Rate, RateDecision } from "./gcra.ts";

/**
 * The response fields of draft-ietf-httpapi-ratelimit-headers-11
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/). Structured fields:
 * in the policy `q` is the quota and `w` its window in seconds, in the limit `r` is what remains and
 * `t` the seconds until there is more.
 */
export interface RatePolicy {
  readonly rate: Rate;
  readonly name: PolicyName;
  /** The value of RateLimit-Policy. */
  readonly field: string;
}

/** What is limited: a tenant, who comes without a tenant's token, an operator. */
export type PolicyName = "tenant" | "address" | "operator";

export function ratePolicy(name: PolicyName, rate: Rate): RatePolicy {
  const field = `"${name}";q=${rate.limit};w=${Math.ceil(rate.periodUs / 1_000_000)}`;
  return Object.freeze({ name, rate, field });
}

/** Seconds until the bucket is full again or, where nothing remains, until the next request is allowed. */
export function secondsUntilMore(decision: RateDecision): number {
  return Math.ceil((decision.allowed ? decision.resetMs : decision.retryAfterMs) / 1_000);
}

export function rateLimitFields(
  { name, field }: RatePolicy,
  decision: RateDecision,
): Readonly<Record<"ratelimit-policy" | "ratelimit", string>> {
  const remaining = decision.allowed ? decision.remaining : 0;
  return {
    "ratelimit-policy": field,
    ratelimit: `"${name}";r=${remaining};t=${secondsUntilMore(decision)}`,
  };
}
