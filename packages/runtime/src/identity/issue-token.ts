import { assert, type Clock, type Random } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { SignJWT } from "jose";
import { uuidV7 } from "../http/uuid-v7.ts";
import type { ControlRole } from "./roles.ts";
import type { SigningKey } from "./signing-key.ts";
import { audienceOf, tokenLifetimeSecondsMax, tokenType } from "./token-claims.ts";

/** For whom, where and for how long a token is. */
export type TokenRequest = {
  /** The URL of the issuer, as the runtime was configured with. */
  readonly issuer: string;
  /** The name of the platform; the audience is made from it. */
  readonly platform: string;
  /** Who holds the token, such as a mail address. */
  readonly subject: string;
  /** 1 to 86,400; an hour unless said. */
  readonly lifetimeSeconds?: number;
} & (
  | {
      readonly kind: "tenant";
      readonly tenant: TenantId;
      /** A role that every tenant has, or one of the tenant's own. */
      readonly role: string;
      /** The sign-in that the token comes from, with which it ends. */
      readonly signIn?: { readonly id: string; readonly member: string };
    }
  | { readonly kind: "control"; readonly role: ControlRole }
);

/** A signed access token (RFC 9068). */
export async function issueToken(
  key: SigningKey,
  request: TokenRequest,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<string> {
  const lifetimeSeconds = request.lifetimeSeconds ?? 3_600;
  assert(
    Number.isInteger(lifetimeSeconds) && lifetimeSeconds > 0 && lifetimeSeconds <= tokenLifetimeSecondsMax,
    `not a lifetime of a token: ${lifetimeSeconds} s`,
  );
  const nowMs = ports.clock.nowMs();
  const issuedAt = Math.floor(nowMs / 1_000);
  const claims = { ...tenantClaimsOf(request), role: request.role };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.algorithm, typ: tokenType, kid: key.kid })
    .setIssuer(request.issuer)
    .setAudience(audienceOf(request.platform, request.kind === "tenant" ? "api" : "control"))
    .setSubject(request.subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .setJti(uuidV7(nowMs, ports.random))
    .sign(key.privateKey);
}

function tenantClaimsOf(request: TokenRequest) {
  if (request.kind === "control") return {};
  const { tenant, signIn } = request;
  return {
    tenant_id: tenant,
    ...(signIn === undefined ? {} : { sid: signIn.id, member_id: signIn.member }),
  };
}
