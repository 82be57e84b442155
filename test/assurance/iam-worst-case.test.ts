import { type Random, seededRandom } from "@tenantry/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authorize } from "../../packages/assurance/src/isolation/iam/evaluate/authorize.ts";
import {
  anyValue,
  type ContextLookup,
  contextOf,
} from "../../packages/assurance/src/isolation/iam/evaluate/context.ts";
import { matchesPattern } from "../../packages/assurance/src/isolation/iam/evaluate/matching.ts";
import { wildcardPattern } from "../../packages/assurance/src/isolation/iam/evaluate/pattern.ts";
import { anyTenantMatching } from "../../packages/assurance/src/isolation/iam/worst-case/any-tenant-matching.ts";
import { anyText, matchesFree } from "../../packages/assurance/src/isolation/iam/worst-case/free-text.ts";
import { textWithIds } from "../../packages/assurance/src/isolation/iam/worst-case/with-ids.ts";
import { drawCase } from "./iam-cases.ts";
import { policiesOf, principalOf } from "./iam-oracle.ts";

/*
 * The worst case must hold every case: whatever a complete context lets through, is let through where the same keys are
 * left open. Each property is held against the plain way of doing it.
 */
describe("the worst case", () => {
  it("lets through whatever some context lets through", () => {
    const random = seededRandom(11);
    const counts = { allowed: 0, opened: 0 };
    for (let index = 0; index < 6_000; index++) {
      const given = drawCase(random);
      const policies = policiesOf(given);
      const concrete = contextOf(given.context);
      const request = { ...given, principal: principalOf(given.principal), context: concrete };
      const outcome = authorize(request, policies).outcome;
      const open = { ...request, context: leaveOpen(random, given.context, concrete) };
      const worst = authorize(open, policies).outcome;
      if (outcome === "allowed") {
        counts.allowed++;
        expect(worst, JSON.stringify(given)).toBe("allowed");
      } else if (worst === "allowed") counts.opened++;
    }
    // Both really happen: contexts that let through, and others that are only let through because keys are open.
    expect(counts.allowed).toBeGreaterThan(500);
    expect(counts.opened).toBeGreaterThan(100);
  });

  const part = fc.constantFrom("a", "b", ":", "/", "ab", "*", "?", "-");
  const patterns = fc.array(part, { maxLength: 7 }).map((parts) => parts.join(""));
  const texts = fc
    .array(fc.constantFrom("a", "b", ":", "/", "-"), { maxLength: 4 })
    .map((parts) => parts.join(""));

  it("matches any text where some text matches, and for sure only where all do", () => {
    fc.assert(
      fc.property(
        patterns,
        texts,
        texts,
        texts,
        fc.boolean(),
        (pattern, before, filling, after, withinSegments) => {
          const parsed = wildcardPattern(pattern);
          const free = `${before}${anyText}${after}`;
          const plain = matchesPattern(parsed, before + filling + after, { withinSegments });
          if (plain) expect(matchesFree(parsed, free, { withinSegments }, "some")).toBe(true);
          if (matchesFree(parsed, free, { withinSegments }, "all")) expect(plain).toBe(true);
        },
      ),
      { numRuns: 3_000, seed: 5 },
    );
  });

  it("says of any two tenants what is true of each pair", () => {
    const ids = ["abc", "abc-d", "abcd", "d-abc", "d01", "abc-d01", "a0-b"];
    const shape = fc
      .array(fc.constantFrom("⟨tenant:a⟩", "⟨username:a⟩", "-", "/", "*", "?", "abc", "d"), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.join(""));
    const subject = fc
      .array(fc.constantFrom("⟨tenant:b⟩", "⟨username:b⟩", "-", "/", "abc", "d"), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.join(""));
    const matching = anyTenantMatching(32);
    const seen = { yes: 0, maybe: 0, no: 0 };
    fc.assert(
      fc.property(shape, subject, fc.constantFrom(...ids), fc.constantFrom(...ids), (pattern, text, a, b) => {
        fc.pre(a !== b);
        const said = matching.matches(wildcardPattern(pattern), text);
        seen[said]++;
        const plain = matchesPattern(
          wildcardPattern(textWithIds(pattern, { a, b })),
          textWithIds(text, { a, b }),
        );
        if (plain) expect(said).not.toBe("no");
        if (said === "yes") expect(plain).toBe(true);
      }),
      { numRuns: 1_500, seed: 6 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });
});

/** Some keys of the context may be anything. */
function leaveOpen(
  random: Random,
  given: Readonly<Record<string, unknown>>,
  concrete: ContextLookup,
): ContextLookup {
  const open = new Set(
    Object.keys(given)
      .filter(() => random.unit() < 0.5)
      .map((key) => key.toLowerCase()),
  );
  return (key) => (open.has(key) ? anyValue : concrete(key));
}
