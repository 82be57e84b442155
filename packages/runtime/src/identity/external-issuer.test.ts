import { createHmac } from "node:crypto";
import { ManualClock } from "@tenantry/base";
import { CompactSign, type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IdentityProvider, type KeyPair } from "../../test/identity/identity-provider.ts";
import {
  claimedIssuer,
  type ExternalAlgorithm,
  externalAlgorithms,
  type ExternalIssuer,
  type ExternalVerifier,
  externalVerifiers,
} from "./external-issuer.ts";

const now = Math.floor(Date.now() / 1_000);
const own = "https://own.example.com";
const kid = "provider-key";

const pairs = new Map<ExternalAlgorithm, KeyPair>();
let strange: KeyPair;
let strangeJwk: JWK;
let provider: IdentityProvider;
beforeAll(async () => {
  for (const algorithm of externalAlgorithms) {
    pairs.set(algorithm, await generateKeyPair(algorithm, { extractable: true }));
  }
  strange = await generateKeyPair("ES256", { extractable: true });
  strangeJwk = await exportJWK(strange.publicKey);
  provider = await new IdentityProvider().listen();
});
afterAll(() => provider[Symbol.asyncDispose]());

const configOf = (origin: string, change: Partial<ExternalIssuer> = {}): ExternalIssuer => ({
  issuer: "https://login.example.com/realm",
  audience: "tenantry",
  jwksUri: `${origin}/keys`,
  tenantClaim: "tenant",
  role: {
    kind: "claim",
    claim: "groups",
    mapping: [
      { value: "admins", role: "admin" },
      { value: "staff", role: "member" },
    ],
  },
  ...change,
});
const verifierOf = (config: ExternalIssuer, clock = new ManualClock(now * 1_000)): ExternalVerifier => {
  const verifier = externalVerifiers([config], own, clock).get(config.issuer);
  if (verifier === undefined) throw new Error("no verifier");
  return verifier;
};
const goodClaims = {
  iss: "https://login.example.com/realm",
  aud: "tenantry",
  sub: "00u1",
  exp: now + 600,
  iat: now,
  jti: "id-1",
  tenant: "acme-corp",
  groups: ["staff", "visitors"],
};
const sign = (header: object, claims: unknown, key: CryptoKey) =>
  new CompactSign(Buffer.from(typeof claims === "string" ? claims : JSON.stringify(claims)))
    .setProtectedHeader(header as { alg: string })
    .sign(key);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

interface Arsenal {
  readonly header: { alg: string; typ: string; kid: string };
  readonly key: KeyPair;
  readonly good: string;
}
type Attack = (arsenal: Arsenal) => string | Promise<string>;
const withHeader =
  (change: object): Attack =>
  ({ header, key }) =>
    sign({ ...header, ...change }, goodClaims, key.privateKey);
const withClaims =
  (change: object): Attack =>
  ({ header, key }) =>
    sign(header, { ...goodClaims, ...change }, key.privateKey);
const without =
  (claim: keyof typeof goodClaims): Attack =>
  ({ header, key }) => {
    const { [claim]: _, ...rest } = goodClaims;
    return sign(header, rest, key.privateKey);
  };
