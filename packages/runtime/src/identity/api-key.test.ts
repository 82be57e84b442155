import { seededRandom, systemRandom } from "@tenantry/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOfSecret, looksLikeApiKey, newApiKey, parseApiKey, sameHash } from "./api-key.ts";
import { bearerToken } from "./bearer.ts";

test("a new key reads as what it is, comes back from a bearer token, and only its hash is kept", () => {
  const key = newApiKey(systemRandom);
  expect(key.secret).toMatch(/^tk_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}$/);
  expect(key.secret.startsWith(`${key.prefix}_`)).toBe(true);
  expect(parseApiKey(bearerToken(`Bearer ${key.secret}`))).toEqual({
    prefix: key.prefix,
    secretHash: key.secretHash,
  });
  expect(key.secretHash).toBe(hashOfSecret(key.secret));
});

test("every typo of one character is told without a look-up", () => {
  const { secret } = newApiKey(seededRandom(1));
  fc.assert(
    fc.property(
      fc.nat(secret.length - 1),
      fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"),
      (index, letter) => {
        const text = secret.slice(0, index) + letter + secret.slice(index + 1);
        expect(parseApiKey(text) === null).toBe(text !== secret);
      },
    ),
    { numRuns: 3_000 },
  );
});

test.each(["", "tk_", "tk_abc_def", "tk_0123456789_", "TK_0123456789_", "a.b.c"])(
  "%j is no API key",
  (text) => {
    expect(parseApiKey(text)).toBeNull();
  },
);

test("two swapped characters, a cut and a longer text are no API key", () => {
  const { secret } = newApiKey(seededRandom(2));
  const swapped = `${secret.slice(0, 20)}${secret[21]}${secret[20]}${secret.slice(22)}`;
  expect(secret[20]).not.toBe(secret[21]);
  for (const text of [swapped, secret.slice(0, -1), `${secret}0`, ` ${secret}`, `${secret}\n`]) {
    expect(parseApiKey(text)).toBeNull();
  }
});

test("the letters are all equally likely", () => {
  const counts = new Map<string, number>();
  const random = seededRandom(3);
  for (let round = 0; round < 2_000; round += 1) {
    for (const letter of newApiKey(random).secret.slice(14, 46)) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  }
  const expected = (2_000 * 32) / 62;
  expect(counts.size).toBe(62);
  // Five standard deviations.
  for (const count of counts.values())
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
});

test("what looks like an API key is read as nothing else", () => {
  expect(looksLikeApiKey(newApiKey(systemRandom).secret)).toBe(true);
  expect(looksLikeApiKey("eyJhbGciOiJFUzI1NiJ9.e30.AA")).toBe(false);
  expect(sameHash("ab", "ab")).toBe(true);
  expect(sameHash("ab", "ac")).toBe(false);
  expect(sameHash("ab", "abc")).toBe(false);
});
