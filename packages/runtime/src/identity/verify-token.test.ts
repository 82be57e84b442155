import { createHmac, createPublicKey, type KeyObject } from "node:crypto";
import { ManualClock, seededRandom } from "@tenantry/base";
import { isTenantId, type TenantId } from "@tenantry/model";
import { CompactSign, type CryptoKey, exportSPKI, type JWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { issueToken } from "./issue-token.ts";
import {
  generateSigningKey,
  importSigningKey,
  type SigningAlgorithm,
  type SigningKey,
  signingAlgorithms,
} from "./signing-key.ts";
import { createTokenVerifier, type TokenVerifier } from "./verify-token.ts";

const issuer = "https://issuer.example.com";
const now = 1_767_225_600;
const clock = new ManualClock(now * 1_000);
const random = seededRandom(1);
const acme = "acme-corp" as TenantId;

const goodClaims = {
  iss: issuer,
  aud: "urn:tenantry:starter:api",
  sub: "ada@acme.example",
  exp: now + 600,
  iat: now,
  jti: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
  tenant_id: "acme-corp",
  role: "owner",
};

const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Everything an attacker may have: the public key, other keys, and, for the claims, even our own key. */
interface Arsenal {
  readonly key: SigningKey;
  readonly header: Record<string, unknown>;
  /** Signs with our own key, whatever the header and the payload are. */
  sign(header: unknown, payload: unknown): Promise<string>;
  signParts(header: string, payload: string): Promise<string>;
  readonly strange: SigningKey;
  readonly strangeJwk: JWK;
  readonly spki: string;
  readonly good: string;
}

async function arsenalOf(algorithm: SigningAlgorithm): Promise<Arsenal> {
  const key = await importSigningKey(await generateSigningKey(algorithm));
  const strangeJwk = await generateSigningKey(algorithm);
  const strange = await importSigningKey(strangeJwk);
  const header = { alg: algorithm, typ: "at+jwt", kid: key.kid };
  const sign = (withHeader: unknown, payload: unknown) =>
    signRaw(key.privateKey, algorithm, withHeader, payload);
  return {
    key,
    header,
    sign,
    signParts: (headerPart, payloadPart) =>
      signText(key.privateKey, algorithm, `${headerPart}.${payloadPart}`),
    strange,
    strangeJwk,
    spki: await exportSPKI(key.publicKey),
    good: await sign(header, goodClaims),
  };
}

/** The signature over exactly these texts: a library would not sign most of them. */
function signRaw(
  privateKey: CryptoKey,
  algorithm: SigningAlgorithm,
  header: unknown,
  payload: unknown,
): Promise<string> {
  return signText(privateKey, algorithm, `${encode(header)}.${encode(payload)}`);
}

async function signText(privateKey: CryptoKey, algorithm: SigningAlgorithm, input: string): Promise<string> {
  const parameters = algorithm === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "Ed25519" };
  const signature = await crypto.subtle.sign(parameters, privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

type Attack = (arsenal: Arsenal) => string | Promise<string>;
const withHeader =
  (change: Record<string, unknown>): Attack =>
  ({ sign, header }) =>
    sign({ ...header, ...change }, goodClaims);
const withClaims =
  (change: Record<string, unknown>): Attack =>
  ({ sign, header }) =>
    sign(header, { ...goodClaims, ...change });
const without =
  (claim: string): Attack =>
  ({ sign, header }) => {
    const { [claim as keyof typeof goodClaims]: _, ...rest } = goodClaims;
    return sign(header, rest);
  };
const hmac = (secret: string | KeyObject, header: unknown) => {
  const input = `${encode(header)}.${encode(goodClaims)}`;
  return `${input}.${createHmac("sha256", secret as string)
    .update(input)
    .digest("base64url")}`;
};
const payloadText =
  (text: string): Attack =>
  ({ sign, header }) =>
    sign(header, text);
const goodText = JSON.stringify(goodClaims);
const changeLast = (text: string, by: (index: number) => number) => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[by(alphabet.indexOf(text.at(-1) ?? ""))];
};

const attacks: Readonly<Record<string, Attack>> = {
  // Algorithm and key.
  "alg none without a signature": ({ header }) =>
    `${encode({ ...header, alg: "none" })}.${encode(goodClaims)}.`,
  "alg none with the good signature": ({ header, good }) =>
    `${encode({ ...header, alg: "none" })}.${encode(goodClaims)}.${good.split(".")[2]}`,
  "alg None": ({ header }) => `${encode({ ...header, alg: "None" })}.${encode(goodClaims)}.AA`,
  "HS256 with the public key as PEM": ({ header, spki }) => hmac(spki, { ...header, alg: "HS256" }),
  "HS256 with the public key as DER": ({ header, spki }) =>
    hmac(createPublicKey(spki).export({ type: "spki", format: "der" }) as never, { ...header, alg: "HS256" }),
  "HS256 with the kid as the secret": ({ header, key }) => hmac(key.kid, { ...header, alg: "HS256" }),
  "HS256 with an empty secret": ({ header }) => hmac("", { ...header, alg: "HS256" }),
  "an algorithm of another key type, signed with our key": withHeader({ alg: "RS256" }),
  "the algorithm in another case": ({ sign, header }) =>
    sign({ ...header, alg: String(header["alg"]).toLowerCase() }, goodClaims),
  "the other algorithm that we know": ({ sign, header }) =>
    sign({ ...header, alg: header["alg"] === "ES256" ? "EdDSA" : "ES256" }, goodClaims),
  "a signature by a strange key under our kid": ({ strange, header }) =>
    signRaw(strange.privateKey, strange.algorithm, header, goodClaims),
  "a strange key under its own kid": ({ strange, header }) =>
    signRaw(strange.privateKey, strange.algorithm, { ...header, kid: strange.kid }, goodClaims),
  "a strange key that comes along as jwk": ({ strange, header }) =>
    signRaw(strange.privateKey, strange.algorithm, { ...header, jwk: strange.publicJwk }, goodClaims),
  "a strange key that comes along as private jwk": ({ strange, strangeJwk, header }) =>
    signRaw(strange.privateKey, strange.algorithm, { ...header, jwk: strangeJwk }, goodClaims),
  jku: withHeader({ jku: "https://evil.example/jwks.json" }),
  x5u: withHeader({ x5u: "https://evil.example/cert.pem" }),
  x5c: withHeader({ x5c: ["MIIB"] }),
  "an unknown crit": withHeader({ crit: ["exp"], exp: 1 }),
  "an empty crit": withHeader({ crit: [] }),
  "b64 false": withHeader({ b64: false, crit: ["b64"] }),
  compression: withHeader({ zip: "DEF" }),
  "no kid": ({ sign }) => sign({ alg: "ES256", typ: "at+jwt" }, goodClaims),
  "a kid that is a path": withHeader({ kid: "../../../../dev/null" }),
  "a kid that is SQL": withHeader({ kid: "' union select 'key" }),
  "a kid that is __proto__": withHeader({ kid: "__proto__" }),
  "a kid that is an array": ({ sign, header }) => sign({ ...header, kid: [header["kid"]] }, goodClaims),
  "a kid that is empty": withHeader({ kid: "" }),
  // Type.
  "the type of an ID token": withHeader({ typ: "JWT" }),
  "the type in capitals": withHeader({ typ: "AT+JWT" }),
  "the type as a media type": withHeader({ typ: "application/at+jwt" }),
  "no type": ({ sign, key }) => sign({ alg: key.algorithm, kid: key.kid }, goodClaims),
  // Signature.
  "no signature": ({ good }) => `${good.split(".").slice(0, 2).join(".")}.`,
  "two parts": ({ good }) => good.split(".").slice(0, 2).join("."),
  "four parts": ({ good }) => `${good}.AA`,
  "five parts, as if encrypted": ({ good }) => `${good}.AA.AA`,
  "a signature of zeros": ({ good }) =>
    `${good.split(".").slice(0, 2).join(".")}.${Buffer.alloc(64).toString("base64url")}`,
  "a signature that is cut": ({ good }) => good.slice(0, -4),
  "a signature with a byte more": ({ good }) => `${good}AA`,
  "a signature of another payload": async ({ good, sign, header }) =>
    `${encode(header)}.${encode({ ...goodClaims, role: "admin" })}.${(await sign(header, goodClaims)).split(".")[2] ?? good}`,
  "a changed payload under the good signature": ({ good, header }) =>
    `${encode(header)}.${encode({ ...goodClaims, tenant_id: "globex-inc" })}.${good.split(".")[2]}`,
  // Time.
  expired: withClaims({ exp: now - 6, iat: now - 600 }),
  "expired this instant, beyond the tolerance": withClaims({ exp: now - 5, iat: now - 600 }),
  "not before a future": withClaims({ nbf: now + 60 }),
  "issued in the future": withClaims({ iat: now + 60, exp: now + 600 }),
  "a life of more than a day": withClaims({ exp: now + 86_401 }),
  "an old issue with a far end": withClaims({ iat: now - 86_500, exp: now + 60 }),
  "an end before its beginning": withClaims({ iat: now + 4, exp: now + 3 }),
  "exp at the end of time": withClaims({ exp: 1e30 }),
  "exp as a text": withClaims({ exp: String(now + 600) }),
  "exp as an array": withClaims({ exp: [now + 600] }),
  "exp with a fraction": withClaims({ exp: now + 600.5 }),
  "exp null": withClaims({ exp: null }),
  "exp negative": withClaims({ exp: -1 }),
  "iat as a text": withClaims({ iat: String(now) }),
  "nbf as a text": withClaims({ nbf: String(now) }),
  // Issuer and audience.
  "another issuer": withClaims({ iss: "https://evil.example" }),
  "the issuer with a slash more": withClaims({ iss: `${issuer}/` }),
  "the issuer among others": withClaims({ iss: [issuer] }),
  "the audience of the control plane": withClaims({ aud: "urn:tenantry:starter:control" }),
  "the audience of another platform": withClaims({ aud: "urn:tenantry:other:api" }),
  "the audience among others": withClaims({ aud: [goodClaims.aud, "urn:tenantry:starter:control"] }),
  "the audience alone in an array": withClaims({ aud: [goodClaims.aud] }),
  "the audience with a space": withClaims({ aud: `${goodClaims.aud} ` }),
  // Missing claims.
  "without iss": without("iss"),
  "without aud": without("aud"),
  "without sub": without("sub"),
  "without exp": without("exp"),
  "without iat": without("iat"),
  "without jti": without("jti"),
  "without tenant_id": without("tenant_id"),
  "without role": without("role"),
  // Claims of other types and values.
  "sub as a number": withClaims({ sub: 1 }),
  "sub empty": withClaims({ sub: "" }),
  "sub as an object": withClaims({ sub: { $ne: null } }),
  "jti as an array": withClaims({ jti: ["x"] }),
  "tenant_id as an array": withClaims({ tenant_id: ["acme-corp"] }),
  "tenant_id with a wildcard": withClaims({ tenant_id: "*" }),
  "tenant_id in capitals": withClaims({ tenant_id: "ACME-CORP" }),
  "tenant_id with a line feed": withClaims({ tenant_id: "acme-corp\n" }),
  "tenant_id empty": withClaims({ tenant_id: "" }),
  "a role that can be nobody's": withClaims({ role: "Root" }),
  "a role with a line feed": withClaims({ role: "owner\n" }),
  "a role from the prototype": withClaims({ role: "__proto__" }),
  "a role that is too long": withClaims({ role: "r".repeat(33) }),
  "a sign-in without its member": withClaims({ sid: goodClaims.jti }),
  "a member without the sign-in": withClaims({ member_id: goodClaims.jti }),
  "a sign-in that is no id": withClaims({ sid: "*", member_id: goodClaims.jti }),
  "a member that is no id": withClaims({ sid: goodClaims.jti, member_id: "' or true --" }),
  "a sign-in that is null": withClaims({ sid: null, member_id: null }),
  "several roles": withClaims({ role: ["viewer", "owner"] }),
  "a claim that we never issue": withClaims({ admin: true }),
  // The text of the JSON.
  "a claim twice, the wrong one first": payloadText(goodText.replace("{", '{"tenant_id":"globex-inc",')),
  "a claim twice, the wrong one last": payloadText(goodText.replace(/}$/, ',"tenant_id":"acme-corp"}')),
  "a header member twice": ({ sign, key }) =>
    sign(`{"alg":"none","alg":"${key.algorithm}","typ":"at+jwt","kid":"${key.kid}"}`, goodClaims),
  "a claim named in escapes": payloadText(goodText.replace('"role"', String.raw`"\u0072ole"`)),
  "exp in another spelling": payloadText(goodText.replace(`"exp":${now + 600}`, `"exp":${now + 600}.0`)),
  "white space in the payload": payloadText(JSON.stringify(goodClaims, undefined, 1)),
  "a payload that is an array": payloadText(`[${goodText}]`),
  "a payload that is null": payloadText("null"),
  "a payload that is text": payloadText('"x"'),
  "a payload that is not JSON": payloadText("role=owner"),
  "a payload with __proto__": payloadText(goodText.replace("{", '{"__proto__":{"role":"owner"},')),
  "an empty payload": payloadText(""),
  // The text of the token.
  "200 kB of claims": withClaims({ sub: "x".repeat(200_000) }),
  "a token just over the cap": withClaims({ sub: "x".repeat(4_096) }),
  // Signed over the text with the slack bits, so that nothing but the bits is wrong.
  "slack bits in the payload": ({ header, signParts }) => {
    const payloads = ["a", "ab", "abc"].map((sub) => encode({ ...goodClaims, sub }));
    const withSlack = payloads.find((part) => part.length % 4 !== 0) ?? "";
    return signParts(
      encode(header),
      changeLast(withSlack, (index) => index + 1),
    );
  },
  "slack bits in the signature": ({ good }) => changeLast(good, (index) => index + 1),
  padding: ({ good }) => `${good}==`,
  "a line feed behind": ({ good }) => `${good}\n`,
  "a space behind": ({ good }) => `${good} `,
  "a space in front": ({ good }) => ` ${good}`,
  "a NUL behind": ({ good }) => `${good}\u0000`,
  "the alphabet of plain base64": ({ good }) =>
    good.replaceAll("-", "+").replaceAll("_", "/").replace(/$/, "+"),
  "a comment in front of a part": ({ good }) => good.replace(".", ".!"),
  nothing: () => "",
  "two dots": () => "..",
  "a JSON serialization": ({ good }) => {
    const [header, payload, signature] = good.split(".");
    return JSON.stringify({ protected: header, payload, signature });
  },
};

