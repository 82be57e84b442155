/** The field in which the gateway sends the signed context. It removes any that a client sends. */
export const contextHeader = "x-tenantry-context";
/** The type of the signed context, which keeps access tokens and other signed texts out. */
export const contextType = "tenant-context+jwt";
/** The longest life of a context, from iat to exp. */
export const contextLifetimeSecondsMax = 60;

/** How much of a thing a tenant has to itself: shared, a part of its own in something shared, its own. */
export type ContextIsolation = "pool" | "bridge" | "silo";

/** The tenant of the host that the request came to. */
export interface ContextTenant {
  readonly id: string;
  readonly tier: string;
  readonly isolation: ContextIsolation;
}

/** Who asks, as the gateway has authenticated them. */
export interface ContextPrincipal {
  /** What stands in the `sub` of the token, such as a mail address, or the id of the API key. */
  readonly subject: string;
  /** A built-in role or one of the tenant's own; null for an API key, which has permissions only. */
  readonly role: string | null;
  readonly permissions: readonly string[];
  readonly via: "token" | "api-key";
  /** The id of the member behind the token; null where there is none. */
  readonly member: string | null;
}

/** The claims of a signed context: these and no others. */
export interface ContextClaims {
  readonly iss: string;
  /** The service that the context is for: `urn:tenantry:<platform>:service:<name>`. */
  readonly aud: string;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly iat: number;
  readonly exp: number;
  /** Null on a platform that has no tenants. */
  readonly tenant: ContextTenant | null;
  /** Null where nobody was authenticated. */
  readonly principal: ContextPrincipal | null;
}

/** What a service knows of a request once its context was verified. */
export type TenantContext =
  | {
      readonly kind: "tenant";
      readonly tenant: ContextTenant;
      /** Null for a visitor who sent no credential. */
      readonly principal: ContextPrincipal | null;
    }
  /** The platform has no tenants: the request came to its own domain. */
  | { readonly kind: "site" };

/** The context in the claims; null where a claim is missing, is of another type, or is one too many. */
export function contextOfClaims(claims: unknown): TenantContext | null {
  if (!hasExactly(claims, ["iss", "aud", "iat", "exp", "tenant", "principal"])) return null;
  const { iss, aud, iat, exp, tenant, principal } = claims;
  if (!isText(iss) || !isText(aud) || !Number.isInteger(iat) || !Number.isInteger(exp)) return null;
  if (tenant === null) return principal === null ? { kind: "site" } : null;
  if (!isTenant(tenant) || !(principal === null || isPrincipal(principal))) return null;
  return Object.freeze({ kind: "tenant", tenant, principal });
}

const isolations: readonly unknown[] = ["pool", "bridge", "silo"];

function isTenant(value: unknown): value is ContextTenant {
  if (!hasExactly(value, ["id", "tier", "isolation"])) return false;
  return isText(value["id"]) && isText(value["tier"]) && isolations.includes(value["isolation"]);
}

function isPrincipal(value: unknown): value is ContextPrincipal {
  if (!hasExactly(value, ["subject", "role", "permissions", "via", "member"])) return false;
  const { subject, role, permissions, via, member } = value;
  return (
    isText(subject) &&
    (role === null || isText(role)) &&
    Array.isArray(permissions) &&
    permissions.every(isText) &&
    (via === "token" || via === "api-key") &&
    (member === null || isText(member))
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Whether it is an object with these members and no others. */
export function hasExactly<Key extends string>(
  value: unknown,
  keys: readonly Key[],
): value is Readonly<Record<Key, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const found = Object.keys(value);
  return found.length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}
