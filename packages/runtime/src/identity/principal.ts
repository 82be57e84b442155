import type { TenantId } from "@tenantry/model";
import type { ControlPermission, TenantPermission } from "./permissions.ts";
import type { ControlRole } from "./roles.ts";

/** Who asks, once it was shown. */
export type Principal = TenantPrincipal | ControlPrincipal;

/** Somebody inside a tenant: a person with a token, or a program with an API key. */
export interface TenantPrincipal {
  readonly kind: "tenant";
  readonly via: "token" | "api-key";
  readonly tenant: TenantId;
  /** Who, for the audit trail: what stands in `sub`, such as a mail address, or the id of the API key. */
  readonly subject: string;
  /** A built-in role or one of the tenant's own; null for an API key, which has permissions only. */
  readonly role: string | null;
  readonly permissions: ReadonlySet<TenantPermission>;
  /** The `jti` of the token, or the id of the API key. */
  readonly credential: string;
  /** The id of the member that the token was issued to; null where no member stands behind it. */
  readonly member: string | null;
  /** The sign-in that the token came from; null for a token that was issued otherwise. */
  readonly signIn: string | null;
}

/** Somebody who runs the platform. */
export interface ControlPrincipal {
  readonly kind: "control";
  readonly subject: string;
  readonly role: ControlRole;
  readonly permissions: ReadonlySet<ControlPermission>;
  readonly credential: string;
}