describe.each(signingAlgorithms)("%s", (algorithm) => {
  let arsenal: Arsenal;
  let verifier: TokenVerifier;

  beforeAll(async () => {
    arsenal = await arsenalOf(algorithm);
    verifier = createTokenVerifier({ keys: [arsenal.key], issuer, platform: "starter", clock });
  });

  test("the genuine token is accepted, so that every refusal below is for what was changed", async () => {
    const grant = {
      subject: goodClaims.sub,
      tenant: acme,
      role: "owner",
      tokenId: goodClaims.jti,
      expiresAt: goodClaims.exp,
      signIn: null,
    };
    expect(await verifier.verifyTenantToken(arsenal.good)).toEqual({ kind: "valid", grant });
  });

  test.each(Object.entries(attacks))("refused: %s", async (_name, attack) => {
    const token = await attack(arsenal);
    expect(token).not.toBe(arsenal.good);
    expect(await verifier.verifyTenantToken(token)).toMatchObject({ kind: "refused" });
  });

  test("a long token is refused unread", async () => {
    const long = `${arsenal.good}${"A".repeat(4_096)}`;
    expect(await verifier.verifyTenantToken(long)).toEqual({ kind: "refused", reason: "it is too long" });
  });

  test("what we issue is accepted by its own audience only", async () => {
    const tenantToken = await issueToken(
      arsenal.key,
      { kind: "tenant", issuer, platform: "starter", subject: "ada", tenant: acme, role: "viewer" },
      { clock, random },
    );
    const controlToken = await issueToken(
      arsenal.key,
      {
        kind: "control",
        issuer,
        platform: "starter",
        subject: "op",
        role: "auditor",
        lifetimeSeconds: 86_400,
      },
      { clock, random },
    );
    expect(await verifier.verifyTenantToken(tenantToken)).toMatchObject({
      kind: "valid",
      grant: { tenant: acme, role: "viewer" },
    });
    expect(await verifier.verifyControlToken(controlToken)).toMatchObject({
      kind: "valid",
      grant: { role: "auditor" },
    });
    expect(await verifier.verifyControlToken(tenantToken)).toMatchObject({ kind: "refused" });
    expect(await verifier.verifyTenantToken(controlToken)).toMatchObject({ kind: "refused" });
  });

  test("the other tools of jose make the same token", async () => {
    const token = await new CompactSign(Buffer.from(goodText))
      .setProtectedHeader(arsenal.header as { alg: string })
      .sign(arsenal.key.privateKey);
    expect(await verifier.verifyTenantToken(token)).toMatchObject({ kind: "valid" });
  });
});

