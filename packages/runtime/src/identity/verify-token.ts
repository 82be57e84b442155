import type { Clock } from "@tenantry/base";
import { errors as joseErrors, jwtVerify } from "jose";
import type { KeyRing } from "./key-ring.ts";
import type { SigningKey } from "./signing-key.ts";
import {
  audienceOf,
  clockToleranceSeconds,
  controlClaims,
  type ControlGrant,
  tenantClaims,
  type TenantGrant,
  tokenHeader,
  tokenLengthMax,
  tokenLifetimeSecondsMax,
  tokenPattern,
  tokenType,
} from "./token-claims.ts";

export type Verification<Grant> =
  | { readonly kind: "valid"; readonly grant: Grant }
  /** The reason is for the log; the client learns only that the token is not valid. */
  | { readonly kind: "refused"; readonly reason: string };

/** Answers at once where it need not look at the signature. */
export interface TokenVerifier {
  verifyTenantToken(token: string): Verification<TenantGrant> | Promise<Verification<TenantGrant>>;
  verifyControlToken(token: string): Verification<ControlGrant> | Promise<Verification<ControlGrant>>;
}

/**
 * Verifies access tokens. The token chooses nothing: which key, algorithm, type, issuer and
 * audience count is fixed here (RFC 8725). On top of the signature it must be spelled exactly as
 * our issuer spells tokens, so that one grant has one text as far as the algorithm allows. (An
 * ECDSA signature has two valid forms; whoever has one token can make the other, which grants the
 * same to the same holder. Nothing is keyed by a token's text, so that changes nothing.)
 */
export function createTokenVerifier(options: {
  /** A list where the keys never change. */
  readonly keys: Pick<KeyRing, "verifyingKey"> | readonly SigningKey[];
  readonly issuer: string;
  readonly platform: string;
  readonly clock: Clock;
}): TokenVerifier {
  const keyOf = keyLookup(options.keys);

  async function claimsOf(token: string, audience: string): Promise<unknown> {
    const [headerPart, payloadPart, signaturePart] = partsOf(token);
    if (!hasNoSlackBits(signaturePart)) throw new RefusedToken("its signature is not canonical base64url");
    const header = tokenHeader.safeParse(decodeExactly(headerPart, "header"));
    if (!header.success) throw new RefusedToken("its header has other members than alg, typ and kid");
    const key = keyOf(header.data.kid);
    if (key === undefined) throw new RefusedToken("its kid is not known");
    decodeExactly(payloadPart, "payload");
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.algorithm],
      typ: tokenType,
      issuer: options.issuer,
      audience,
      requiredClaims: ["iss", "aud", "sub", "exp", "iat", "jti", "role"],
      clockTolerance: clockToleranceSeconds,
      // Also refuses an iat that lies in the future.
      maxTokenAge: tokenLifetimeSecondsMax,
      currentDate: new Date(options.clock.nowMs()),
    });
    return payload;
  }

  return {
    async verifyTenantToken(token) {
      try {
        const claims = tenantClaims.safeParse(await claimsOf(token, audienceOf(options.platform, "api")));
        if (!claims.success) return refused("its claims have wrong types");
        const { sub, exp, iat, jti, tenant_id: tenant, role, sid, member_id: member } = claims.data;
        if (!isLifetime(iat, exp)) return refused("it lives too long");
        const signIn = sid === undefined || member === undefined ? null : { id: sid, member };
        return {
          kind: "valid",
          grant: { subject: sub, tenant, role, tokenId: jti, expiresAt: exp, signIn },
        };
      } catch (error) {
        return refused(reasonOf(error));
      }
    },
    async verifyControlToken(token) {
      try {
        const claims = controlClaims.safeParse(
          await claimsOf(token, audienceOf(options.platform, "control")),
        );
        if (!claims.success) return refused("its claims have wrong types");
        const { sub, exp, iat, jti, role } = claims.data;
        if (!isLifetime(iat, exp)) return refused("it lives too long");
        return { kind: "valid", grant: { subject: sub, role, tokenId: jti } };
      } catch (error) {
        return refused(reasonOf(error));
      }
    },
  };
}

function keyLookup(
  keys: Pick<KeyRing, "verifyingKey"> | readonly SigningKey[],
): (kid: string) => SigningKey | undefined {
  if ("verifyingKey" in keys) return (kid) => keys.verifyingKey(kid);
  const byKid = new Map(keys.map((key) => [key.kid, key]));
  return (kid) => byKid.get(kid);
}

class RefusedToken extends Error {}

function refused(reason: string): { readonly kind: "refused"; readonly reason: string } {
  return { kind: "refused", reason };
}

/** An error that is no verdict on the token is a bug, and must not look like a bad token. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedToken) return error.message;
  if (error instanceof joseErrors.JOSEError) return error.code;
  throw error;
}

function isLifetime(issuedAt: number, expiresAt: number): boolean {
  return expiresAt > issuedAt && expiresAt - issuedAt <= tokenLifetimeSecondsMax;
}

function partsOf(token: string): readonly [string, string, string] {
  if (token.length > tokenLengthMax) throw new RefusedToken("it is too long");
  const match = tokenPattern.exec(token);
  // Without the flag m, $ also matches nowhere but at the very end in JavaScript.
  if (match === null) throw new RefusedToken("it is not three parts of base64url");
  return [match[1] as string, match[2] as string, match[3] as string];
}

/**
 * The JSON of a part, which must be the compact JSON that our issuer writes: that excludes keys
 * that stand twice, numbers in other spellings, white space, and slack bits in the base64url.
 */
function decodeExactly(part: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    throw new RefusedToken(`its ${name} is not JSON`);
  }
  if (Buffer.from(JSON.stringify(value), "utf8").toString("base64url") !== part) {
    throw new RefusedToken(`its ${name} is not canonical`);
  }
  return value;
}

/** Whether the bits of the last character that carry no data are zero. */
function hasNoSlackBits(part: string): boolean {
  return Buffer.from(part, "base64url").toString("base64url") === part;
}