const hmac = (secret: string, header: object) => {
  const input = `${encode(header)}.${encode(goodClaims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
};

const attacks: Readonly<Record<string, Attack>> = {
  "alg none": ({ header }) => `${encode({ ...header, alg: "none" })}.${encode(goodClaims)}.`,
  "alg none with the good signature": ({ header, good }) =>
    `${encode({ ...header, alg: "none" })}.${encode(goodClaims)}.${good.split(".")[2]}`,
  "HS256 with the public key as PEM": async ({ header, key }) =>
    hmac(await exportSPKI(key.publicKey), { ...header, alg: "HS256" }),
  "HS256 with the public JWK": async ({ header, key }) =>
    hmac(JSON.stringify(await exportJWK(key.publicKey)), { ...header, alg: "HS256" }),
  "HS256 with the kid": ({ header }) => hmac(kid, { ...header, alg: "HS256" }),
  "HS256 with nothing": ({ header }) => hmac("", { ...header, alg: "HS256" }),
  "a strange key under the kid": ({ header }) =>
    sign({ ...header, alg: "ES256" }, goodClaims, strange.privateKey),
  "a strange key under its own kid": ({ header }) =>
    sign({ ...header, alg: "ES256", kid: "strange" }, goodClaims, strange.privateKey),
  "a strange key that comes along": ({ header }) =>
    sign({ ...header, alg: "ES256", jwk: strangeJwk }, goodClaims, strange.privateKey),
  "a strange key by jku": ({ header }) =>
    sign({ ...header, alg: "ES256", jku: "https://evil.example/keys" }, goodClaims, strange.privateKey),
  "a strange key by x5u": ({ header }) =>
    sign({ ...header, alg: "ES256", x5u: "https://evil.example/cert" }, goodClaims, strange.privateKey),
  "no kid": ({ header: { kid: _, ...rest }, key }) => sign(rest, goodClaims, key.privateKey),
  "an empty kid": withHeader({ kid: "" }),
  "a kid that is a path": withHeader({ kid: "../../keys" }),
  "an unknown crit": ({ header, good }) =>
    `${encode({ ...header, crit: ["exp"] })}.${good.split(".").slice(1).join(".")}`,
  "an empty crit": ({ header, good }) =>
    `${encode({ ...header, crit: [] })}.${good.split(".").slice(1).join(".")}`,
  "b64 false": ({ header, good }) =>
    `${encode({ ...header, b64: false, crit: ["b64"] })}.${good.split(".").slice(1).join(".")}`,
  compression: withHeader({ zip: "DEF" }),
  "no type": ({ header: { typ: _, ...rest }, key }) => sign(rest, goodClaims, key.privateKey),
  "the type of a logout token": withHeader({ typ: "logout+jwt" }),
  "the type of a DPoP proof": withHeader({ typ: "dpop+jwt" }),
  "the type of a security event": withHeader({ typ: "secevent+jwt" }),
  "a type that is a list": withHeader({ typ: ["JWT"] }),
  "no signature": ({ good }) => `${good.split(".").slice(0, 2).join(".")}.`,
  "two parts": ({ good }) => good.split(".").slice(0, 2).join("."),
  "five parts": ({ good }) => `${good}.AA.AA`,
  "a signature of zeros": ({ good }) =>
    `${good.split(".").slice(0, 2).join(".")}.${Buffer.alloc(64).toString("base64url")}`,
  "a signature that is cut": ({ good }) => good.slice(0, -4),
  "other claims under the good signature": ({ header, good }) =>
    `${encode(header)}.${encode({ ...goodClaims, groups: ["admins"] })}.${good.split(".")[2]}`,
  expired: withClaims({ exp: now - 6, iat: now - 600 }),
  "not before a future": withClaims({ nbf: now + 60 }),
  "issued in the future": withClaims({ iat: now + 60 }),
  "a life of more than a day": withClaims({ exp: now + 86_401 }),
  "issued more than a day ago": withClaims({ iat: now - 86_500 }),
  "an end before its beginning": withClaims({ iat: now + 4, exp: now + 3 }),
  "exp as a text": withClaims({ exp: String(now + 600) }),
  "exp null": withClaims({ exp: null }),
  "iat as a text": withClaims({ iat: String(now) }),
  "another issuer": withClaims({ iss: "https://evil.example" }),
  "the issuer with a slash": withClaims({ iss: `${goodClaims.iss}/` }),
  "the platform's own issuer": withClaims({ iss: own }),
  "another audience": withClaims({ aud: "other" }),
  "an audience that begins the same": withClaims({ aud: "tenantry-admin" }),
  "no audience of ours among many": withClaims({ aud: ["a", "b"] }),
  "without iss": without("iss"),
  "without aud": without("aud"),
  "without sub": without("sub"),
  "without exp": without("exp"),
  "without iat": without("iat"),
  "without the tenant": without("tenant"),
  "without a role": without("groups"),
  "sub as a number": withClaims({ sub: 7 }),
  "sub empty": withClaims({ sub: "" }),
  "a tenant that is a list": withClaims({ tenant: ["acme-corp", "globex-inc"] }),
  "a tenant that is an object": withClaims({ tenant: { id: "acme-corp" } }),
  "a tenant with a wildcard": withClaims({ tenant: "*" }),
  "a tenant in capitals": withClaims({ tenant: "ACME-CORP" }),
  "a tenant with a line feed": withClaims({ tenant: "acme-corp\n" }),
  "a tenant that is null": withClaims({ tenant: null }),
  "a group that is mapped to nothing": withClaims({ groups: ["visitors"] }),
  "our own role instead of a group": withClaims({ groups: ["owner"], role: "owner" }),
  "a group inside a text": withClaims({ groups: "staff,admins" }),
  "a group inside a list of lists": withClaims({ groups: [["admins"]] }),
  "groups as an object": withClaims({ groups: { 0: "admins" } }),
  "a payload that is text": ({ header, key }) => sign(header, '"x"', key.privateKey),
  "a payload that is a list": ({ header, key }) =>
    sign(header, `[${JSON.stringify(goodClaims)}]`, key.privateKey),
  "a payload that is not JSON": ({ header, key }) => sign(header, "tenant=acme-corp", key.privateKey),
  "more claims than we read": withClaims({ padding: "x".repeat(5_000) }),
  "a line feed behind": ({ good }) => `${good}\n`,
  nothing: () => "",
};

describe.each(["at+jwt", "JWT"])("typ %s", (typ) => {
  const arsenalOf = async (algorithm: ExternalAlgorithm): Promise<Arsenal> => {
    const key = pairs.get(algorithm) as KeyPair;
    const header = { alg: algorithm, typ, kid };
    return { header, key, good: await sign(header, goodClaims, key.privateKey) };
  };

  test.each(externalAlgorithms)("a genuine token with %s is accepted", async (algorithm) => {
    const arsenal = await arsenalOf(algorithm);
    await provider.serve([[kid, arsenal.key]]);
    expect(await verifierOf(configOf(provider.origin)).verify(arsenal.good)).toEqual({
      kind: "valid",
      grant: { subject: "00u1", tenant: "acme-corp", role: "member", tokenId: "id-1" },
    });
  });

  test.each(Object.entries(attacks))("refused: %s", async (_name, attack) => {
    const arsenal = await arsenalOf("ES256");
    await provider.serve([[kid, arsenal.key]]);
    const verifier = verifierOf(configOf(provider.origin));
    expect(await verifier.verify(await attack(arsenal))).toMatchObject({ kind: "refused" });
    // What was wrong was the token: the same verifier takes the good one.
    expect(await verifier.verify(arsenal.good)).toMatchObject({ kind: "valid" });
  });
});

test("the attacks are as many as was promised", () => {
  expect(Object.keys(attacks).length).toBeGreaterThanOrEqual(60);
});

describe("what was configured counts", () => {
  const es256 = () => pairs.get("ES256") as KeyPair;
  const good = (claims: object = {}, typ = "JWT") =>
    sign({ alg: "ES256", typ, kid }, { ...goodClaims, ...claims }, es256().privateKey);
  const verdict = async (change: Partial<ExternalIssuer>, claims: object = {}, typ = "JWT") => {
    await provider.serve([[kid, es256()]]);
    return verifierOf(configOf(provider.origin, change)).verify(await good(claims, typ));
  };

  test("a narrower list of algorithms or types refuses the rest", async () => {
    expect(await verdict({})).toMatchObject({ kind: "valid" });
    expect(await verdict({ algorithms: ["RS256"] })).toMatchObject({ kind: "refused" });
    expect(await verdict({ types: ["at+jwt"] })).toMatchObject({ kind: "refused" });
    expect(await verdict({ types: ["at+jwt"] }, {}, "application/at+jwt")).toMatchObject({ kind: "valid" });
  });

  test("the first role of the mapping that the token has counts; a fixed role needs no claim", async () => {
    expect(await verdict({}, { groups: ["staff", "admins"] })).toMatchObject({ grant: { role: "admin" } });
    expect(await verdict({}, { groups: "admins" })).toMatchObject({ grant: { role: "admin" } });
    expect(await verdict({ role: { kind: "fixed", role: "viewer" } }, { groups: ["admins"] })).toMatchObject({
      grant: { role: "viewer" },
    });
  });

  test("the subject and the tenant come from the claims that were named", async () => {
    const change = { subjectClaim: "email", tenantClaim: "https://example.com/tenant" };
    const claims = { email: "ada@example.com", "https://example.com/tenant": "globex-inc" };
    expect(await verdict(change, claims)).toMatchObject({
      grant: { subject: "ada@example.com", tenant: "globex-inc" },
    });
    expect(await verdict({ tenantClaim: "toString" })).toMatchObject({ kind: "refused" });
  });

  test("a key whose JWK names another algorithm does not verify", async () => {
    await provider.serve([[kid, es256(), "ES384"]]);
    expect(await verifierOf(configOf(provider.origin)).verify(await good())).toMatchObject({
      kind: "refused",
    });
  });

  test.each<[string, Partial<ExternalIssuer>]>([
    ["http elsewhere", { jwksUri: "http://login.example.com/keys" }],
    ["a name that only begins like this machine", { jwksUri: "http://127.0.0.1.evil.example/keys" }],
    ["a password in the address", { jwksUri: "https://a:b@login.example.com/keys" }],
    ["a file", { jwksUri: "file:///etc/passwd" }],
    ["a symmetric algorithm", { algorithms: ["HS256" as never] }],
    ["no algorithm", { algorithms: ["none" as never] }],
    ["a type that we do not know", { types: ["logout+jwt" as never] }],
    ["no audience", { audience: "" }],
    ["no tenant claim", { tenantClaim: "" }],
    ["a role that cannot be", { role: { kind: "fixed", role: "Owner!" } }],
    ["a mapping of nothing", { role: { kind: "claim", claim: "groups", mapping: [] } }],
    ["the own issuer", { issuer: own }],
  ])("a configuration with %s is refused", (_name, change) => {
    expect(() => externalVerifiers([configOf("http://127.0.0.1:1", change)], own, new ManualClock())).toThrow(
      expect.objectContaining({ code: "RUNTIME_EXTERNAL_ISSUER" }),
    );
  });

  test("an issuer twice is refused", () => {
    const config = configOf("http://127.0.0.1:1");
    expect(() => externalVerifiers([config, config], own, new ManualClock())).toThrow(
      expect.objectContaining({ code: "RUNTIME_EXTERNAL_ISSUER" }),
    );
  });
});

test("who a token claims to come from is read without believing it", () => {
  expect(claimedIssuer(`${encode({})}.${encode({ iss: "https://a.example" })}.AA`)).toBe("https://a.example");
  for (const text of ["", "a.b.c", "x".repeat(10_000), `${encode({})}.${encode({})}.AA`]) {
    expect(claimedIssuer(text)).toBeNull();
  }
});