test("no token is accepted under a key of the other algorithm", async () => {
  const [es256, eddsa] = await Promise.all(signingAlgorithms.map(arsenalOf));
  const verifier = createTokenVerifier({
    keys: [(es256 as Arsenal).key],
    issuer,
    platform: "starter",
    clock,
  });
  expect(await verifier.verifyTenantToken((eddsa as Arsenal).good)).toMatchObject({ kind: "refused" });
});

test("the attacks are as many as was promised", () => {
  expect(Object.keys(attacks).length).toBeGreaterThanOrEqual(100);
  expect(isTenantId(acme)).toBe(true);
});

describe("signing keys", () => {
  test("the public half holds no private member", async () => {
    for (const algorithm of signingAlgorithms) {
      const jwk = await generateSigningKey(algorithm);
      const { publicJwk } = await importSigningKey(jwk);
      expect(Object.keys(publicJwk)).not.toContain("d");
      expect(JSON.stringify(publicJwk)).not.toContain(jwk.d);
    }
  });

  test.each<[string, (jwk: JWK) => JWK]>([
    ["without kid", ({ kid: _, ...rest }) => rest as JWK],
    ["without its private part", ({ d: _, ...rest }) => rest as JWK],
    ["on another curve", (jwk) => ({ ...jwk, crv: "P-384" })],
    ["symmetric", () => ({ kty: "oct", k: "c2VjcmV0", kid: "x" })],
    ["with another alg", (jwk) => ({ ...jwk, alg: "RS256" })],
    ["with a point off the curve", (jwk) => ({ ...jwk, x: "AAAA" })],
  ])("a key %s is refused and not quoted", async (_name, change) => {
    const jwk = await generateSigningKey("ES256");
    const refusal = await importSigningKey(change(jwk)).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ code: "RUNTIME_SIGNING_KEY_INVALID" });
    expect(String((refusal as Error).message)).not.toContain(jwk.d);
  });
});
