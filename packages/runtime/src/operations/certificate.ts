import { isCodedError, stableJson } from "@tenantry/base";
import { compactVerify, CompactSign, importJWK, type JWK } from "jose";
import { errors } from "../errors.ts";
import type { SigningKey } from "../identity/signing-key.ts";

/** What is certified about a tenant that is gone. */
export interface OffboardingCertificate {
  readonly kind: "tenantry-offboarding-certificate";
  readonly version: 1;
  readonly platform: string;
  readonly tenant: string;
  /** The how manyeth tenant of this id it was. */
  readonly life: number;
  readonly operation: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** When everything was gone. */
  readonly removedAt: string;
  readonly issuedAt: string;
  /** What there was when the tenant was shut out for good, by table. */
  readonly rowsBefore: Readonly<Record<string, number>>;
  readonly filesBefore: number;
  readonly export: {
    readonly sha256: string;
    readonly sizeBytes: number;
    readonly kept: boolean;
  };
  /** What was removed, and when. */
  readonly removed: readonly { readonly what: string; readonly at: string }[];
  /** Where it was looked for and not found. */
  readonly absentFrom: readonly string[];
}

/** Signs certificates. The key that signs is the one of the moment; its public half is in the JWKS document. */
export interface CertificateSigner {
  readonly platform: string;
  currentKey(): SigningKey;
}

const mediaType = "tenantry-offboarding-certificate+jws";

/** The certificate with its signature (RFC 7515, compact). It carries the public key, so that it can be checked long after a rotation. */
export async function signCertificate(
  certificate: OffboardingCertificate,
  { kid, algorithm, privateKey, publicJwk }: SigningKey,
): Promise<string> {
  const payload = new TextEncoder().encode(stableJson(certificate, 0));
  return new CompactSign(payload)
    .setProtectedHeader({ alg: algorithm, typ: mediaType, kid, jwk: publicJwk as JWK })
    .sign(privateKey);
}

/**
 * Verifies a certificate with a key that the verifier trusts, such as one from the platform's JWKS
 * document, or one that was noted when the certificate was handed over. Without a key it is held
 * against the one that it carries: that shows that nobody has changed it since, and not who made it.
 *
 * @throws CodedError RUNTIME_CERTIFICATE_INVALID
 */
export async function verifyCertificate(
  jws: string,
  trusted?: JWK,
): Promise<{ readonly certificate: OffboardingCertificate; readonly kid: string }> {
  try {
    const { payload, protectedHeader } = await compactVerify(
      jws,
      async ({ alg, jwk }) => importJWK(publicHalf(trusted ?? jwk ?? {}), alg),
      { algorithms: ["ES256", "EdDSA"] },
    );
    const certificate = JSON.parse(new TextDecoder().decode(payload)) as OffboardingCertificate;
    if (protectedHeader.typ !== mediaType || certificate.kind !== "tenantry-offboarding-certificate")
      throw errors.RUNTIME_CERTIFICATE_INVALID({ reason: "it is something else" });
    return { certificate, kid: protectedHeader.kid ?? "" };
  } catch (error) {
    if (isCodedError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.RUNTIME_CERTIFICATE_INVALID({ reason }, error);
  }
}

function publicHalf({ d: _, ...members }: JWK): JWK {
  return members;
}
