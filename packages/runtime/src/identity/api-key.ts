import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Random } from "@tenantry/base";

/**
 * An API key reads `tk_<10>_<32><6>`: what it is found by, 190 random bits, and a check sum. The
 * beginning lets scanners for leaked secrets recognize it, and the check sum tells a typo or a
 * made-up key without asking the database. Only the hash of the whole text is kept; it needs no
 * salt and no slow function, because nobody guesses 190 bits.
 */
export interface NewApiKey {
  /** `tk_` and ten characters: shown in lists, and what the key is found by. */
  readonly prefix: string;
  /** The whole key, which is shown once. */
  readonly secret: string;
  readonly secretHash: string;
}

/** An API key as it came with a request. */
export interface PresentedApiKey {
  readonly prefix: string;
  readonly secretHash: string;
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const apiKeyPattern = /^(tk_[0-9A-Za-z]{10})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;
const checkSumLength = 6;

export function newApiKey(random: Random): NewApiKey {
  const prefix = `tk_${letters(random, 10)}`;
  const body = `${prefix}_${letters(random, 32)}`;
  const secret = body + checkSumOf(body);
  return { prefix, secret, secretHash: hashOfSecret(secret) };
}

/** Null where the text is no API key, or one with a typo. */
export function parseApiKey(text: string): PresentedApiKey | null {
  const match = apiKeyPattern.exec(text);
  const prefix = match?.[1];
  if (prefix === undefined || checkSumOf(text.slice(0, -checkSumLength)) !== match?.[3]) return null;
  return { prefix, secretHash: hashOfSecret(text) };
}

/** Whether a text means to be an API key, so that nothing else should try to read it. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith("tk_");
}

/** SHA-256 in hexadecimal: how every secret with enough random bits is kept. */
export function hashOfSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares hashes in a time that does not tell where they differ. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function letters(random: Random, count: number): string {
  let text = "";
  while (text.length < count) {
    for (const byte of random.bytes(count - text.length)) {
      // 248 is four times 62: a byte above would make the first letters likelier than the others.
      if (byte < 248) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

function checkSumOf(text: string): string {
  let rest = crc32(text);
  let sum = "";
  for (let index = 0; index < checkSumLength; index += 1) {
    sum = alphabet[rest % alphabet.length] + sum;
    rest = Math.floor(rest / alphabet.length);
  }
  return sum;
}
