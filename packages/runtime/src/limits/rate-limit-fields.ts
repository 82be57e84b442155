import { assert } from "@tenantry/base";
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

/** What is limited: a tenant, one of its API keys, who comes without a tenant's token, an operator. */
export type PolicyName = "tenant" | "api-key" | "address" | "operator";

/** A policy that a request was held to, and what came of it. */
export interface RateCharge {
  readonly policy: RatePolicy;
  readonly decision: RateDecision;
}

export function ratePolicy(name: PolicyName, rate: Rate): RatePolicy {
  const field = `"${name}";q=${rate.limit};w=${Math.ceil(rate.periodUs / 1_000_000)}`;
  return Object.freeze({ name, rate, field });
}

/** Seconds until the bucket is full again or, where nothing remains, until the next request is allowed. */
export function secondsUntilMore(decision: RateDecision): number {
  return Math.ceil((decision.allowed ? decision.resetMs : decision.retryAfterMs) / 1_000);
}

type RateLimitFields = Readonly<Record<"ratelimit-policy" | "ratelimit", string>>;

export function rateLimitFields({ name, field }: RatePolicy, decision: RateDecision): RateLimitFields {
  const remaining = decision.allowed ? decision.remaining : 0;
  return {
    "ratelimit-policy": field,
    ratelimit: `"${name}";r=${remaining};t=${secondsUntilMore(decision)}`,
  };
}

/** Both fields are lists: a request that several policies hold says what is left of each. */
export function rateLimitFieldsOf(charges: readonly RateCharge[]): RateLimitFields {
  const [first, ...others] = charges.map(({ policy, decision }) => rateLimitFields(policy, decision));
  assert(first !== undefined, "a request was held to no policy");
  let fields = first;
  for (const other of others) {
    fields = {
      "ratelimit-policy": `${fields["ratelimit-policy"]}, ${other["ratelimit-policy"]}`,
      ratelimit: `${fields.ratelimit}, ${other.ratelimit}`,
    };
  }
  return fields;
}
