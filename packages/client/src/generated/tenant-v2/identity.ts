// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** The public keys that tokens are signed with (RFC 7517). */
export interface Jwks {
  readonly keys: readonly {
    readonly alg: "ES256" | "EdDSA";
    readonly crv: "P-256" | "Ed25519";
    readonly kid: string;
    readonly kty: "EC" | "OKP";
    readonly use: "sig";
    readonly x: string;
    readonly y?: string | undefined;
  }[];
}

export interface IdentityOperations {
  /** The keys that verify tokens */
  readonly getJwks: {
    readonly input: Readonly<Record<never, never>>;
    readonly output: Jwks;
  };
}

export const identityRoutes = {
  getJwks: { method: "GET", path: "/.well-known/jwks.json", parameters: {}, body: null, answers: "json" },
} as const satisfies Routes;
