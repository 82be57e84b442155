import { ManualClock, seededRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import fc from "fast-check";
import type { JWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { issueToken } from "./issue-token.ts";
import {
  jwksMaxAgeSeconds,
  KeyRing,
  publicationLeadMs,
  requireKeyRing,
  type RingKey,
  ringOfOne,
  rotate,
  rotateAtOnce,
  signingKeyAt,
  verificationTailMs,
  verifyingKeysAt,
} from "./key-ring.ts";
import { generateSigningKey } from "./signing-key.ts";
import { clockToleranceSeconds, tokenLifetimeSecondsMax } from "./token-claims.ts";
import { createTokenVerifier } from "./verify-token.ts";

const startMs = Date.parse("2026-01-01T00:00:00.000Z");
const keyOf = (name: string): JWK => ({ kty: "EC", crv: "P-256", kid: name });
const kids = (ring: readonly RingKey[]) => ring.map(({ jwk }) => jwk.kid);

/** What happens next in a life of a ring. */
interface Step {
  readonly afterMs: number;
  readonly act: "rotate" | "sign" | "look";
}

const steps = fc.array(
  fc.record({
    afterMs: fc.oneof(
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 0, max: 700_000 }),
      fc.integer({ min: 0, max: 100_000_000 }),
      // Around the end of a token's life, where the edges are.
      fc.integer({ min: 85_900_000, max: 86_430_000 }),
    ),
    act: fc.constantFrom("rotate" as const, "sign" as const, "look" as const),
  }),
  { minLength: 1, maxLength: 60 },
);

interface Token {
  readonly kid: string | undefined;
  readonly signedMs: number;
  readonly endsMs: number;
}

type Rotate = typeof rotate;

/**
 * Lives through the steps and says what went wrong: a token that has not expired and is not
 * verified; or one that meets somebody who keeps a JWKS document of at most its max-age that does
 * not have its key. A process may see a rotation late, and clocks may be apart.
 */
function livesThrough(life: readonly Step[], turn: Rotate): string | null {
  let ring = ringOfOne(keyOf("key-0"));
  let nowMs = startMs;
  let rotations = 0;
  let tokens: Token[] = [];
  let seen: { readonly atMs: number; readonly kids: readonly (string | undefined)[] }[] = [];
  const toleranceMs = clockToleranceSeconds * 1_000;
  for (const { afterMs, act } of life) {
    nowMs += afterMs;
    if (act === "rotate") {
      rotations += 1;
      ring = turn(ring, keyOf(`key-${rotations}`), nowMs);
    }
    if (act === "look") seen.push({ atMs: nowMs, kids: kids(verifyingKeysAt(ring, nowMs)) });
    if (act === "sign") {
      // The slowest clock still signs with the key that was before.
      for (const clockMs of [nowMs, nowMs - toleranceMs]) {
        const { kid } = signingKeyAt(ring, clockMs).jwk;
        tokens.push({
          kid,
          signedMs: nowMs,
          endsMs: clockMs + tokenLifetimeSecondsMax * 1_000 + toleranceMs,
        });
      }
    }
    tokens = tokens.filter(({ endsMs }) => endsMs > nowMs);
    const verified = new Set(kids(verifyingKeysAt(ring, nowMs)));
    const refused = tokens.find(({ kid }) => !verified.has(kid));
    if (refused !== undefined) return `${refused.kid} is refused at ${nowMs - startMs}`;
    seen = seen.filter(({ atMs }) => nowMs - atMs <= jwksMaxAgeSeconds * 1_000);
    const now = tokens.filter(({ signedMs }) => signedMs === nowMs);
    const unseen = now.find(({ kid }) => seen.some((document) => !document.kids.includes(kid)));
    if (unseen !== undefined) return `${unseen.kid} signs at ${nowMs - startMs} and is in no document yet`;
    requireKeyRing(ring);
  }
  return null;
}

