import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUsd, microUsd, splitByWeight, sumOfAmounts } from "./money.ts";
import { roundTogether } from "./round-together.ts";

const amounts = fc.nat({ max: 1_000_000_000_000 });
const parts = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, maxLength: 8 }),
    weight: fc.oneof(fc.nat({ max: 1_000_000_000_000 }), fc.double({ min: 0, max: 1000, noNaN: true })),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 40 },
);

describe("splitByWeight", () => {
  it("gives the whole amount away, to the last millionth, and nobody less than nothing", () => {
    fc.assert(
      fc.property(amounts, parts, (amount, split) => {
        const shares = splitByWeight(amount, split);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("gives nobody more than a millionth beside their exact share", () => {
    fc.assert(
      fc.property(
        amounts,
        fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 30 }),
        (amount, weights) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const named = weights.map((weight, index) => ({ name: `t${index}`, weight }));
          for (const [index, share] of splitByWeight(amount, named).entries()) {
            const exact = total === 0 ? amount / weights.length : (amount * (weights[index] ?? 0)) / total;
            expect(Math.abs(share - exact)).toBeLessThanOrEqual(1.001);
          }
        },
      ),
    );
  });

  it("does not depend on the order of the parts", () => {
    fc.assert(
      fc.property(amounts, parts, fc.nat(), (amount, split, turn) => {
        const shares = new Map(split.map(({ name }, index) => [name, splitByWeight(amount, split)[index]]));
        const at = turn % split.length;
        const turned = [...split.slice(at), ...split.slice(0, at)].reverse();
        const again = splitByWeight(amount, turned);
        for (const [index, { name }] of turned.entries()) expect(again[index]).toBe(shares.get(name));
      }),
    );
  });

  it("splits equally where nobody has a weight, and by name what is left over", () => {
    const named = ["c", "a", "b"].map((name) => ({ name, weight: 0 }));
    expect(splitByWeight(100, named)).toEqual([33, 34, 33]);
    expect(splitByWeight(7, [{ name: "all", weight: 0.000_000_1 }])).toEqual([7]);
  });

  it("refuses a weight that is none, and an amount that nobody would get", () => {
    expect(() => splitByWeight(1, [{ name: "a", weight: Number.NaN }])).toThrow("no weight");
    expect(() => splitByWeight(1, [{ name: "a", weight: -1 }])).toThrow("no weight");
    expect(() => splitByWeight(1, [])).toThrow("nobody takes");
    expect(splitByWeight(0, [])).toEqual([]);
  });
});

describe("roundTogether", () => {
  it("prints parts that add up to the printed sum", () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 40 }), (values) => {
        const named = values.map((amount, index) => ({ name: `p${index}`, amount }));
        const sum = values.reduce((total, amount) => total + amount, 0);
        const cents = roundTogether(named, 10_000);
        expect(cents.reduce((total, cent) => total + cent, 0)).toBe(Math.round(sum / 10_000));
        if (sum > 0) {
          const tenths = roundTogether(named, sum / 1000);
          expect(tenths.reduce((total, tenth) => total + tenth, 0)).toBe(1000);
        }
      }),
    );
  });
});

describe("amounts", () => {
  it.each([
    [0, "0.00"],
    [1, "<0.01"],
    [-1, "-<0.01"],
    [5_000, "0.01"],
    [1_234_567_891, "1,234.57"],
    [-4_384_007, "-4.38"],
    [1_000_000_000_000, "1,000,000.00"],
  ])("%i millionths are %s", (amount, text) => expect(formatUsd(amount)).toBe(text));

  it("are refused where they cannot be counted exactly", () => {
    expect(microUsd(999_999_999)).toBe(999_999_999_000_000);
    for (const usd of [1e10, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => microUsd(usd)).toThrow(expect.objectContaining({ code: "ASSURANCE_COST_RANGE" }));
    }
    expect(() => sumOfAmounts([Number.MAX_SAFE_INTEGER, 1])).toThrow("cannot be counted exactly");
  });
});
