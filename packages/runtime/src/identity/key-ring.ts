import { assert, type Clock } from "@tenantry/base";
import type { JWK } from "jose";
import { errors } from "../errors.ts";
import { importSigningKey, type SigningKey } from "./signing-key.ts";
import { clockToleranceSeconds, tokenLifetimeSecondsMax } from "./token-claims.ts";

/**
 * The keys that sign and verify tokens, over time.
 *
 * A key is published first, signs later, and goes on verifying after it has stopped signing:
 *
 *     createdAt ── published ──▶ signsFrom ── signs ──▶ signsFrom of the next key ── verifies ──▶ verifiesUntil
 *
 * It is published for long enough that whoever keeps our JWKS document, and every process of ours,
 * knows it before it meets its first token; and it verifies until the last token that it signed has
 * expired. So a rotation refuses no token. Times are RFC 3339, UTC, because a ring is kept as JSON.
 */
export interface RingKey {
  /** A private ES256 or EdDSA key with a kid. */
  readonly jwk: JWK;
  readonly createdAt: string;
  readonly signsFrom: string;
  /** Null for the key that signs, or will sign, last. */
  readonly verifiesUntil: string | null;
}

/** How long others may keep our JWKS document: the max-age of its Cache-Control. */
export const jwksMaxAgeSeconds = 300;
/** How long every process has to notice a changed ring, which is far more than it takes. */
const noticeSeconds = 120;
/** From publication to the first signature. */
export const publicationLeadMs = (jwksMaxAgeSeconds + noticeSeconds + clockToleranceSeconds) * 1_000;
/** From the last signature, by the slowest clock, to the end of the last token, by the slowest clock. */
export const verificationTailMs = (tokenLifetimeSecondsMax + 2 * clockToleranceSeconds) * 1_000;

const beginning = new Date(0).toISOString();

/** The ring of one key that has always signed. */
export function ringOfOne(jwk: JWK): readonly RingKey[] {
  return [{ jwk, createdAt: beginning, signsFrom: beginning, verifiesUntil: null }];
}

/** The key that signs: the one whose turn came last. Before the first turn, as after a clock went back, the first. */
export function signingKeyAt(ring: readonly RingKey[], nowMs: number): RingKey {
  const inTurn = inOrder(verifyingKeysAt(ring, nowMs));
  const key = inTurn.findLast(({ signsFrom }) => Date.parse(signsFrom) <= nowMs) ?? inTurn[0];
  assert(key !== undefined, "a ring has a key that verifies for good");
  return key;
}

/** The keys whose tokens are accepted, which are also those that are published. */
export function verifyingKeysAt(ring: readonly RingKey[], nowMs: number): readonly RingKey[] {
  return ring.filter(({ verifiesUntil }) => verifiesUntil === null || Date.parse(verifiesUntil) > nowMs);
}

/**
 * The ring with another key that will sign once everybody knows it; keys whose time is up leave.
 * While a key waits for its turn the ring stays as it is: a rotation is under way.
 */
export function rotate(ring: readonly RingKey[], jwk: JWK, nowMs: number): readonly RingKey[] {
  const kept = verifyingKeysAt(ring, nowMs);
  if (kept.some(({ signsFrom }) => Date.parse(signsFrom) > nowMs)) return kept;
  const signsFromMs = nowMs + publicationLeadMs;
  const next: RingKey = {
    jwk,
    createdAt: new Date(nowMs).toISOString(),
    signsFrom: new Date(signsFromMs).toISOString(),
    verifiesUntil: null,
  };
  const verifiesUntil = new Date(signsFromMs + verificationTailMs).toISOString();
  return [...kept.map((key) => (key.verifiesUntil === null ? { ...key, verifiesUntil } : key)), next];
}

/**
 * The ring after a key became known to somebody else: one new key that signs at once. Every token
 * that there is ends, and whoever keeps the JWKS document refuses new ones until it reads it again.
 */
export function rotateAtOnce(jwk: JWK, nowMs: number): readonly RingKey[] {
  const now = new Date(nowMs).toISOString();
  return [{ jwk, createdAt: now, signsFrom: now, verifiesUntil: null }];
}

/** @throws CodedError RUNTIME_KEY_RING_INVALID. The message holds no part of a key. */
export function requireKeyRing(ring: readonly RingKey[]): void {
  const invalid = (reason: string) => errors.RUNTIME_KEY_RING_INVALID({ reason });
  if (!Array.isArray(ring) || ring.length === 0) throw invalid("it has no key");
  const kids = new Set(ring.map(({ jwk }) => jwk?.kid));
  if (kids.size !== ring.length) throw invalid("two keys have the same kid");
  for (const { createdAt, signsFrom, verifiesUntil } of ring) {
    for (const time of [createdAt, signsFrom, ...(verifiesUntil === null ? [] : [verifiesUntil])]) {
      if (Number.isNaN(Date.parse(time))) throw invalid(`${JSON.stringify(time)} is not a time`);
    }
  }
  const last = inOrder(ring).at(-1);
  if (last?.verifiesUntil !== null) throw invalid("the key that signs last has an end");
}

/** The keys by when their turn to sign comes. */
function inOrder(ring: readonly RingKey[]): readonly RingKey[] {
  return ring.toSorted((a, b) => Date.parse(a.signsFrom) - Date.parse(b.signsFrom));
}

/** Where tokens are signed, verified, and the public halves published: the ring as it is now. */
export class KeyRing {
  readonly #clock: Clock;
  #keys: readonly RingKey[] = [];
  #imported: ReadonlyMap<string, SigningKey> = new Map();

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws CodedError RUNTIME_KEY_RING_INVALID, RUNTIME_SIGNING_KEY_INVALID */
  static async open(keys: readonly RingKey[], clock: Clock): Promise<KeyRing> {
    const ring = new KeyRing(clock);
    await ring.replace(keys);
    return ring;
  }

  /** Takes other keys from now on, all at once; keeps those it has where one cannot be used. */
  async replace(keys: readonly RingKey[]): Promise<void> {
    requireKeyRing(keys);
    const imported = new Map<string, SigningKey>();
    for (const { jwk } of keys) {
      const key = await importSigningKey(jwk);
      imported.set(key.kid, key);
    }
    this.#keys = keys;
    this.#imported = imported;
  }

  get signingKey(): SigningKey {
    return this.#importedOf(signingKeyAt(this.#keys, this.#clock.nowMs()));
  }

  /** The key of this kid, where its tokens are still accepted. */
  verifyingKey(kid: string): SigningKey | undefined {
    const key = this.#imported.get(kid);
    if (key === undefined) return undefined;
    const entry = this.#keys.find(({ jwk }) => jwk.kid === kid);
    const until = entry?.verifiesUntil ?? null;
    return until === null || Date.parse(until) > this.#clock.nowMs() ? key : undefined;
  }

  /** What the JWKS document shows. */
  get publicJwks(): readonly SigningKey["publicJwk"][] {
    return verifyingKeysAt(this.#keys, this.#clock.nowMs()).map((key) => this.#importedOf(key).publicJwk);
  }

  #importedOf({ jwk }: RingKey): SigningKey {
    const key = this.#imported.get(jwk.kid as string);
    assert(key !== undefined, "every key of the ring is imported");
    return key;
  }
}
