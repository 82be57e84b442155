import type { Platform } from "@tenantry/model";
import type { ApiContext } from "../api/api-context.ts";
import { tenantApi } from "../api/tenant-api.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import type { HealthPorts } from "../http/health.ts";
import { createListener, type Listener, type ListenerPorts } from "../http/listener.ts";
import { answerNotFound } from "../http/unknown-path.ts";
import { tenantAccess } from "../identity/access.ts";
import type { ObjectStore } from "../files/object-store.ts";
import { sweepObjects } from "../files/sweep-objects.ts";
import { sweepIdempotencyKeys } from "../http/idempotency.ts";
import type { RequestLimits } from "../limits/request-limits.ts";
import type { AccessTokens } from "../identity/access-tokens.ts";
import type { PasswordHasher } from "../identity/password.ts";
import { SignInFailures } from "../identity/sign-in-failures.ts";
import type { KeyRing } from "../identity/key-ring.ts";
import type { TenantAuthenticator } from "../identity/tenant-authenticator.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import { TenantSweep } from "../tenants/tenant-sweep.ts";
import { usageHooks } from "../usage/usage-hooks.ts";
import { UsageMeter } from "../usage/usage-meter.ts";
import { HostReader } from "./host.ts";
import { ownServices } from "./own-services.ts";
import type { ServiceRoute } from "./service-routes.ts";
import { siteFromHost, tenantFromHost } from "./tenant-from-host.ts";

export interface GatewayOptions {
  readonly limits: ApiLimits;
  readonly ports: ListenerPorts;
  readonly hostSuffixes: readonly string[];
  readonly registry: TenantRegistry;
  readonly store: TenantStore;
  readonly authenticator: TenantAuthenticator;
  readonly grants?: ApiContext["grants"];
  readonly keys: KeyRing;
  readonly platform: Platform;
  readonly accessTokens: AccessTokens;
  readonly passwords: PasswordHasher;
  readonly services: readonly ServiceRoute[];
  /** The `iss` of the contexts that services get; needed where there are any. */
  readonly issuer?: string;
  /** How many proxies of ours stand in front; none unless said. */
  readonly trustedProxies?: number;
  readonly health: HealthPorts;
  readonly requestLimits: RequestLimits;
  /** Where the content of files is; without it there are no files. */
  readonly objects?: ObjectStore | null;
}

const sweepEveryMs = 3_600_000;
/** It looks at every file there is. */
const objectSweepEveryMs = 6 * 3_600_000;

/**
 * The one listener that tenants reach. The API's own paths come first; of the services the one
 * with the longest prefix gets the rest. Each of them is a scope of its own, so that no hook or
 * parser of one is met by requests of another.
 */
export async function createGateway(options: GatewayOptions): Promise<Listener> {
  const { limits, ports, authenticator, requestLimits } = options;
  const listener = createListener("gateway", limits, ports);
  const reader = new HostReader(options.hostSuffixes);
  const host = tenantFromHost(reader, options.registry);
  const idempotencySweep = new TenantSweep({
    clock: ports.clock,
    everyMs: sweepEveryMs,
    sweep: (tenant) => sweepIdempotencyKeys(options.store, tenant, ports.clock.nowMs()),
  });
  const usage = new UsageMeter({
    store: options.store,
    registry: options.registry,
    clock: ports.clock,
    log: ports.log,
  });
  const usageOf = usageHooks(usage);
  const objectSweep = new TenantSweep({
    clock: ports.clock,
    everyMs: objectSweepEveryMs,
    sweep: async (tenant) =>
      options.objects == null
        ? "none"
        : sweepObjects(options.store, options.objects, tenant, ports.clock.nowMs()),
  });
  const context: ApiContext = {
    store: options.store,
    idempotencySweep,
    clock: ports.clock,
    random: ports.random,
    limits,
    usage,
    grants: options.grants ?? { forget: () => undefined },
    turn: requestLimits.handler,
    turnEnd: requestLimits.handled,
    host,
    accessTokens: options.accessTokens,
    passwords: options.passwords,
    signInFailures: new SignInFailures(ports.clock),
    membersMax: ({ tier }) => options.platform.tiers[tier]?.limits.members ?? null,
    publicAccess: [host, requestLimits.public],
    access: (permission) => [
      host,
      requestLimits.knownRefusal,
      tenantAccess(authenticator, permission),
      requestLimits.tenant,
    ],
    streamAccess: (permission) => [
      host,
      requestLimits.knownRefusal,
      tenantAccess(authenticator, permission),
      requestLimits.stream,
    ],
    objects: options.objects ?? null,
    objectSweep,
    storageBytesMax: ({ tier }) => {
      const gibibytes = options.platform.tiers[tier]?.limits.storageGiB ?? null;
      return gibibytes === null ? null : gibibytes * 1_073_741_824;
    },
  };
  const { app, routes } = listener;
  app.addHook("onRequest", requestLimits.address);
  app.addHook("onResponse", usageOf.answered);
  app.addHook("onClose", () => usage[Symbol.asyncDispose]());
  app.addHook("onClose", async () => {
    await idempotencySweep[Symbol.asyncDispose]();
    await objectSweep[Symbol.asyncDispose]();
  });
  await app.register((scope) =>
    tenantApi(scope, { context, keys: options.keys, health: options.health, routes }),
  );
  // What is not the API's: of a platform without tenants, a website at its own host.
  const ownHost = hasTenants(options.platform) ? host : siteFromHost(reader);
  if (options.services.length > 0) {
    await app.register(async (scope) => {
      scope.addHook("onRequest", usageOf.service);
      await ownServices(scope, { ...options, host: ownHost });
    });
  }
  answerNotFound(app, routes, [ownHost]);
  return listener;
}

/** Whether the platform has tenants, or can be given some. */
function hasTenants({ tenants, tiers }: Platform): boolean {
  return Object.keys(tenants).length > 0 || Object.keys(tiers).length > 0;
}
