import { ManualClock, seededRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { issueToken } from "./issue-token.ts";
import { generateSigningKey, importSigningKey, type SigningKey } from "./signing-key.ts";
import { tokenLifetimeSecondsMax } from "./token-claims.ts";
import { TokenCache } from "./token-cache.ts";
import { createTokenVerifier, type TokenVerifier } from "./verify-token.ts";

const issuer = "https://issuer.example.com";
const now = 1_767_225_600;
const random = seededRandom(3);
let key: SigningKey;
beforeAll(async () => {
  key = await importSigningKey(await generateSigningKey());
});

function cacheOf(change: { entriesMax?: number; key?: SigningKey } = {}) {
  const clock = new ManualClock(now * 1_000);
  const plain = createTokenVerifier({ keys: [change.key ?? key], issuer, platform: "starter", clock });
  let verified = 0;
  const verifier: TokenVerifier = {
    verifyTenantToken: (token) => ((verified += 1), plain.verifyTenantToken(token)),
    verifyControlToken: (token) => ((verified += 1), plain.verifyControlToken(token)),
  };
  const { entriesMax = 100 } = change;
  const cache = new TokenCache({ verifier, clock, entriesMax });
  const kindOf = async (token: string) => (await cache.verifyTenantToken(token)).kind;
  return { clock, plain, cache, kindOf, verified: () => verified };
}

const issue = (clock: ManualClock, subject = "ada@acme.example", lifetimeSeconds = 600) =>
  issueToken(
    key,
    {
      kind: "tenant",
      issuer,
      platform: "starter",
      subject,
      tenant: "acme-corp" as TenantId,
      role: "owner",
      lifetimeSeconds,
    },
    { clock, random },
  );

async function sign(claims: Record<string, unknown>): Promise<string> {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { alg: key.algorithm, typ: "at+jwt", kid: key.kid };
  const fixed = { iss: issuer, aud: "urn:tenantry:starter:api", sub: "ada@acme.example" };
  const input = `${encode(header)}.${encode({ ...fixed, jti: "1", tenant_id: "acme-corp", role: "owner", ...claims })}`;
  const algorithm = key.algorithm === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "Ed25519" };
  const signature = await crypto.subtle.sign(algorithm, key.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

test("a token is verified once, and the answer is the same", async () => {
  const { clock, cache, plain, verified } = cacheOf();
  const token = await issue(clock);
  const answers = [await cache.verifyTenantToken(token), await cache.verifyTenantToken(token)];
  expect(verified()).toBe(1);
  expect(answers).toEqual([await plain.verifyTenantToken(token), answers[0]]);
});

test("at every second the cached answer is the verifier's own, also when the clock goes back", async () => {
  const offset = fc.integer({ min: -12, max: 12 });
  const claims = fc.record({
    iat: offset,
    lifetime: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(tokenLifetimeSecondsMax)),
    nbf: fc.option(offset, { nil: undefined }),
  });
  const times = fc.array(
    fc.oneof(fc.integer({ min: -40_000, max: 40_000 }), fc.integer({ min: 86_380_000, max: 86_430_000 })),
    { minLength: 2, maxLength: 8 },
  );
  let [compared, valid, cached] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(claims, times, async ({ iat, lifetime, nbf }, atMs) => {
      const { clock, cache, plain, verified } = cacheOf();
      const token = await sign({
        exp: now + iat + lifetime,
        iat: now + iat,
        ...(nbf === undefined ? {} : { nbf: now + nbf }),
      });
      for (const ms of [...atMs, atMs[0] ?? 0]) {
        clock.advance(now * 1_000 + ms - clock.nowMs());
        const answer = await cache.verifyTenantToken(token);
        expect(answer.kind).toBe((await plain.verifyTenantToken(token)).kind);
        compared += 1;
        if (answer.kind === "valid") valid += 1;
      }
      cached += atMs.length + 1 - verified();
    }),
    { numRuns: 400, seed: 11 },
  );
  expect(valid).toBeGreaterThan(compared / 20);
  expect(cached).toBeGreaterThan(20);
});

test("a token that has expired is refused although it is remembered, and forgotten", async () => {
  const { clock, cache, kindOf } = cacheOf();
  const token = await issue(clock, "ada@acme.example", 10);
  expect(await kindOf(token)).toBe("valid");
  clock.advance(14_999);
  expect(await kindOf(token)).toBe("valid");
  clock.advance(1);
  expect(await kindOf(token)).toBe("refused");
  expect(cache.size).toBe(0);
});

test("a refusal is not remembered", async () => {
  const { clock, cache, kindOf, verified } = cacheOf();
  const token = await issue(clock);
  const forged = `${token.slice(0, -8)}AAAAAAAA`;
  expect([await kindOf(forged), await kindOf(forged)]).toEqual(["refused", "refused"]);
  expect([verified(), cache.size]).toEqual([2, 0]);
});

test("a token with one character changed anywhere is another token", async () => {
  const { clock, kindOf } = cacheOf();
  const token = await issue(clock);
  expect(await kindOf(token)).toBe("valid");
  for (let index = 0; index < token.length; index += 1) {
    const other = token[index] === "A" ? "B" : "A";
    expect(await kindOf(token.slice(0, index) + other + token.slice(index + 1))).toBe("refused");
  }
});

test("the other form of an ECDSA signature is verified by itself", async () => {
  const { clock, kindOf, verified, cache } = cacheOf();
  const token = await issue(clock);
  const [head = "", payload = "", signature = ""] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const twin = Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from((order - s).toString(16).padStart(64, "0"), "hex"),
  ]);
  expect(await kindOf(token)).toBe("valid");
  expect(await kindOf(`${head}.${payload}.${twin.toString("base64url")}`)).toBe("valid");
  expect([verified(), cache.size]).toEqual([2, 2]);
});

test("a token for the API opens nothing of the control plane, remembered or not", async () => {
  const { clock, cache, kindOf } = cacheOf();
  const token = await issue(clock);
  expect(await kindOf(token)).toBe("valid");
  expect((await cache.verifyControlToken(token)).kind).toBe("refused");
});

test("it holds so many tokens and no more, those that were used last", async () => {
  const { clock, cache, kindOf, verified } = cacheOf({ entriesMax: 3 });
  const tokens = await Promise.all(["a", "b", "c", "d"].map((subject) => issue(clock, subject)));
  for (const token of tokens.slice(0, 3)) await kindOf(token);
  await kindOf(tokens[0] ?? "");
  await kindOf(tokens[3] ?? "");
  expect([cache.size, verified()]).toEqual([3, 4]);
  await kindOf(tokens[0] ?? "");
  expect(verified()).toBe(4);
  await kindOf(tokens[1] ?? "");
  expect(verified()).toBe(5);
});

test("emptied, it asks again, also what was being verified at that moment", async () => {
  const { clock, cache, kindOf, verified } = cacheOf();
  const token = await issue(clock);
  await kindOf(token);
  cache.clear();
  expect(cache.size).toBe(0);
  const underWay = kindOf(token);
  cache.clear();
  expect(await underWay).toBe("valid");
  expect(cache.size).toBe(0);
  await kindOf(token);
  expect(verified()).toBe(3);
});
