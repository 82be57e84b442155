import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from "jose";
import { errors } from "../errors.ts";

/** The algorithms that this platform signs with; a key has exactly one of them. */
export const signingAlgorithms = ["ES256", "EdDSA"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** A private key that is ready to sign, and the public half that others verify with. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public half as it stands in the JWKS document. */
  readonly publicJwk: Readonly<Record<string, string>>;
}

/** A new private key. Its kid is the thumbprint of its public half (RFC 7638). */
export async function generateSigningKey(algorithm: SigningAlgorithm = "ES256"): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: "sig" };
}

/** @throws CodedError RUNTIME_SIGNING_KEY_INVALID. The message holds no part of the key. */
export async function importSigningKey(jwk: JWK): Promise<SigningKey> {
  const algorithm = algorithmOf(jwk);
  if (typeof jwk.kid !== "string" || jwk.kid === "") throw invalid("it has no kid");
  if (typeof jwk.d !== "string") throw invalid("it has no private part");
  if (jwk.alg !== undefined && jwk.alg !== algorithm) throw invalid(`its alg is ${jwk.alg}`);
  // Only the members that make a public key: a private member can never slip through.
  const members = algorithm === "ES256" ? ["kty", "crv", "x", "y"] : ["kty", "crv", "x"];
  const publicJwk: Record<string, string> = {};
  for (const member of members) publicJwk[member] = String((jwk as Record<string, unknown>)[member]);
  try {
    return {
      kid: jwk.kid,
      algorithm,
      privateKey: (await importJWK({ ...publicJwk, d: jwk.d } as JWK, algorithm)) as CryptoKey,
      publicKey: (await importJWK(publicJwk as JWK, algorithm)) as CryptoKey,
      publicJwk: Object.freeze({ ...publicJwk, kid: jwk.kid, alg: algorithm, use: "sig" }),
    };
  } catch (cause) {
    throw errors.RUNTIME_SIGNING_KEY_INVALID({ reason: "its numbers make no key" }, cause);
  }
}

function algorithmOf(jwk: JWK): SigningAlgorithm {
  if (jwk.kty === "EC" && jwk.crv === "P-256") return "ES256";
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519") return "EdDSA";
  throw invalid(`it is of type ${jwk.kty ?? "none"} on curve ${jwk.crv ?? "none"}`);
}

function invalid(reason: string) {
  return errors.RUNTIME_SIGNING_KEY_INVALID({ reason });
}
