import { randomBytes } from "node:crypto";

/** Randomness as a parameter: secrets come from the machine, simulations from a seed. */
export interface Random {
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1). */
  unit(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
}

export const systemRandom: Random = Object.freeze({
  bytes: (count: number) => new Uint8Array(randomBytes(count)),
  unit: () => randomBytes(4).readUInt32LE() / 2 ** 32,
  below: (limit: number) => Math.floor((randomBytes(4).readUInt32LE() / 2 ** 32) * limit),
});

/**
 * The same seed gives the same numbers on every machine (xoshiro128**, seeded by splitmix32;
 * https://prng.di.unimi.it/). Never for secrets.
 */
export function seededRandom(seed: number): Random {
  let mix = seed >>> 0;
  const splitmix = () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const rotate = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0;
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = (b << 9) >>> 0;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d >>> 0, 11);
    return result;
  };
  return Object.freeze({
    bytes: (count: number) => Uint8Array.from({ length: count }, () => next() & 0xff),
    unit: () => next() / 2 ** 32,
    below: (limit: number) => Math.floor((next() / 2 ** 32) * limit),
  });
}
