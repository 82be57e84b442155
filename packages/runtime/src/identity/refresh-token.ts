import type { Random } from "@tenantry/base";
import { hashOfSecret, sameHash } from "./api-key.ts";

/**
 * A refresh token reads `tr_<sign-in><family><secret>`: the id of the sign-in, 128 bits that all
 * tokens of the sign-in share, and 256 that only this one has. Of the family and of the whole only
 * hashes are kept, together in the column of the sign-in. A token with the right family that is not
 * the one of now was valid once, however long ago: somebody else has used it, or uses it now.
 */
export interface NewRefreshToken {
  readonly text: string;
  /** What is kept of it. */
  readonly hash: string;
}

export interface PresentedRefreshToken {
  readonly signIn: string;
  readonly family: string;
  readonly text: string;
}

export type RefreshVerdict = "current" | "spent" | "strange";

const familyBytes = 16;
const secretBytes = 32;
const refreshPattern = /^tr_([0-9a-f]{32})([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{43})$/;

/** @param family that of the token before, which this one replaces */
export function newRefreshToken(signIn: string, random: Random, family?: string): NewRefreshToken {
  const ofFamily = family ?? base64url(random, familyBytes);
  const text = `tr_${signIn.replaceAll("-", "")}${ofFamily}${base64url(random, secretBytes)}`;
  return { text, hash: hashesOf(ofFamily, text) };
}

/** Null where the text is no refresh token. */
export function parseRefreshToken(text: string): PresentedRefreshToken | null {
  const [, id, family] = refreshPattern.exec(text) ?? [];
  if (id === undefined || family === undefined) return null;
  const signIn = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { signIn, family, text };
}

/** What a token is to the sign-in that keeps this hash. */
export function judgeRefreshToken(token: PresentedRefreshToken, keptHash: string): RefreshVerdict {
  const hash = hashesOf(token.family, token.text);
  if (sameHash(hash, keptHash)) return "current";
  return sameHash(familyPart(hash), familyPart(keptHash)) ? "spent" : "strange";
}

function hashesOf(family: string, text: string): string {
  return `${hashOfSecret(family)}.${hashOfSecret(text)}`;
}

function familyPart(hash: string): string {
  return hash.slice(0, hash.indexOf("."));
}

function base64url(random: Random, bytes: number): string {
  return Buffer.from(random.bytes(bytes)).toString("base64url");
}
