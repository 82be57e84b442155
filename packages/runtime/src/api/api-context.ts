import type { Clock, Random } from "@tenantry/base";
import type { onRequestHookHandler, onSendHookHandler, preHandlerHookHandler } from "fastify";
import type { ObjectStore } from "../files/object-store.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import type { TenantPermission } from "../identity/permissions.ts";
import type { Grants } from "../identity/grants.ts";
import type { AccessTokens } from "../identity/access-tokens.ts";
import type { PasswordHasher } from "../identity/password.ts";
import type { SignInFailures } from "../identity/sign-in-failures.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { UsageMeter } from "../usage/usage-meter.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { TenantSweep } from "../tenants/tenant-sweep.ts";

/** What the routes of the tenant API are made with. */
export interface ApiContext {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ApiLimits;
  /** Removes idempotency keys that are no longer kept. */
  readonly idempotencySweep: TenantSweep;
  /** Where the content of files is; null where there are no files. */
  readonly objects: ObjectStore | null;
  /** Removes content that no file leads to. */
  readonly objectSweep: TenantSweep;
  /** How much the files of the tenant may hold together; null for no limit. */
  storageBytesMax(tenant: Tenant): number | null;
  /** Counts what tenants use. */
  readonly usage: Pick<UsageMeter, "withUnwritten">;
  /** What is remembered of members, roles, sign-ins and keys; to be forgotten when they change. */
  readonly grants: Pick<Grants, "forget">;
  /** Makes the request of a tenant wait for its turn, after its body is read. */
  readonly turn: preHandlerHookHandler;
  /** Lets the next request have its turn, as soon as the handler is done with this one. */
  readonly turnEnd: onSendHookHandler;
  /** Reads the tenant from the host. */
  readonly host: onRequestHookHandler;
  /** What lets members sign in. */
  readonly accessTokens: AccessTokens;
  readonly passwords: PasswordHasher;
  readonly signInFailures: SignInFailures;
  /** How many members the tier of the tenant allows; null for no limit. */
  membersMax(tenant: Tenant): number | null;
  /** For what needs no token: reads the tenant from the host, and holds the tenant to its rate of such requests. */
  readonly publicAccess: readonly onRequestHookHandler[];
  /**
   * Reads the tenant from the host, verifies the token, requires this permission, and holds the tenant
   * to its rate. Null is what whoever has a token may do.
   */
  access(permission: TenantPermission | null): onRequestHookHandler[];
  /** The same where a file streams in or out: that may take long, so it waits for its turn by itself. */
  streamAccess(permission: TenantPermission): onRequestHookHandler[];
}
