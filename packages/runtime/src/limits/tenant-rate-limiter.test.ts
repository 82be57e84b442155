import { ManualClock } from "@tenantry/base";
import { definePlatform, resolve, type TenantId, tier } from "@tenantry/model";
import { describe, expect, test } from "vitest";
import type { Tenant } from "../tenants/tenant.ts";
import type { RateDecision } from "./gcra.ts";
import { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import type { RateCharge } from "./rate-limit-fields.ts";
import { TenantRateLimiter, tierLimits } from "./tenant-rate-limiter.ts";

const platform = resolve(
  definePlatform({
    name: "limits",
    domain: "example.com",
    tiers: {
      small: tier({ limits: { requestsPerMinute: 60, burst: 2, concurrentRequests: 5 } }),
      large: tier({ limits: { requestsPerMinute: 600 } }),
      keyed: tier({ limits: { requestsPerMinute: 60, burst: 5, keyRequestsPerMinute: 20 } }),
    },
    environments: { test: { region: "us-east-1" } },
  }),
  "test",
);
const limitsOf = tierLimits(platform);

const tenant = (id: string, tierName: string): Tenant => ({
  id: id as TenantId,
  tier: tierName,
  isolation: "pool",
  status: "active",
  placement: { cell: 0, slot: 0 },
  schemaVersion: 1,
  createdAt: "2026-01-31T12:00:00.000Z",
});
const acme = tenant("acme-corp", "small");
const globex = tenant("globex-inc", "small");

function limiterOf(clock = new ManualClock()) {
  let asked = 0;
  const memory = new MemoryRateBuckets({ clock, bucketsMax: 100 });
  const counted: RateBuckets = {
    take: (...args) => {
      asked += 1;
      return memory.take(...args);
    },
  };
  return { clock, limiter: new TenantRateLimiter(counted, limitsOf, clock), asked: () => asked };
}

const take = (limiter: TenantRateLimiter, one: Tenant, key = "requests") =>
  (limiter.take(one, key, 1) as RateDecision).allowed;

test("S2.06 rate limiting per tenant: the tier says how much, and a tenant's limit is its own", () => {
  const { limiter } = limiterOf();
  expect([1, 2, 3].map(() => take(limiter, acme))).toEqual([true, true, false]);
  expect([1, 2, 3].map(() => take(limiter, globex))).toEqual([true, true, false]);
  const large = tenant("initech-llc", "large");
  expect(Array.from({ length: 61 }, () => take(limiter, large)).indexOf(false)).toBe(60);
});

test("each key of a tenant has a bucket of its own", () => {
  const { limiter } = limiterOf();
  expect([1, 2, 3].map(() => take(limiter, acme, "one"))).toEqual([true, true, false]);
  expect(take(limiter, acme, "two")).toBe(true);
});

test("what the tier says is what counts, and a tier that is gone has limits all the same", () => {
  expect(limitsOf(acme)).toMatchObject({ policy: { field: '"tenant";q=60;w=60' }, concurrentRequestsMax: 5 });
  expect(limitsOf(tenant("old-corp", "gone"))).toMatchObject({
    policy: { field: '"tenant";q=600;w=60', rate: { burst: 60 } },
    concurrentRequestsMax: null,
  });
});

test("a refusal is certain until its time is up, and needs no asking", () => {
  const { limiter, clock, asked } = limiterOf();
  expect(limiter.refusal(acme, "requests")).toBeNull();
  for (let index = 0; index < 3; index += 1) take(limiter, acme);
  expect(asked()).toBe(3);
  for (const elapsedMs of [0, 999]) {
    clock.advance(elapsedMs);
    expect(limiter.refusal(acme, "requests")).toMatchObject({
      allowed: false,
      remaining: 0,
      retryAfterMs: 1_000 - elapsedMs,
    });
  }
  expect(limiter.refusal(globex, "requests")).toBeNull();
  expect(asked()).toBe(3);
  clock.advance(1);
  expect(limiter.refusal(acme, "requests")).toBeNull();
  expect(take(limiter, acme)).toBe(true);
});

test("a refusal on one tier says nothing about another", () => {
  const { limiter } = limiterOf();
  for (let index = 0; index < 3; index += 1) take(limiter, acme);
  expect(limiter.refusal(acme, "requests")).not.toBeNull();
  expect(limiter.refusal({ ...acme, tier: "large" }, "requests")).toBeNull();
});

describe("a request of an API key", () => {
  const keyed = tenant("umbrella-co", "keyed");
  const withKey = (limiter: TenantRateLimiter, apiKey: string) =>
    (limiter.takeWithKey(keyed, "requests", apiKey, 1) as readonly RateCharge[]).map(
      ({ policy, decision }) => `${policy.name} ${decision.allowed ? decision.remaining : "refused"}`,
    );

  test("counts for the key and for the tenant, and each key has a rate of its own", () => {
    const { limiter } = limiterOf();
    expect(withKey(limiter, "one")).toEqual(["tenant 4", "api-key 1"]);
    expect(withKey(limiter, "one")).toEqual(["tenant 3", "api-key 0"]);
    expect(withKey(limiter, "two")).toEqual(["tenant 2", "api-key 1"]);
  });

  test("is refused by its key's rate and costs the tenant nothing, however often it comes", () => {
    const { limiter, clock, asked } = limiterOf();
    for (let index = 0; index < 2; index += 1) withKey(limiter, "one");
    for (let index = 0; index < 10; index += 1)
      expect(withKey(limiter, "one")).toEqual(["tenant 3", "api-key refused"]);
    // The key was asked for once, and its refusal remembered; the tenant only tells what is left.
    expect(asked()).toBe(2 * 2 + 1 + 10);
    expect(take(limiter, keyed)).toBe(true);
    clock.advance(3_000);
    expect(withKey(limiter, "one")[1]).toBe("api-key 0");
  });

  test("is refused by the tenant's rate and costs the key nothing", () => {
    const { limiter, clock } = limiterOf();
    for (let index = 0; index < 5; index += 1) expect(take(limiter, keyed)).toBe(true);
    for (let index = 0; index < 10; index += 1)
      expect(withKey(limiter, "one")).toEqual(["tenant refused", "api-key 2"]);
    clock.advance(1_000);
    expect(withKey(limiter, "one")).toEqual(["tenant 0", "api-key 1"]);
  });

  test("is held to the tenant's rate alone where the tier has none for keys", () => {
    const { limiter } = limiterOf();
    const charges = limiter.takeWithKey(acme, "requests", "one", 1) as readonly RateCharge[];
    expect(charges.map(({ policy }) => policy.name)).toEqual(["tenant"]);
  });
});
