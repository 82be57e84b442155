import { type TenantId, isTenantId } from "@tenantry/model";
import type { Clock } from "@tenantry/base";
import { decodeJwt, decodeProtectedHeader, errors as joseErrors, jwtVerify, type JWTPayload } from "jose";
import { errors } from "../errors.ts";
import { ProblemError } from "../http/problems.ts";
import { isSafeUrl, IssuerUnreachable, RemoteKeys } from "./remote-keys.ts";
import { roleNamePattern } from "./roles.ts";
import {
  clockToleranceSeconds,
  tokenLengthMax,
  tokenLifetimeSecondsMax,
  tokenPattern,
} from "./token-claims.ts";
import type { Verification } from "./verify-token.ts";

export const externalAlgorithms = ["RS256", "ES256", "EdDSA", "PS256"] as const;
export type ExternalAlgorithm = (typeof externalAlgorithms)[number];
export const externalTokenTypes = ["at+jwt", "JWT"] as const;
export type ExternalTokenType = (typeof externalTokenTypes)[number];

/** An identity provider of the user's, whose tokens are believed at tenants' hosts. Everything that counts is fixed here. */
export interface ExternalIssuer {
  /** The `iss` of its tokens, to the letter. */
  readonly issuer: string;
  /** The `aud` that its tokens for this platform have, alone or among others. */
  readonly audience: string;
  /** Where its keys are; found by discovery at the issuer without it. https, or http on this machine. */
  readonly jwksUri?: string;
  /** All four unless said. Never a symmetric one. */
  readonly algorithms?: readonly ExternalAlgorithm[];
  /** The types of token that are accepted; both unless said. */
  readonly types?: readonly ExternalTokenType[];
  /** The claim that holds the id of the tenant. */
  readonly tenantClaim: string;
  readonly role: ExternalRole;
  /** The claim that says who it is, for the audit trail; `sub` unless said. */
  readonly subjectClaim?: string;
}

export type ExternalRole =
  /** Whoever comes from there has this role. */
  | { readonly kind: "fixed"; readonly role: string }
  /** What stands in a claim, a text or a list of texts, becomes a role: the first of the mapping that is there. */
  | {
      readonly kind: "claim";
      readonly claim: string;
      readonly mapping: readonly { readonly value: string; readonly role: string }[];
    };

/** What a verified token of another issuer says. */
export interface ExternalGrant {
  readonly subject: string;
  readonly tenant: TenantId;
  readonly role: string;
  readonly tokenId: string;
}

export interface ExternalVerifier {
  readonly issuer: string;
  /** @throws ProblemError ISSUER_UNAVAILABLE where its keys cannot be had */
  verify(token: string): Promise<Verification<ExternalGrant>>;
}

/** The external issuers by their `iss`. @throws CodedError RUNTIME_EXTERNAL_ISSUER */
export function externalVerifiers(
  issuers: readonly ExternalIssuer[],
  ownIssuer: string,
  clock: Clock,
): ReadonlyMap<string, ExternalVerifier> {
  const verifiers = new Map<string, ExternalVerifier>();
  for (const config of issuers) {
    const { issuer } = config;
    const reason =
      issuer === ownIssuer
        ? "it is the platform's own issuer"
        : verifiers.has(issuer)
          ? "it is there twice"
          : mistakeIn(config);
    if (reason !== null) throw errors.RUNTIME_EXTERNAL_ISSUER({ issuer: String(issuer), reason });
    verifiers.set(issuer, createExternalVerifier(config, clock));
  }
  return verifiers;
}

/** Who a token claims to come from, unverified: it only chooses the verifier, which requires the same. */
export function claimedIssuer(token: string): string | null {
  if (token.length > tokenLengthMax) return null;
  try {
    return decodeJwt(token).iss ?? null;
  } catch {
    return null;
  }
}

