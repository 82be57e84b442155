import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearestNames } from "./nearest-names.ts";

test("the probable name comes first, and no improbable one", () => {
  const names = ["acme-corp", "acme-core", "globex-inc", "initech-llc"];
  expect(nearestNames("acme-crop", names)).toEqual(["acme-corp", "acme-core"]);
  expect(nearestNames("globex", names)).toEqual(["globex-inc"]);
  expect(nearestNames("umbrella-co", names)).toEqual([]);
});

const word = fc.string({ maxLength: 12, unit: fc.constantFrom("a", "b", "c") });

test("the distance is zero for the same word only, symmetric, and at most the longer length", () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});

test("one edit is a distance of one", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", "b", "c") }),
      fc.nat(),
      (a, at) => {
        const index = at % a.length;
        expect(editDistance(a, a.slice(0, index) + a.slice(index + 1))).toBe(1);
        expect(editDistance(a, `${a.slice(0, index)}x${a.slice(index)}`)).toBe(1);
        expect(editDistance(a, `${a.slice(0, index)}x${a.slice(index + 1)}`)).toBe(1);
      },
    ),
  );
});
