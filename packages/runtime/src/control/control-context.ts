import type { Clock, Random } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type { onRequestHookHandler } from "fastify";
import type { ControlDatabase } from "../database/control-database.ts";
import type { SecretBox } from "../database/secret-box.ts";
import type { WebhookDispatcher } from "../events/webhook-dispatcher.ts";
import type { WebhookSettings } from "../events/webhook-settings.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import type { ProblemCode } from "../http/problems.ts";
import { commonProblems } from "../http/schemas.ts";
import type { ControlPermission } from "../identity/permissions.ts";
import type { TenantOperations } from "../operations/tenant-operations.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
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
  readonly clock: Clock;
  readonly random: Random;
  /** Tenants' data, of which the control plane reads what they used. */
  readonly store: TenantStore;
  /** The platform's own tables. */
  readonly control: ControlDatabase;
  readonly secretBox: SecretBox;
  readonly webhooks: WebhookSettings;
  readonly dispatcher: WebhookDispatcher;
  /** What is done to tenants in steps; null as long as it is not open. */
  operations(): TenantOperations | null;
  /** Aborted when the server drains: whoever follows something ends then. */
  readonly draining: AbortSignal;
  /** Verifies the token, requires this permission, and holds the operator to a rate. */
  access(permission: ControlPermission): readonly onRequestHookHandler[];
}

/** What any request with a token can be answered with here. */
export const controlProblems = [
  ...commonProblems,
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "PERMISSION_MISSING",
  "OUTCOME_UNKNOWN",
  "DATABASE_UNAVAILABLE",
  "HANDLING_TIMEOUT",
] as const satisfies readonly ProblemCode[];
