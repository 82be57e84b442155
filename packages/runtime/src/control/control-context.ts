import type { Platform } from "@tenantry/model";
import type { onRequestHookHandler } from "fastify";
import type { ApiLimits } from "../http/api-limits.ts";
import type { ProblemCode } from "../http/problems.ts";
import { commonProblems } from "../http/schemas.ts";
import type { ControlPermission } from "../identity/permissions.ts";
import type { OnboardRequest } from "../tenants/onboard-tenant.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";

/** Sets a tenant up, or continues where that stopped. Again with the same values it changes nothing. */
export type Onboard = (request: OnboardRequest) => Promise<Tenant>;

/** What the routes of the control plane are made with. */
export interface ControlContext {
  readonly platform: Platform;
  readonly registry: TenantRegistry;
  readonly onboard: Onboard;
  readonly limits: ApiLimits;
  /** Verifies the token, requires this permission, and holds the operator to a rate. */
  access(permission: ControlPermission): readonly onRequestHookHandler[];
}

/** What any request with a token can be answered with here. */
export const controlProblems = [
  ...commonProblems,
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "PERMISSION_MISSING",
  "DATABASE_UNAVAILABLE",
  "HANDLING_TIMEOUT",
] as const satisfies readonly ProblemCode[];
