import http from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** A private key with the kid that it is published under. */
export interface TestKey {
  readonly kid: string;
  readonly algorithm: "ES256" | "EdDSA";
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function testKey(kid: string, algorithm: TestKey["algorithm"] = "ES256"): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    kid,
    algorithm,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: "sig" },
  };
}

export const issuer = "http://starter.localhost";
export const audience = "urn:tenantry:starter:service:app";
export const tenant = { id: "acme-corp", tier: "pool", isolation: "pool" };
export const principal = {
  subject: "ada@example.com",
  role: "owner",
  permissions: ["documents:read"],
  via: "token",
  member: null,
};

/** The claims of a context that is valid at this time. */
export function claimsAt(nowMs: number): Record<string, unknown> {
  const iat = Math.floor(nowMs / 1_000);
  return { iss: issuer, aud: audience, iat, exp: iat + 60, tenant, principal };
}

export function sign(
  key: TestKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.algorithm, typ: "tenant-context+jwt", kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** Publishes keys as the gateway does, and counts how often they are read. */
export class KeyServer implements AsyncDisposable {
  /** What it publishes. */
  document: unknown = { keys: [] };
  readings = 0;
  answer: (response: http.ServerResponse) => void = (response) =>
    void response.setHeader("content-type", "application/json").end(JSON.stringify(this.document));
  readonly #server = http.createServer((_request, response) => {
    this.readings += 1;
    this.answer(response);
  });

  publish(...keys: readonly TestKey[]): void {
    this.document = { keys: keys.map(({ publicJwk }) => publicJwk) };
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/.well-known/jwks.json`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
