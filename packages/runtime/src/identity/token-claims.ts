import { isTenantId, type TenantId } from "@tenantry/model";
import { z } from "zod";
import { uuidPattern } from "../http/uuid-v7.ts";
import { type ControlRole, controlRoles, roleNamePattern } from "./roles.ts";

/** The two places a token can be for. */
export type Audience = "api" | "control";

/** `urn:tenantry:<platform>:api` or `…:control`. */
export function audienceOf(platform: string, audience: Audience): string {
  return `urn:tenantry:${platform}:${audience}`;
}

/** What a verified token for the API says. */
export interface TenantGrant {
  readonly subject: string;
  readonly tenant: TenantId;
  /** A role that every tenant has or one of the tenant's own; whether there is one of the name is not said. */
  readonly role: string;
  readonly tokenId: string;
  /** When the token ends, in seconds since 1970. */
  readonly expiresAt: number;
  /** Where the token comes from; null where it was not a sign-in. */
  readonly signIn: { readonly id: string; readonly member: string } | null;
}

/** What a verified token for the control plane says. */
export interface ControlGrant {
  readonly subject: string;
  readonly role: ControlRole;
  readonly tokenId: string;
}

/** The type of an access token (RFC 9068), which keeps other kinds of signed tokens out. */
export const tokenType = "at+jwt";
/** The longest life of a token, from iat to exp. */
export const tokenLifetimeSecondsMax = 86_400;
/** How far the clocks of issuer and verifier may be apart. */
export const clockToleranceSeconds = 5;
/** Longer tokens are refused unread. */
export const tokenLengthMax = 4_096;
/** Three parts of base64url, and nothing around them. */
export const tokenPattern = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

const seconds = z.int().min(0).max(253_402_300_799);
const text = z.string().min(1).max(255);
const common = {
  iss: text,
  aud: text,
  sub: text,
  exp: seconds,
  iat: seconds,
  nbf: seconds.optional(),
  jti: text,
};

/** The claims of a token for the API: these and no others, each of exactly this type. */
export const tenantClaims = z
  .strictObject({
    ...common,
    tenant_id: z.custom<TenantId>(isTenantId),
    role: z.string().regex(roleNamePattern),
    /** The sign-in that the token comes from, and who signed in: both or neither. */
    sid: z.string().regex(uuidPattern).optional(),
    member_id: z.string().regex(uuidPattern).optional(),
  })
  .refine(({ sid, member_id: member }) => (sid === undefined) === (member === undefined));

/** The claims of a token for the control plane: it names no tenant. */
export const controlClaims = z.strictObject({ ...common, role: z.enum(controlRoles) });

/** The header of every token: these members and no others, so no key can come with the token. */
export const tokenHeader = z.strictObject({ alg: text, typ: z.literal(tokenType), kid: text });
