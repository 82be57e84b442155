import type { Clock } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { LRUCache } from "lru-cache";
import type { Tenant } from "../tenants/tenant.ts";
import { perMinute, type RateDecision } from "./gcra.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { type RateCharge, type RatePolicy, ratePolicy } from "./rate-limit-fields.ts";

/** Limits what tenants ask for, by their tier. */
export interface RateLimiter {
  /** @param key what of the tenant's is limited; each key has a bucket of its own */
  take(tenant: Tenant, key: string, cost: number): RateDecision | Promise<RateDecision>;
  /**
   * The same for a request of one of the tenant's API keys, which both the key's rate and the tenant's
   * have to allow. A request that one of them refuses costs the other nothing.
   *
   * @returns what came of each policy, the tenant's first
   */
  takeWithKey(
    tenant: Tenant,
    key: string,
    apiKey: string,
    cost: number,
  ): readonly RateCharge[] | Promise<readonly RateCharge[]>;
  /** A refusal that is certain without asking, because the tenant was refused and its time is not up. */
  refusal(tenant: Tenant, key: string): RateDecision | null;
}

/** What a tier allows each of its tenants. */
export interface TierLimits {
  readonly policy: RatePolicy;
  /** Of each API key; null for no limit but the tenant's. */
  readonly keyPolicy: RatePolicy | null;
  /** Requests in flight; null for no bound of its own. */
  readonly concurrentRequestsMax: number | null;
}

/** A tenant may stand on a tier that the definition no longer has. It gets what a tier has that says nothing. */
const limitsWithoutTier: TierLimits = Object.freeze({
  policy: ratePolicy("tenant", perMinute(600)),
  keyPolicy: null,
  concurrentRequestsMax: null,
});

/** The limits of every tier, by its name. */
export function tierLimits(platform: Platform): (tenant: Tenant) => TierLimits {
  const byTier = new Map<string, TierLimits>();
  for (const { name, limits } of Object.values(platform.tiers)) {
    const rate = perMinute(limits.requestsPerMinute, limits.burst);
    // A definition that was resolved before keys had limits has none.
    const perKey = limits.keyRequestsPerMinute ?? null;
    byTier.set(name, {
      policy: ratePolicy("tenant", rate),
      keyPolicy: perKey === null ? null : ratePolicy("api-key", perMinute(perKey)),
      concurrentRequestsMax: limits.concurrentRequests,
    });
  }
  return ({ tier }) => byTier.get(tier) ?? limitsWithoutTier;
}

const refusalsMax = 100_000;

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
  /** Whichever is forgotten is asked for again. */
  readonly #refusals = new LRUCache<string, Refusal>({ max: refusalsMax });

  constructor(buckets: RateBuckets, limitsOf: (tenant: Tenant) => TierLimits, clock: Clock) {
    this.#buckets = buckets;
    this.#limitsOf = limitsOf;
    this.#clock = clock;
  }

  take(tenant: Tenant, key: string, cost: number): RateDecision | Promise<RateDecision> {
    return this.#take(bucketOf(tenant, key), this.#limitsOf(tenant).policy, cost);
  }

  takeWithKey(
    tenant: Tenant,
    key: string,
    apiKey: string,
    cost: number,
  ): readonly RateCharge[] | Promise<readonly RateCharge[]> {
    const { policy, keyPolicy } = this.#limitsOf(tenant);
    const tenantBucket = bucketOf(tenant, key);
    if (keyPolicy === null)
      return whenKnown(this.#take(tenantBucket, policy, cost), (decision) => [{ policy, decision }]);
    const keyBucket = bucketOf(tenant, `api-key/${apiKey}`);
    const charges = (ofTenant: RateDecision, ofKey: RateDecision): readonly RateCharge[] => [
      { policy, decision: ofTenant },
      { policy: keyPolicy, decision: ofKey },
    ];
    const known = this.#refusal(keyBucket, keyPolicy);
    return whenKnown(known ?? this.#take(keyBucket, keyPolicy, cost), (ofKey) => {
      // Asking for nothing tells how much the tenant has left.
      if (!ofKey.allowed)
        return whenKnown(this.#take(tenantBucket, policy, 0), (ofTenant) => charges(ofTenant, ofKey));
      return whenKnown(this.#take(tenantBucket, policy, cost), (ofTenant) =>
        ofTenant.allowed
          ? charges(ofTenant, ofKey)
          : whenKnown(this.#giveBack(keyBucket, keyPolicy, cost), (refunded) => charges(ofTenant, refunded)),
      );
    });
  }

  refusal(tenant: Tenant, key: string): RateDecision | null {
    if (this.#refusals.size === 0) return null;
    return this.#refusal(bucketOf(tenant, key), this.#limitsOf(tenant).policy);
  }

  #take(bucket: string, policy: RatePolicy, cost: number): RateDecision | Promise<RateDecision> {
    return whenKnown(this.#buckets.take(bucket, policy.rate, cost), (decision) =>
      this.#remember(bucket, policy, decision),
    );
  }

  /** The only thing that makes a bucket fuller before its time, so what was certain is not any more. */
  #giveBack(bucket: string, policy: RatePolicy, cost: number): RateDecision | Promise<RateDecision> {
    this.#refusals.delete(bucket);
    return this.#buckets.take(bucket, policy.rate, -cost);
  }

  #refusal(bucket: string, policy: RatePolicy): RateDecision | null {
    const refusal = this.#refusals.get(bucket);
    if (refusal === undefined) return null;
    const nowMs = this.#clock.monotonicMs();
    // On another tier other limits count.
    if (refusal.policy !== policy || nowMs >= refusal.untilMs) {
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

/** Goes on at once where the value is there: in memory no decision then costs a turn of the event loop. */
function whenKnown<T, Result>(
  value: T | Promise<T>,
  use: (value: T) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}

function bucketOf(tenant: Tenant, key: string): string {
  return `${tenant.id}/${key}`;
}
