import { ManualClock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { TenantPrincipal } from "../identity/principal.ts";
import { generateSigningKey, importSigningKey, type SigningKey } from "../identity/signing-key.ts";
import type { Tenant } from "../tenants/tenant.ts";
import { ContextSigner, serviceAudienceOf } from "./context-signer.ts";

const issuer = "https://issuer.example.com";
const audience = serviceAudienceOf("starter", "app");
const tenant: Tenant = {
  id: "acme-corp" as TenantId,
  tier: "pool",
  isolation: "pool",
  status: "active",
  placement: { cell: 1, slot: 1 },
  schemaVersion: 1,
  createdAt: "2026-01-01T00:00:00Z",
};
const principal: TenantPrincipal = {
  kind: "tenant",
  via: "token",
  tenant: tenant.id,
  subject: "ada@example.com",
  role: "owner",
  permissions: new Set(["documents:read"]),
  credential: "one",
  member: null,
  signIn: null,
};
let key: SigningKey;
let clock: ManualClock;
let signatures: number;
let signer: ContextSigner;
beforeAll(async () => {
  key = await importSigningKey(await generateSigningKey());
});
beforeEach(() => {
  clock = new ManualClock(1_800_000_000_000);
  signatures = 0;
  const keys = {
    get signingKey() {
      signatures += 1;
      return key;
    },
  };
  signer = new ContextSigner({ issuer, keys, clock, entriesMax: 10 });
});

test("a context is for one service, for a minute, and of its own type", async () => {
  const text = await signer.sign(audience, tenant, principal);
  expect(decodeProtectedHeader(text)).toEqual({ alg: "ES256", typ: "tenant-context+jwt", kid: key.kid });
  expect(decodeJwt(text)).toEqual({
    iss: issuer,
    aud: "urn:tenantry:starter:service:app",
    iat: 1_800_000_000,
    exp: 1_800_000_060,
    tenant: { id: "acme-corp", tier: "pool", isolation: "pool" },
    principal: {
      subject: "ada@example.com",
      role: "owner",
      permissions: ["documents:read"],
      via: "token",
      member: null,
    },
  });
});

test("is signed once in thirty seconds, however many ask for it, and then anew", async () => {
  const texts = await Promise.all(Array.from({ length: 50 }, () => signer.sign(audience, tenant, principal)));
  expect(new Set(texts).size).toBe(1);
  clock.advance(29_999);
  // What was signed is there at once: no turn of the event loop is waited for.
  expect(signer.sign(audience, { ...tenant }, { ...principal })).toBe(texts[0]);
  expect(signatures).toBe(1);
  clock.advance(1);
  expect(await signer.sign(audience, tenant, principal)).not.toBe(texts[0]);
  expect(signatures).toBe(2);
});

test("what is said otherwise is signed otherwise", async () => {
  const texts = await Promise.all([
    signer.sign(audience, tenant, principal),
    signer.sign(serviceAudienceOf("starter", "shop"), tenant, principal),
    signer.sign(audience, { ...tenant, id: "globex-inc" as TenantId }, principal),
    signer.sign(audience, { ...tenant, tier: "gold" }, principal),
    signer.sign(audience, tenant, { ...principal, role: "viewer" }),
    signer.sign(audience, tenant, { ...principal, permissions: new Set(["documents:write"]) }),
    signer.sign(audience, tenant, { ...principal, credential: "two" }),
    signer.sign(audience, tenant, null),
    signer.sign(audience, null, null),
  ]);
  expect(new Set(texts).size).toBe(9);
});

test("takes no more memory than it may, and a signature that fails is tried again", async () => {
  for (let count = 0; count < 100; count += 1) {
    await signer.sign(audience, tenant, { ...principal, credential: String(count) });
  }
  await signer.sign(audience, tenant, { ...principal, credential: "0" });
  expect(signatures).toBe(101);
  let isAway = true;
  const failing = new ContextSigner({
    issuer,
    clock,
    keys: {
      get signingKey(): SigningKey {
        return isAway ? { ...key, privateKey: key.publicKey } : key;
      },
    },
  });
  await expect(failing.sign(audience, tenant, null)).rejects.toThrow("CryptoKey");
  isAway = false;
  expect(await failing.sign(audience, tenant, null)).toMatch(/^ey/);
});
