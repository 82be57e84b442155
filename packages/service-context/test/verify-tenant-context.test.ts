import type { IncomingHttpHeaders } from "node:http";
import {
  contextOptionsFrom,
  refusals,
  type VerifyHeaders,
  verifyTenantContext,
} from "@tenantry/service-context";
import { exportJWK, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  audience,
  claimsAt,
  issuer,
  KeyServer,
  principal,
  sign,
  tenant,
  type TestKey,
  testKey,
} from "./context-issuer.ts";

const keyServer = new KeyServer();
const clock = { at: 1_800_000_000_000, nowMs: () => clock.at };
let jwksUrl: string;
let key: TestKey;
let edKey: TestKey;
let foreignKey: TestKey;
let verify: VerifyHeaders;
beforeAll(async () => {
  jwksUrl = await keyServer.start();
  [key, edKey, foreignKey] = await Promise.all([testKey("one"), testKey("two", "EdDSA"), testKey("one")]);
});
beforeEach(() => {
  keyServer.publish(key, edKey);
  keyServer.readings = 0;
  verify = verifyTenantContext({ issuer, jwksUrl, audience, clock });
});
afterAll(() => keyServer[Symbol.asyncDispose]());

const headersOf = (text: string): IncomingHttpHeaders => ({ "x-tenantry-context": text });
const claims = (change: Record<string, unknown> = {}) => ({ ...claimsAt(clock.at), ...change });
const without = (name: string) =>
  Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each(["ES256", "EdDSA"])(
  "a context that is signed with %s says the tenant and who asks",
  async (algorithm) => {
    const context = await sign(algorithm === "ES256" ? key : edKey, claims());
    expect(await verify(headersOf(context))).toEqual({
      kind: "valid",
      context: { kind: "tenant", tenant, principal },
    });
  },
);

test("a visitor is nobody, and a platform without tenants has none", async () => {
  const visitor = await sign(key, claims({ principal: null }));
  expect(await verify(headersOf(visitor))).toMatchObject({
    context: { kind: "tenant", tenant, principal: null },
  });
  const site = await sign(key, claims({ tenant: null, principal: null }));
  expect(await verify(headersOf(site))).toEqual({ kind: "valid", context: { kind: "site" } });
});

