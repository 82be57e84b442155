import type { Clock, Random } from "@tenantry/base";
import type { onRequestHookHandler, onSendHookHandler, preHandlerHookHandler } from "fastify";
import type { ApiLimits } from "../http/api-limits.ts";
import type { TenantPermission } from "../identity/permissions.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";

/** What the routes of the tenant API are made with. */
export interface ApiContext {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ApiLimits;
  /** Makes the request of a tenant wait for its turn, after its body is read. */
  readonly turn: preHandlerHookHandler;
  /** Lets the next request have its turn, as soon as the handler is done with this one. */
  readonly turnEnd: onSendHookHandler;
  /** Reads the tenant from the host. */
  readonly host: onRequestHookHandler;
  /** Reads the tenant from the host, verifies the token, requires this permission, and holds the tenant to its rate. */
  access(permission: TenantPermission): onRequestHookHandler[];
}
