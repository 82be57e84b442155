import { type Clock, deepFreeze, type Random } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type { JWK } from "jose";
import type { Onboard } from "./control/control-context.ts";
import { createControlPlane } from "./control/control-plane.ts";
import { errors } from "./errors.ts";
import { createGateway } from "./gateway/gateway.ts";
import { isHostSuffix } from "./gateway/host.ts";
import { serviceRoutes } from "./gateway/service-routes.ts";
import { type ApiLimits, defaultApiLimits } from "./http/api-limits.ts";
import type { HealthPorts } from "./http/health.ts";
import type { Listener } from "./http/listener.ts";
import type { Log } from "./http/log-entry.ts";
import { controlAccess } from "./identity/access.ts";
import { importSigningKey } from "./identity/signing-key.ts";
import { createTenantAuthenticator } from "./identity/tenant-authenticator.ts";
import { createTokenVerifier } from "./identity/verify-token.ts";
import { openRateBuckets } from "./limits/open-rate-buckets.ts";
import { createRequestLimits } from "./limits/request-limits.ts";
import type { TenantStore } from "./tenant-store/tenant-store.ts";
import type { TenantRegistry } from "./tenants/tenant-registry.ts";

export interface RuntimeConfig {
  readonly platform: Platform;
  /** Where tenants come in. Port 0 takes any free port. */
  readonly gateway: ListenAddress;
  /** Where operators come in. */
  readonly control: ListenAddress;
  /** What follows the tenant in a host name, such as `example.com`. */
  readonly hostSuffixes: readonly string[];
  readonly issuer: {
    /** The `iss` of tokens. */
    readonly url: string;
    /** A private ES256 or EdDSA key with a kid. */
    readonly signingKey: JWK;
  };
  /** Those of the definition's own services that run, by name. */
  readonly upstreams: Readonly<Record<string, { readonly url: string }>>;
  readonly apiLimits?: Partial<ApiLimits>;
  /** A Redis, in which all processes count the tenants' requests together. Without one each counts its own. */
  readonly redisUrl?: string;
  /**
   * How many proxies of ours stand in front and append to X-Forwarded-For; 0 for none. With fewer
   * than there are, all clients would share the limit of one address, that of the proxy.
   */
  readonly trustedProxies?: number;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The database as the runtime needs it. */
export interface RuntimeDatabase {
  readonly store: TenantStore;
  readonly registry: TenantRegistry;
  readonly onboard: Onboard;
  /** Resolves when the database answers. */
  ping(signal?: AbortSignal): Promise<void>;
}

export interface RuntimePorts {
  readonly database: RuntimeDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Runtime extends AsyncDisposable {
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  /** Says that it is not ready, stops accepting, lets requests in flight finish within their limit, and closes. Can be called twice. */
  drain(): Promise<void>;
}

/**
 * Starts the gateway and the control plane. When one of them cannot start, nothing is left open.
 * The database stays the caller's.
 *
 * @throws CodedError RUNTIME_PORT_TAKEN, RUNTIME_LISTEN_REFUSED, RUNTIME_HOST_SUFFIX,
 *   RUNTIME_SERVICE_URL, RUNTIME_SERVICE_ROUTE, RUNTIME_SIGNING_KEY_INVALID, RUNTIME_REDIS_URL
 */
export async function startRuntime(config: RuntimeConfig, ports: RuntimePorts): Promise<Runtime> {
  const limits = deepFreeze({ ...defaultApiLimits, ...config.apiLimits });
  const { platform } = config;
  const { database, clock, random, log } = ports;
  requireHostSuffixes(config.hostSuffixes);
  const key = await importSigningKey(config.issuer.signingKey);
  const verifier = createTokenVerifier({
    keys: [key],
    issuer: config.issuer.url,
    platform: platform.name,
    clock,
  });
  const state = { draining: false };
  const health: HealthPorts = {
    clock,
    ping: (signal) => database.ping(signal),
    isDraining: () => state.draining,
    readinessTimeoutMs: limits.readinessTimeoutMs,
  };
  const services = serviceRoutes(platform, config.upstreams);
  const rates = await openRateBuckets({ platform, redisUrl: config.redisUrl, limits, clock, log });
  const { buckets } = rates;
  const trustedProxies = config.trustedProxies ?? 0;
  const requestLimits = createRequestLimits({ platform, limits, clock, buckets, trustedProxies });
  const gateway = await createGateway({
    limits,
    ports: { clock, random, log },
    hostSuffixes: config.hostSuffixes,
    registry: database.registry,
    store: database.store,
    authenticator: createTenantAuthenticator({ verifier }),
    keys: [key],
    services,
    health,
    requestLimits,
  });
  const control = await createControlPlane(
    {
      platform,
      registry: database.registry,
      onboard: (tenant) => database.onboard(tenant),
      limits,
      access: (permission) => [controlAccess(verifier, permission), requestLimits.operator],
    },
    health,
    { clock, random, log },
    requestLimits.address,
  );
  const [gatewayUrl, controlUrl] = await listenBoth(
    [gateway, config.gateway],
    [control, config.control],
  ).catch(async (error: unknown) => {
    await rates[Symbol.asyncDispose]();
    throw error;
  });
  let drained: Promise<void> | undefined;
  const drain = () => {
    state.draining = true;
    drained ??= (async () => {
      if (limits.drainNoticeMs > 0) await clock.sleep(limits.drainNoticeMs);
      await Promise.all([gateway.drain(), control.drain()]);
      await rates[Symbol.asyncDispose]();
    })();
    return drained;
  };
  return { gatewayUrl, controlUrl, drain, [Symbol.asyncDispose]: drain };
}

type Start = readonly [Listener, ListenAddress];

async function listenBoth(first: Start, second: Start): Promise<readonly [string, string]> {
  const results = await Promise.allSettled([first[0].listen(first[1]), second[0].listen(second[1])]);
  const [one, two] = results;
  if (one.status === "fulfilled" && two.status === "fulfilled") return [one.value, two.value];
  await Promise.all([first[0].drain(), second[0].drain()]);
  throw results.find((result) => result.status === "rejected")?.reason;
}

function requireHostSuffixes(suffixes: readonly string[]): void {
  const wrong = suffixes.length === 0 ? "" : suffixes.find((suffix) => !isHostSuffix(suffix));
  if (wrong !== undefined) throw errors.RUNTIME_HOST_SUFFIX({ suffix: wrong });
}
