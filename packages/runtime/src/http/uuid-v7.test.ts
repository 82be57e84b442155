import { seededRandom } from "@tenantry/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { uuidPattern, uuidV7 } from "./uuid-v7.ts";

test("ids have version 7, the variant of RFC 9562, and sort by their time", () => {
  const random = seededRandom(7);
  const time = fc.nat({ max: 2 ** 47 });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [first, second] = [uuidV7(a, random), uuidV7(b, random)];
      expect(first).toMatch(uuidPattern);
      expect(first).toMatch(/^.{14}7.{4}[89ab]/);
      if (a !== b) expect(first < second).toBe(a < b);
      else expect(first).not.toBe(second);
    }),
  );
});

test("many ids of one moment are all different, also where what was drawn is used up", () => {
  const random = seededRandom(8);
  const ids = Array.from({ length: 5_000 }, () => uuidV7(1_700_000_000_000, random));
  expect(new Set(ids.map((id) => id.slice(14))).size).toBe(ids.length);
});

test("the same randomness gives the same ids", () => {
  const idsOf = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 3 }, () => uuidV7(1_700_000_000_000, random));
  };
  expect(idsOf(9)).toEqual(idsOf(9));
  expect(idsOf(9)).not.toEqual(idsOf(10));
});
