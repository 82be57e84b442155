import type { Clock } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type { Tenant } from "../tenants/tenant.ts";
import { perMinute, type RateDecision } from "./gcra.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { type RatePolicy, ratePolicy } from "./rate-limit-fields.ts";

/** Limits what tenants ask for, by their tier. */
export interface RateLimiter {
  /** @param key what of the tenant's is limited; each key has a bucket of its own */
  take(tenant: Tenant, key: string, cost: number): RateDecision | Promise<RateDecision>;
  /** A refusal that is certain without asking, because the tenant was refused and its time is not up. */
  refusal(tenant: Tenant, key: string): RateDecision | null;
}

/** What a tier allows each of its tenants. */
export interface TierLimits {
  readonly policy: RatePolicy;
  /** Requests in flight; null for no bound of its own. */
  readonly concurrentRequestsMax: number | null;
}

/** A tenant may stand on a tier that the definition no longer has. It gets what a tier has that says nothing. */
const limitsWithoutTier: TierLimits = Object.freeze({
  policy: ratePolicy("tenant", perMinute(600)),
  concurrentRequestsMax: null,
});

/** The limits of every tier, by its name. */
export function tierLimits(platform: Platform): (tenant: Tenant) => TierLimits {
  const byTier = new Map<string, TierLimits>();
  for (const { name, limits } of Object.values(platform.tiers)) {
    const rate = perMinute(limits.requestsPerMinute, limits.burst);
    byTier.set(name, {
      policy: ratePolicy("tenant", rate),
      concurrentRequestsMax: limits.concurrentRequests,
    });
  }
  return ({ tier }) => byTier.get(tier) ?? limitsWithoutTier;
}

interface Refusal {
  readonly policy: RatePolicy;
  readonly untilMs: number;
  readonly resetAtMs: number;
}

/**
 * The rate of each tenant in buckets that may be shared with other processes. A refusal is
 * remembered until its time is up: nothing can make a bucket fuller before that, so it is certain,
 * and a tenant that asks for a hundred times what it may costs others next to nothing.
 */
export class TenantRateLimiter implements RateLimiter {
  readonly #buckets: RateBuckets;
  readonly #limitsOf: (tenant: Tenant) => TierLimits;
  readonly #clock: Clock;
  /** At most one for each tenant and key that there is. */
  readonly #refusals = new Map<string, Refusal>();

  constructor(buckets: RateBuckets, limitsOf: (tenant: Tenant) => TierLimits, clock: Clock) {
    this.#buckets = buckets;
    this.#limitsOf = limitsOf;
    this.#clock = clock;
  }

  take(tenant: Tenant, key: string, cost: number): RateDecision | Promise<RateDecision> {
    const { policy } = this.#limitsOf(tenant);
    const bucket = bucketOf(tenant, key);
    const decision = this.#buckets.take(bucket, policy.rate, cost);
    if (decision instanceof Promise) return decision.then((known) => this.#remember(bucket, policy, known));
    return this.#remember(bucket, policy, decision);
  }

  refusal(tenant: Tenant, key: string): RateDecision | null {
    if (this.#refusals.size === 0) return null;
    const bucket = bucketOf(tenant, key);
    const refusal = this.#refusals.get(bucket);
    if (refusal === undefined) return null;
    const nowMs = this.#clock.monotonicMs();
    // On another tier other limits count.
    if (refusal.policy !== this.#limitsOf(tenant).policy || nowMs >= refusal.untilMs) {
      this.#refusals.delete(bucket);
      return null;
    }
    return {
      allowed: false,
      remaining: 0,
      retryAfterMs: Math.ceil(refusal.untilMs - nowMs),
      resetMs: Math.ceil(refusal.resetAtMs - nowMs),
    };
  }

  #remember(bucket: string, policy: RatePolicy, decision: RateDecision): RateDecision {
    if (decision.allowed || decision.remaining > 0) return decision;
    const nowMs = this.#clock.monotonicMs();
    this.#refusals.set(bucket, {
      policy,
      untilMs: nowMs + decision.retryAfterMs,
      resetAtMs: nowMs + decision.resetMs,
    });
    return decision;
  }
}

function bucketOf(tenant: Tenant, key: string): string {
  return `${tenant.id}/${key}`;
}
