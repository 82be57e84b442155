import { ManualClock } from "@tenantry/base";
import { generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { IdentityProvider, type KeyPair } from "../../test/identity/identity-provider.ts";
import { type ExternalIssuer, type ExternalVerifier, externalVerifiers } from "./external-issuer.ts";

const now = Math.floor(Date.now() / 1_000);
const issuer = "https://login.example.com/realm";
let pair: KeyPair;
beforeAll(async () => {
  pair = await generateKeyPair("ES256");
});

const configOf = (origin: string, change: Partial<ExternalIssuer> = {}): ExternalIssuer => ({
  issuer,
  audience: "tenantry",
  jwksUri: `${origin}/keys`,
  tenantClaim: "tenant",
  role: { kind: "fixed", role: "member" },
  ...change,
});
const verifierOf = (config: ExternalIssuer, clock = new ManualClock(now * 1_000)): ExternalVerifier => {
  const verifier = externalVerifiers([config], "https://own.example.com", clock).get(config.issuer);
  if (verifier === undefined) throw new Error("no verifier");
  return verifier;
};

describe("the issuer's keys", () => {
  const tokenFor = (issuer: string, kid = "provider-key") =>
    new SignJWT({ tenant: "acme-corp" })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
      .setIssuer(issuer)
      .setAudience("tenantry")
      .setSubject("00u1")
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(pair.privateKey);
  const unavailable = expect.objectContaining({ code: "ISSUER_UNAVAILABLE" });

  test("are found by discovery, when the description is the issuer's own and its keys come safely", async () => {
    await using found = await new IdentityProvider().listen();
    await found.serve([["provider-key", pair]]);
    const { jwksUri: _, ...config } = configOf(found.origin, { issuer: found.origin });
    const token = await tokenFor(found.origin);
    found.description = (origin) => ({ issuer: origin, jwks_uri: `${origin}/keys` });
    expect(await verifierOf(config).verify(token)).toMatchObject({ kind: "valid" });
    for (const description of [
      { issuer: "https://other.example", jwks_uri: `${found.origin}/keys` },
      { issuer: found.origin, jwks_uri: "http://evil.example/keys" },
      { issuer: found.origin },
      null,
    ]) {
      found.description = () => description;
      await expect(verifierOf(config).verify(token)).rejects.toEqual(unavailable);
    }
  });

  test.each<[string, { status: number; body: string }]>([
    ["a failure", { status: 500, body: "" }],
    ["a redirect", { status: 302, body: "" }],
    ["no JSON", { status: 200, body: "<html>" }],
    ["JSON that is no key set", { status: 200, body: '{"keys":"none"}' }],
    ["more than anybody's keys take", { status: 200, body: `{"keys":[],"x":"${"x".repeat(300_000)}"}` }],
  ])("that come as %s make its tokens wait, and refuse none for good", async (_name, answer) => {
    await using flaky = await new IdentityProvider().listen();
    const clock = new ManualClock(now * 1_000);
    const verifier = verifierOf(configOf(flaky.origin), clock);
    const token = await tokenFor(issuer);
    flaky.answer = answer;
    await expect(verifier.verify(token)).rejects.toEqual(unavailable);
    // It is left alone for a while, and then asked again.
    const asked = flaky.requests;
    await expect(verifier.verify(token)).rejects.toMatchObject({ headers: { "retry-after": "5" } });
    expect(flaky.requests).toBe(asked);
    await flaky.serve([["provider-key", pair]]);
    clock.advance(5_000);
    expect(await verifier.verify(token)).toMatchObject({ kind: "valid" });
  });

  test("that cannot be reached at all make its tokens wait", async () => {
    const gone = await new IdentityProvider().listen();
    const { origin } = gone;
    await gone[Symbol.asyncDispose]();
    const verifier = verifierOf(configOf(origin));
    await expect(verifier.verify(await tokenFor(issuer))).rejects.toEqual(unavailable);
    // What can be told without a key is told.
    expect(await verifier.verify("a.b.c")).toMatchObject({ kind: "refused" });
  });

  test("are asked for once, also for many tokens at once and for kids that there are not", async () => {
    await using asked = await new IdentityProvider().listen();
    await asked.serve([["provider-key", pair]]);
    const verifier = verifierOf(configOf(asked.origin));
    const token = await tokenFor(issuer);
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(["valid"]));
    expect(asked.requests).toBe(1);
    for (let count = 0; count < 20; count += 1) {
      expect(await verifier.verify(await tokenFor(issuer, `kid-${count}`))).toMatchObject({
        kind: "refused",
      });
    }
    expect(asked.requests).toBe(1);
    expect(await verifier.verify(token)).toMatchObject({ kind: "valid" });
  });
});