describe("over time", () => {
  test("every token that has not expired is verified, and every key is published before it signs", () => {
    fc.assert(
      fc.property(steps, (life) => {
        expect(livesThrough(life, rotate)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, Rotate]>([
    [
      "signs at once",
      (ring, jwk, nowMs) =>
        rotate(ring, jwk, nowMs).map((key) =>
          key.jwk === jwk ? { ...key, signsFrom: new Date(nowMs).toISOString() } : key,
        ),
    ],
    [
      "drops the old key when the new one signs",
      (ring, jwk, nowMs) =>
        rotate(ring, jwk, nowMs).map((key) =>
          key.verifiesUntil === null
            ? key
            : { ...key, verifiesUntil: new Date(nowMs + publicationLeadMs).toISOString() },
        ),
    ],
    [
      "keeps the old key one token's life from the rotation",
      (ring, jwk, nowMs) =>
        rotate(ring, jwk, nowMs).map((key) =>
          key.verifiesUntil === null
            ? key
            : { ...key, verifiesUntil: new Date(nowMs + tokenLifetimeSecondsMax * 1_000).toISOString() },
        ),
    ],
  ])("the same property finds a rotation that %s", (_name, wrong) => {
    const { failed } = fc.check(
      fc.property(steps, (life) => livesThrough(life, wrong) === null),
      { numRuns: 2_000, seed: 1 },
    );
    expect(failed).toBe(true);
  });

  test("a ring that is turned as often as it can be stays small, and one key of it signs at any time", () => {
    let ring = ringOfOne(keyOf("key-0"));
    const bound = 2 + Math.ceil(verificationTailMs / publicationLeadMs);
    for (let turn = 1; turn <= 1_000; turn += 1) {
      const nowMs = startMs + turn * publicationLeadMs;
      ring = rotate(ring, keyOf(`key-${turn}`), nowMs);
      expect(signingKeyAt(ring, nowMs).jwk.kid).toBe(`key-${turn - 1}`);
      expect(ring.length).toBeLessThanOrEqual(bound);
    }
    expect(ring.length).toBeGreaterThan(100);
  });
});

test("a rotation that is under way stays as it is", () => {
  const once = rotate(ringOfOne(keyOf("a")), keyOf("b"), startMs);
  expect(rotate(once, keyOf("c"), startMs + publicationLeadMs - 1)).toEqual(once);
  expect(kids(rotate(once, keyOf("c"), startMs + publicationLeadMs))).toEqual(["a", "b", "c"]);
});

test("a rotation at once leaves one key, which signs", () => {
  const ring = rotateAtOnce(keyOf("b"), startMs);
  expect(kids(ring)).toEqual(["b"]);
  expect(signingKeyAt(ring, startMs).jwk.kid).toBe("b");
  // Also for a process whose clock is behind.
  expect(signingKeyAt(ring, startMs - 3_000).jwk.kid).toBe("b");
});

test.each<[string, readonly RingKey[]]>([
  ["without a key", []],
  ["with the same kid twice", [...ringOfOne(keyOf("a")), ...ringOfOne(keyOf("a"))]],
  ["with a time that is none", [{ ...(ringOfOne(keyOf("a"))[0] as RingKey), signsFrom: "soon" }]],
  [
    "whose last key has an end",
    [{ ...(ringOfOne(keyOf("a"))[0] as RingKey), verifiesUntil: "2026-01-01T00:00:00.000Z" }],
  ],
])("a ring %s is refused", (_name, ring) => {
  expect(() => requireKeyRing(ring)).toThrow(expect.objectContaining({ code: "RUNTIME_KEY_RING_INVALID" }));
});

describe("with real keys", () => {
  let keys: readonly JWK[];
  beforeAll(async () => {
    keys = await Promise.all(Array.from({ length: 4 }, () => generateSigningKey("EdDSA")));
  });
  const random = seededRandom(1);
  const issuer = "https://issuer.example.com";
  const tenantToken = (ring: KeyRing, clock: ManualClock, lifetimeSeconds: number) =>
    issueToken(
      ring.signingKey,
      {
        kind: "tenant",
        issuer,
        platform: "starter",
        subject: "ada",
        tenant: "acme-corp" as TenantId,
        role: "owner",
        lifetimeSeconds,
      },
      { clock, random },
    );

  test("tokens live through rotations while the ring is replaced, and end with their key", async () => {
    const clock = new ManualClock(startMs);
    const [first, second, third, fourth] = keys as [JWK, JWK, JWK, JWK];
    let entries = ringOfOne(first);
    const ring = await KeyRing.open(entries, clock);
    const verifier = createTokenVerifier({ keys: ring, issuer, platform: "starter", clock });
    const verdictOf = async (token: string) => (await verifier.verifyTenantToken(token)).kind;
    const old = await tenantToken(ring, clock, tokenLifetimeSecondsMax);
    entries = rotate(entries, second, clock.nowMs());
    await ring.replace(entries);
    expect(ring.publicJwks.map(({ kid }) => kid)).toEqual([first.kid, second.kid]);
    expect(ring.signingKey.kid).toBe(first.kid);
    clock.advance(publicationLeadMs - 1);
    expect(ring.signingKey.kid).toBe(first.kid);
    const last = await tenantToken(ring, clock, tokenLifetimeSecondsMax);
    clock.advance(1);
    expect(ring.signingKey.kid).toBe(second.kid);
    const next = await tenantToken(ring, clock, 3_600);
    for (const token of [old, last, next]) expect(await verdictOf(token)).toBe("valid");
    clock.advance(tokenLifetimeSecondsMax * 1_000 - 1_000);
    expect(await verdictOf(last)).toBe("valid");
    clock.advance(verificationTailMs);
    expect(ring.publicJwks.map(({ kid }) => kid)).toEqual([second.kid]);
    expect(await verifier.verifyTenantToken(last)).toEqual({
      kind: "refused",
      reason: "its kid is not known",
    });
    const fresh = await tenantToken(ring, clock, 3_600);
    await ring.replace(rotateAtOnce(third, clock.nowMs()));
    expect(await verifier.verifyTenantToken(fresh)).toEqual({
      kind: "refused",
      reason: "its kid is not known",
    });
    expect(await verdictOf(await tenantToken(ring, clock, 60))).toBe("valid");
    await expect(ring.replace(rotateAtOnce({ ...fourth, d: "AAAA" }, clock.nowMs()))).rejects.toMatchObject({
      code: "RUNTIME_SIGNING_KEY_INVALID",
    });
    expect(ring.signingKey.kid).toBe(third.kid);
  });
});