describe("refused:", () => {
  const signedBy =
    (forger: () => TestKey, change: Record<string, unknown>, header: Record<string, unknown> = {}) =>
    () =>
      sign(forger(), claims(change), header);
  const ours = () => key;
  const tampered = async (part: 0 | 1 | 2, change: (text: string) => string) => {
    const parts = (await sign(key, claims())).split(".");
    parts[part] = change(parts[part] ?? "");
    return parts.join(".");
  };
  const promote = (text: string) =>
    base64url({
      ...(JSON.parse(Buffer.from(text, "base64url").toString()) as object),
      tenant: { ...tenant, id: "globex-inc" },
    });

  const attacks: readonly (readonly [
    name: string,
    code: string,
    context: () => Promise<string | string[]>,
  ])[] = [
    // No signature, and signatures by others.
    [
      "no algorithm",
      "CONTEXT_ALGORITHM",
      async () => {
        const [, payload] = new UnsecuredJWT(claims()).encode().split(".");
        return `${base64url({ alg: "none", typ: "tenant-context+jwt", kid: "one" })}.${payload}.AA`;
      },
    ],
    ["no algorithm and no signature", "CONTEXT_MALFORMED", async () => new UnsecuredJWT(claims()).encode()],
    [
      "no algorithm, in capitals",
      "CONTEXT_ALGORITHM",
      () => tampered(0, () => base64url({ alg: "NONE", typ: "tenant-context+jwt", kid: "one" })),
    ],
    ["an empty signature", "CONTEXT_MALFORMED", () => tampered(2, () => "")],
    ["a cut signature", "CONTEXT_SIGNATURE", () => tampered(2, (text) => text.slice(0, 40))],
    [
      "another signature",
      "CONTEXT_SIGNATURE",
      () => tampered(2, (text) => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`),
    ],
    [
      "a signature of zeros",
      "CONTEXT_SIGNATURE",
      () => tampered(2, () => Buffer.alloc(64).toString("base64url")),
    ],
    ["another tenant under the same signature", "CONTEXT_SIGNATURE", () => tampered(1, promote)],
    ["the key of another platform, under our key's id", "CONTEXT_SIGNATURE", signedBy(() => foreignKey, {})],
    ["a key that is not published", "CONTEXT_KEY_UNKNOWN", signedBy(() => foreignKey, {}, { kid: "three" })],
    ["the key of the other algorithm", "CONTEXT_ALGORITHM", signedBy(() => edKey, {}, { kid: "one" })],
    [
      "a secret made of the public key",
      "CONTEXT_ALGORITHM",
      async () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: "HS256", typ: "tenant-context+jwt", kid: "one" })
          .sign(new TextEncoder().encode(JSON.stringify(key.publicJwk))),
    ],
    [
      "an RSA algorithm",
      "CONTEXT_ALGORITHM",
      () => tampered(0, () => base64url({ alg: "RS256", typ: "tenant-context+jwt", kid: "one" })),
    ],
    // Headers.
    [
      "a key that comes with it",
      "CONTEXT_MALFORMED",
      async () => sign(foreignKey, claims(), { jwk: await exportJWK(foreignKey.privateKey) }),
    ],
    [
      "an address of keys",
      "CONTEXT_MALFORMED",
      signedBy(() => foreignKey, {}, { jku: "https://evil.net/jwks.json" }),
    ],
    ["a certificate", "CONTEXT_MALFORMED", signedBy(ours, {}, { x5c: ["AA"] })],
    ["an extension", "CONTEXT_MALFORMED", signedBy(ours, {}, { b64: true, crit: ["b64"] })],
    ["no key id", "CONTEXT_MALFORMED", signedBy(ours, {}, { kid: undefined })],
    [
      "a key id that is no text",
      "CONTEXT_MALFORMED",
      () => tampered(0, () => base64url({ alg: "ES256", typ: "tenant-context+jwt", kid: 1 })),
    ],
    ["the key id __proto__", "CONTEXT_KEY_UNKNOWN", signedBy(ours, {}, { kid: "__proto__" })],
    ["an access token", "CONTEXT_TYPE", signedBy(ours, {}, { typ: "at+jwt" })],
    ["no type", "CONTEXT_TYPE", signedBy(ours, {}, { typ: undefined })],
    ["the type JWT", "CONTEXT_TYPE", signedBy(ours, {}, { typ: "JWT" })],
    [
      "the type as a media type",
      "CONTEXT_TYPE",
      signedBy(ours, {}, { typ: "application/tenant-context+jwt" }),
    ],
    ["a header that is no JSON", "CONTEXT_MALFORMED", () => tampered(0, () => "AAAA")],
    ["a header that is null", "CONTEXT_MALFORMED", () => tampered(0, () => base64url(null))],
    // Whom it is for and from.
    [
      "a context for another service",
      "CONTEXT_AUDIENCE",
      signedBy(ours, { aud: "urn:tenantry:starter:service:shop" }),
    ],
    ["the audience of the API", "CONTEXT_AUDIENCE", signedBy(ours, { aud: "urn:tenantry:starter:api" })],
    [
      "another platform's audience",
      "CONTEXT_AUDIENCE",
      signedBy(ours, { aud: "urn:tenantry:other:service:app" }),
    ],
    ["several audiences", "CONTEXT_CLAIMS", signedBy(ours, { aud: [audience, "x"] })],
    ["no audience", "CONTEXT_AUDIENCE", async () => sign(key, without("aud"))],
    ["another issuer", "CONTEXT_ISSUER", signedBy(ours, { iss: "http://evil.localhost" })],
    ["no issuer", "CONTEXT_ISSUER", async () => sign(key, without("iss"))],
    // Time.
    ["one that has expired", "CONTEXT_EXPIRED", async () => sign(key, claimsAt(clock.at - 66_000))],
    ["one from the future", "CONTEXT_EXPIRED", async () => sign(key, claimsAt(clock.at + 10_000))],
    [
      "one that lives too long",
      "CONTEXT_EXPIRED",
      async () => sign(key, claims({ exp: Math.floor(clock.at / 1_000) + 61 })),
    ],
    ["one without an end", "CONTEXT_CLAIMS", async () => sign(key, without("exp"))],
    ["one without a beginning", "CONTEXT_EXPIRED", async () => sign(key, without("iat"))],
    ["an end that is a text", "CONTEXT_CLAIMS", signedBy(ours, { exp: "9999999999" })],
    [
      "an end before the beginning",
      "CONTEXT_EXPIRED",
      async () => sign(key, claims({ exp: Math.floor(clock.at / 1_000) - 1 })),
    ],
    ["a time before which it is not valid", "CONTEXT_EXPIRED", signedBy(ours, { nbf: 4_000_000_000 })],
    // Claims.
    ["no tenant", "CONTEXT_CLAIMS", async () => sign(key, without("tenant"))],
    ["no principal", "CONTEXT_CLAIMS", async () => sign(key, without("principal"))],
    ["one claim more", "CONTEXT_CLAIMS", signedBy(ours, { admin: true })],
    ["a tenant that is a text", "CONTEXT_CLAIMS", signedBy(ours, { tenant: "acme-corp" })],
    ["a tenant without an id", "CONTEXT_CLAIMS", signedBy(ours, { tenant: { ...tenant, id: "" } })],
    [
      "a tenant with more than it has",
      "CONTEXT_CLAIMS",
      signedBy(ours, { tenant: { ...tenant, admin: true } }),
    ],
    [
      "an isolation that there is not",
      "CONTEXT_CLAIMS",
      signedBy(ours, { tenant: { ...tenant, isolation: "none" } }),
    ],
    ["a principal without a tenant", "CONTEXT_CLAIMS", signedBy(ours, { tenant: null })],
    [
      "permissions that are a text",
      "CONTEXT_CLAIMS",
      signedBy(ours, { principal: { ...principal, permissions: "all" } }),
    ],
    [
      "a permission that is no text",
      "CONTEXT_CLAIMS",
      signedBy(ours, { principal: { ...principal, permissions: [{}] } }),
    ],
    [
      "a principal of no kind",
      "CONTEXT_CLAIMS",
      signedBy(ours, { principal: { ...principal, via: "control" } }),
    ],
    // The field.
    ["no field", "CONTEXT_MISSING", async () => ""],
    [
      "a field that stands twice, joined",
      "CONTEXT_DUPLICATED",
      async () => `${await sign(key, claims())}, ${await sign(key, claims())}`,
    ],
    [
      "a field that stands twice, as a list",
      "CONTEXT_DUPLICATED",
      async () => [await sign(key, claims()), await sign(key, claims())],
    ],
    ["a word", "CONTEXT_MALFORMED", async () => "acme-corp"],
    ["JSON", "CONTEXT_MALFORMED", async () => '{"tenant":"acme-corp"}'],
    ["a scheme before it", "CONTEXT_MALFORMED", async () => `Bearer ${await sign(key, claims())}`],
    ["a fourth part", "CONTEXT_MALFORMED", async () => `${await sign(key, claims())}.AA`],
    ["white space around it", "CONTEXT_MALFORMED", async () => `${await sign(key, claims())} `],
    ["a line break behind it", "CONTEXT_MALFORMED", async () => `${await sign(key, claims())}\n`],
    ["padding", "CONTEXT_MALFORMED", async () => `${await sign(key, claims())}==`],
    [
      "sixteen thousand characters",
      "CONTEXT_MALFORMED",
      async () => `${await sign(key, claims())}${"A".repeat(16_384)}`,
    ],
  ];

  test.each(attacks)("%s (%s)", async (_name, code, context) => {
    const text = await context();
    expect(await verify({ "x-tenantry-context": text } as IncomingHttpHeaders)).toEqual({
      kind: "refused",
      code,
    });
    // And the verifier is none the worse for it.
    expect((await verify(headersOf(await sign(key, claims())))).kind).toBe("valid");
  });

  test("the attacks are as many as was promised, and meet every code there is", () => {
    expect(attacks.length).toBeGreaterThanOrEqual(60);
    const met = new Set(attacks.map(([, code]) => code));
    const elsewhere = ["CONTEXT_TENANT_MISMATCH", "CONTEXT_KEYS_UNAVAILABLE"];
    expect([...met, ...elsewhere].sort()).toEqual(Object.keys(refusals).sort());
  });

  test("a context beside the request of another tenant", async () => {
    const headers = { ...headersOf(await sign(key, claims())), "x-tenantry-tenant": "globex-inc" };
    expect(await verify(headers)).toEqual({ kind: "refused", code: "CONTEXT_TENANT_MISMATCH" });
    expect((await verify({ ...headers, "x-tenantry-tenant": "acme-corp" })).kind).toBe("valid");
    const site = await sign(key, claims({ tenant: null, principal: null }));
    expect(await verify({ ...headersOf(site), "x-tenantry-tenant": "acme-corp" })).toMatchObject({
      kind: "refused",
    });
  });

  test("a context that was valid a minute ago, though it was remembered", async () => {
    const text = await sign(key, claims());
    const start = clock.at;
    try {
      expect((await verify(headersOf(text))).kind).toBe("valid");
      clock.at += 59_000;
      expect((await verify(headersOf(text))).kind).toBe("valid");
      clock.at += 7_000;
      expect(await verify(headersOf(text))).toEqual({ kind: "refused", code: "CONTEXT_EXPIRED" });
    } finally {
      clock.at = start;
    }
  });
});

describe("the keys", () => {
  test("are read once by all who come first, and not again for those who come later", async () => {
    const texts = await Promise.all(Array.from({ length: 20 }, () => sign(key, claims())));
    const verdicts = await Promise.all(texts.map((text) => verify(headersOf(text))));
    expect(verdicts.every(({ kind }) => kind === "valid")).toBe(true);
    await verify(headersOf(await sign(edKey, claims())));
    expect(keyServer.readings).toBe(1);
  });

  test("of a rotation are found as soon as a context names one", async () => {
    await verify(headersOf(await sign(key, claims())));
    const next = await testKey("next");
    keyServer.publish(key, next);
    clock.at += 6_000;
    expect((await verify(headersOf(await sign(next, claims())))).kind).toBe("valid");
    expect(keyServer.readings).toBe(2);
  });

  test("that are made up cause one reading in five seconds, however many they are", async () => {
    await verify(headersOf(await sign(key, claims())));
    clock.at += 6_000;
    for (let count = 0; count < 50; count += 1) {
      const verdict = await verify(headersOf(await sign(foreignKey, claims(), { kid: `made-up-${count}` })));
      expect(verdict).toEqual({ kind: "refused", code: "CONTEXT_KEY_UNKNOWN" });
    }
    expect(keyServer.readings).toBe(2);
  });

  test("that are no longer published are forgotten within five minutes", async () => {
    await verify(headersOf(await sign(key, claims())));
    keyServer.publish(edKey);
    clock.at += 300_000;
    expect(await verify(headersOf(await sign(key, claims())))).toEqual({
      kind: "refused",
      code: "CONTEXT_KEY_UNKNOWN",
    });
  });

  test.each([
    ["a failure", (response) => void response.writeHead(500).end("no")],
    ["nothing of the kind", (response) => void response.end("<html>")],
    ["no keys", (response) => void response.end("{}")],
    ["no end", (response) => void response.end(JSON.stringify({ keys: [], padding: "x".repeat(100_000) }))],
    ["another place", (response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["a lost connection", (response) => void response.destroy()],
  ] as readonly (readonly [string, KeyServer["answer"]])[])(
    "that cannot be read (%s) refuse all at first, and later those that are known stay known for an hour",
    async (_name, failing) => {
      const { answer } = keyServer;
      try {
        keyServer.answer = failing;
        expect(await verify(headersOf(await sign(key, claims())))).toEqual({
          kind: "refused",
          code: "CONTEXT_KEYS_UNAVAILABLE",
        });
        keyServer.answer = answer;
        clock.at += 1_000;
        expect((await verify(headersOf(await sign(key, claims())))).kind).toBe("valid");
        keyServer.answer = failing;
        clock.at += 3_500_000;
        expect((await verify(headersOf(await sign(key, claims())))).kind).toBe("valid");
        clock.at += 200_000;
        expect((await verify(headersOf(await sign(key, claims())))).kind).toBe("refused");
      } finally {
        keyServer.answer = answer;
      }
    },
  );

  test("of other kinds, and private parts, are left alone", async () => {
    keyServer.document = {
      keys: [
        { kty: "oct", k: "AA", kid: "one" },
        { ...key.publicJwk, kid: "encrypting", use: "enc" },
        { ...key.publicJwk, kid: 7 },
        key.publicJwk,
      ],
    };
    expect((await verify(headersOf(await sign(key, claims())))).kind).toBe("valid");
    expect(await verify(headersOf(await sign(key, claims(), { kid: "encrypting" })))).toMatchObject({
      kind: "refused",
    });
  });
});

test("options that are missing or wrong are named", () => {
  expect(() => verifyTenantContext({ issuer, jwksUrl: "jwks.json", audience })).toThrow("jwksUrl");
  expect(() => verifyTenantContext({ issuer: "", jwksUrl, audience })).toThrow("issuer");
  expect(() => verifyTenantContext({ issuer, jwksUrl, audience: undefined as never })).toThrow("audience");
  expect(() => contextOptionsFrom({ TENANTRY_ISSUER: issuer, TENANTRY_JWKS_URL: jwksUrl })).toThrow(
    "TENANTRY_AUDIENCE",
  );
  expect(
    contextOptionsFrom({ TENANTRY_ISSUER: issuer, TENANTRY_JWKS_URL: jwksUrl, TENANTRY_AUDIENCE: audience }),
  ).toEqual({ issuer, jwksUrl, audience });
});