function createExternalVerifier(config: ExternalIssuer, clock: Clock): ExternalVerifier {
  const { issuer, audience } = config;
  const algorithms = [...(config.algorithms ?? externalAlgorithms)];
  const types: ReadonlySet<string> = new Set(config.types ?? externalTokenTypes);
  const keys = new RemoteKeys({ issuer, jwksUri: config.jwksUri, clock });
  const verified = async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, (header, jws) => keys.keyOf(header, jws), {
      algorithms,
      issuer,
      audience,
      requiredClaims: ["iss", "aud", "exp", "iat"],
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: tokenLifetimeSecondsMax,
      currentDate: new Date(clock.nowMs()),
    });
    return payload;
  };
  return {
    issuer,
    async verify(token) {
      try {
        const mistake = mistakeInHeader(token, types);
        if (mistake !== null) return { kind: "refused", reason: mistake };
        return grantOf(await verified(token), config);
      } catch (error) {
        if (error instanceof IssuerUnreachable) {
          throw new ProblemError("ISSUER_UNAVAILABLE", {
            headers: { "retry-after": String(error.retryAfterSeconds) },
            reason: error.message,
          });
        }
        if (error instanceof joseErrors.JOSEError) return { kind: "refused", reason: error.code };
        throw error;
      }
    },
  };
}

/** What is refused before any key is asked for. */
function mistakeInHeader(token: string, types: ReadonlySet<string>): string | null {
  if (token.length > tokenLengthMax) return "it is too long";
  // The library decodes around white space; one token has one text here.
  if (!tokenPattern.test(token)) return "it is not three parts of base64url";
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(token) as Record<string, unknown>;
  } catch {
    return "its header is not JSON";
  }
  const { typ, kid, crit, b64, zip } = header;
  if (typeof typ !== "string" || !types.has(plainType(typ))) return "its type is not accepted";
  if (typeof kid !== "string" || kid === "") return "it has no kid";
  if (crit !== undefined || b64 !== undefined || zip !== undefined) return "its header has extensions";
  return null;
}

/** Media types are compared without their case, and `application/` may be left out (RFC 7515, section 4.1.9). */
function plainType(type: string): string {
  const plain = type.toLowerCase().replace(/^application\//, "");
  return plain === "jwt" ? "JWT" : plain;
}

function grantOf(claims: JWTPayload, config: ExternalIssuer): Verification<ExternalGrant> {
  const refused = (reason: string) => ({ kind: "refused", reason }) as const;
  const subject = textOf(claims, config.subjectClaim ?? "sub");
  if (subject === null) return refused("its claim of the subject is not text");
  const tenant = textOf(claims, config.tenantClaim);
  if (tenant === null || !isTenantId(tenant)) return refused("its claim of the tenant is not a tenant id");
  const { exp = 0, iat = 0 } = claims;
  if (exp <= iat || exp - iat > tokenLifetimeSecondsMax) return refused("it lives too long");
  const role = roleOf(claims, config.role);
  if (role === null) return refused("no role is mapped to its claims");
  return { kind: "valid", grant: { subject, tenant, role, tokenId: textOf(claims, "jti") ?? subject } };
}

function roleOf(claims: JWTPayload, role: ExternalRole): string | null {
  if (role.kind === "fixed") return role.role;
  const claim = claimOf(claims, role.claim);
  const values = new Set<unknown>(Array.isArray(claim) ? claim : [claim]);
  return role.mapping.find(({ value }) => values.has(value))?.role ?? null;
}

function textOf(claims: JWTPayload, name: string): string | null {
  const value = claimOf(claims, name);
  return typeof value === "string" && value !== "" && value.length <= 255 ? value : null;
}

function claimOf(claims: JWTPayload, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function mistakeIn(config: ExternalIssuer): string | null {
  const { issuer, audience, jwksUri, algorithms = [], types = [], tenantClaim, role } = config;
  if (typeof issuer !== "string" || issuer === "") return "it has no URL";
  if (typeof audience !== "string" || audience === "") return "it has no audience";
  if (typeof tenantClaim !== "string" || tenantClaim === "") return "no claim names the tenant";
  if (!isSafeUrl(jwksUri ?? issuer)) return "its keys do not come over https";
  const known: readonly string[] = externalAlgorithms;
  const wrong = algorithms.find((algorithm) => !known.includes(algorithm));
  if (wrong !== undefined) return `the algorithm ${wrong} is not one of ${known.join(", ")}`;
  if (types.some((type) => !externalTokenTypes.includes(type))) return "a type is neither at+jwt nor JWT";
  const roles = role.kind === "fixed" ? [role.role] : role.mapping.map((one) => one.role);
  if (roles.length === 0) return "no role is mapped";
  const strange = roles.find((name) => !roleNamePattern.test(name));
  return strange === undefined ? null : `${JSON.stringify(strange)} cannot name a role`;
}
