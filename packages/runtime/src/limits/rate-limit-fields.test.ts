import { expect, test } from "vitest";
import { gcra, perMinute } from "./gcra.ts";
import { rateLimitFields, rateLimitFieldsOf, ratePolicy, secondsUntilMore } from "./rate-limit-fields.ts";

test("the fields say the quota, what remains and when there is more", () => {
  const policy = ratePolicy("tenant", perMinute(600, 2));
  const first = gcra(undefined, 0, policy.rate, 1);
  expect(rateLimitFields(policy, first)).toEqual({
    "ratelimit-policy": '"tenant";q=600;w=60',
    ratelimit: '"tenant";r=1;t=1',
  });
  const second = gcra(first.arrival, 0, policy.rate, 1);
  const third = gcra(second.arrival, 0, policy.rate, 1);
  expect(rateLimitFields(policy, third).ratelimit).toBe('"tenant";r=0;t=1');
});

test("seconds are rounded up, so that who waits for them is not refused", () => {
  const { rate } = ratePolicy("tenant", perMinute(25, 1));
  const { arrival } = gcra(undefined, 0, rate, 1);
  const refused = gcra(arrival, 0, rate, 1);
  expect(refused.retryAfterMs).toBe(2_400);
  expect(secondsUntilMore(refused)).toBe(3);
  expect(gcra(arrival, 3_000_000, rate, 1).allowed).toBe(true);
});

test("what several policies hold has a member of each in both lists", () => {
  const policies = [ratePolicy("tenant", perMinute(600, 2)), ratePolicy("api-key", perMinute(60, 1))];
  const charges = policies.map((policy) => ({ policy, decision: gcra(undefined, 0, policy.rate, 1) }));
  expect(rateLimitFieldsOf(charges)).toEqual({
    "ratelimit-policy": '"tenant";q=600;w=60, "api-key";q=60;w=60',
    ratelimit: '"tenant";r=1;t=1, "api-key";r=0;t=1',
  });
});
