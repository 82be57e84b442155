import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, seededRandom, systemRandom } from "./random.ts";

/**
 * xoshiro128** as its authors publish it (https://prng.di.unimi.it/xoshiro128starstar.c), in
 * BigInt, slow and without a trick: the oracle for the fast one.
 */
function referenceXoshiro(state: readonly [number, number, number, number]): () => number {
  const u32 = (x: bigint) => BigInt.asUintN(32, x);
  const rotl = (x: bigint, k: bigint) => u32((x << k) | (x >> (32n - k)));
  const s = state.map(BigInt) as [bigint, bigint, bigint, bigint];
  return () => {
    const result = u32(rotl(u32(s[1] * 5n), 7n) * 9n);
    const t = u32(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(result);
  };
}

/** splitmix32 with the finalizer of MurmurHash3, in BigInt. */
function referenceSplitmix(seed: number): () => number {
  const u32 = (x: bigint) => BigInt.asUintN(32, x);
  let mix = BigInt.asUintN(32, BigInt(seed));
  return () => {
    mix = u32(mix + 0x9e3779b9n);
    let z = mix;
    z = u32((z ^ (z >> 16n)) * 0x85ebca6bn);
    z = u32((z ^ (z >> 13n)) * 0xc2b2ae35n);
    return Number(z ^ (z >> 16n));
  };
}

const words = (random: Random, count: number) => Array.from({ length: count }, () => random.unit() * 2 ** 32);

describe("seededRandom", () => {
  it("has an oracle that gives the published first numbers", () => {
    const next = referenceXoshiro([1, 2, 3, 4]);
    expect([next(), next(), next(), next()]).toEqual([11520, 0, 5927040, 70819200]);
  });

  it("gives the numbers of xoshiro128** for every seed", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const mix = referenceSplitmix(seed);
        const next = referenceXoshiro([mix(), mix(), mix(), mix()]);
        expect(words(seededRandom(seed), 50)).toEqual(Array.from({ length: 50 }, next));
      }),
    );
  });

  it("gives the same numbers as on the day this was written", () => {
    expect(words(seededRandom(7), 4)).toEqual([1004282400, 2200021487, 1928073449, 741806228]);
  });

  it("gives other numbers for another seed", () => {
    const firsts = new Set(Array.from({ length: 1_000 }, (_, seed) => seededRandom(seed).unit()));
    expect(firsts.size).toBeGreaterThan(995);
  });
});

describe.each([
  ["seededRandom", () => seededRandom(1)],
  ["systemRandom", () => systemRandom],
])("%s", (_name, make) => {
  it("stays inside its ranges", () => {
    const random = make();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.nat(100), (limit, count) => {
        const below = random.below(limit);
        expect(Number.isInteger(below) && below >= 0 && below < limit).toBe(true);
        const unit = random.unit();
        expect(unit >= 0 && unit < 1).toBe(true);
        expect(random.bytes(count)).toHaveLength(count);
      }),
    );
  });

  // Pearson's chi-squared with 255 degrees of freedom: 377 is passed once in a million runs.
  it.each([
    ["bytes", (random: Random, count: number) => random.bytes(count)],
    ["below", (random: Random, count: number) => Array.from({ length: count }, () => random.below(256))],
    [
      "unit",
      (random: Random, count: number) => Array.from({ length: count }, () => Math.floor(random.unit() * 256)),
    ],
  ])("spreads %s evenly", (_method, draw) => {
    const count = 100_000;
    const counts = Array.from({ length: 256 }, () => 0);
    for (const value of draw(make(), count)) counts[value] = (counts[value] ?? 0) + 1;
    const expected = count / 256;
    const chiSquared = counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(377);
  });
});

it("systemRandom does not repeat itself", () => {
  const seen = new Set(
    Array.from({ length: 1_000 }, () => Buffer.from(systemRandom.bytes(16)).toString("hex")),
  );
  expect(seen.size).toBe(1_000);
});
