import { type Clock, deepFreeze, type Random } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type { JWK } from "jose";
import type { Onboard } from "./control/control-context.ts";
import { createControlPlane } from "./control/control-plane.ts";
import type { ControlDatabase } from "./database/control-database.ts";
import type { SecretBox } from "./database/secret-box.ts";
import { errors } from "./errors.ts";
import { WebhookDispatcher } from "./events/webhook-dispatcher.ts";
import { defaultWebhookSettings, type WebhookSettings } from "./events/webhook-settings.ts";
import { createGateway } from "./gateway/gateway.ts";
import { isHostSuffix } from "./gateway/host.ts";
import { serviceRoutes } from "./gateway/service-routes.ts";
import { type ApiLimits, defaultApiLimits } from "./http/api-limits.ts";
import { type FilesConfig, openObjectStore } from "./files/open-object-store.ts";
import type { HealthPorts } from "./http/health.ts";
import type { Listener } from "./http/listener.ts";
import type { Log } from "./http/log-entry.ts";
import { controlAccess } from "./identity/access.ts";
import { createAccessTokens } from "./identity/access-tokens.ts";
import { ApiKeyUse } from "./identity/api-key-use.ts";
import { definedIssuers } from "./identity/defined-issuers.ts";
import { type ExternalIssuer, externalVerifiers } from "./identity/external-issuer.ts";
import { Grants } from "./identity/grants.ts";
import { KeyRing, type RingKey, ringOfOne } from "./identity/key-ring.ts";
import { PasswordHasher } from "./identity/password.ts";
import { createTenantAuthenticator } from "./identity/tenant-authenticator.ts";
import { TokenCache } from "./identity/token-cache.ts";
import { createTokenVerifier } from "./identity/verify-token.ts";
import { type LimitsBackend, openRateBuckets } from "./limits/open-rate-buckets.ts";
import { createRequestLimits } from "./limits/request-limits.ts";
import type { TenantOperations } from "./operations/tenant-operations.ts";
import { poolGauges } from "./telemetry/database-metrics.ts";
import type { GaugeSource } from "./telemetry/gauge-source.ts";
import { limitGauges } from "./telemetry/limit-gauges.ts";
import type { MetricsConfig } from "./telemetry/metrics.ts";
import { createTelemetry, type TracingConfig } from "./telemetry/telemetry.ts";
import { traceAuthenticator, traceLimits } from "./telemetry/traced-parts.ts";
import type { PoolUsage } from "./tenant-store/connection-pool.ts";
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
  } & (
    | {
        /** A private ES256 or EdDSA key with a kid, where one key signs for good. */
        readonly signingKey: JWK;
      }
    | {
        /** The keys that sign and verify, as a rotation leaves them. */
        readonly keyRing: readonly RingKey[];
      }
  );
  /** Identity providers whose tokens tenants' hosts accept beside the platform's own; those of the definition unless given. */
  readonly externalIssuers?: readonly ExternalIssuer[];
  /** The binary logarithm of scrypt's N for members' passwords; 17 unless given, and less only in tests. */
  readonly passwordCostLog2?: number;
  /** Those of the definition's own services that run, by name. */
  readonly upstreams: Readonly<Record<string, { readonly url: string }>>;
  readonly apiLimits?: Partial<ApiLimits>;
  /** Where the content of tenants' files is kept. Without it uploads and downloads are refused. */
  readonly files?: FilesConfig;
  /** A Redis, in which all processes count the tenants' requests together. Without one each counts its own. */
  readonly redisUrl?: string;
  /** Where the tenants' rates are counted; in Redis where it has an address, by each process for itself otherwise. */
  readonly limitsBackend?: LimitsBackend;
  /**
   * How many proxies of ours stand in front and append to X-Forwarded-For; 0 for none. With fewer
   * than there are, all clients would share the limit of one address, that of the proxy.
   */
  readonly trustedProxies?: number;
  /** Who may read `GET /metrics` of the control listener, and how much it says of tenants. */
  readonly metrics?: MetricsConfig;
  /** Where traces of requests go. Without it there are none, and they cost nothing. */
  readonly tracing?: TracingConfig;
  /** How events are delivered to webhooks; see defaultWebhookSettings. */
  readonly webhooks?: Partial<WebhookSettings>;
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
  /** The platform's own tables; rates are counted there where that is wanted. */
  readonly control: ControlDatabase;
  readonly secretBox: SecretBox;
  /** Resolves when the database answers. */
  ping(signal?: AbortSignal): Promise<void>;
  /** How its sessions are used, for the metrics. */
  poolUsage?(): PoolUsage;
}

export interface RuntimePorts {
  readonly database: RuntimeDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What is done to tenants in steps that survive crashes; null as long as it is not open. Without it tenants can be added, and nothing else be done to them. */
  readonly operations?: () => TenantOperations | null;
  /** Gauges of others, such as a backlog, among the metrics. */
  readonly gauges?: readonly GaugeSource[];
}

export interface Runtime extends AsyncDisposable {
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  /**
   * Signs and verifies with these keys from now on. What they do not verify is refused at once.
   *
   * @throws CodedError RUNTIME_KEY_RING_INVALID, RUNTIME_SIGNING_KEY_INVALID; then nothing has changed
   */
  replaceKeyRing(ring: readonly RingKey[]): Promise<void>;
  /** Says that it is not ready, stops accepting, lets requests in flight finish within their limit, and closes. Can be called twice. */
  drain(): Promise<void>;
}

/**
 * Starts the gateway and the control plane. When one of them cannot start, nothing is left open.
 * The database stays the caller's.
 *
 * @throws CodedError RUNTIME_PORT_TAKEN, RUNTIME_LISTEN_REFUSED, RUNTIME_HOST_SUFFIX,
 *   RUNTIME_SERVICE_URL, RUNTIME_SERVICE_ROUTE, RUNTIME_SIGNING_KEY_INVALID, RUNTIME_KEY_RING_INVALID,
 *   RUNTIME_EXTERNAL_ISSUER, RUNTIME_REDIS_URL, RUNTIME_METRICS_TOKEN, RUNTIME_TRACING_ENDPOINT,
 *   RUNTIME_TRACING_SAMPLE
 */
export async function startRuntime(config: RuntimeConfig, ports: RuntimePorts): Promise<Runtime> {
  const limits = deepFreeze({ ...defaultApiLimits, ...config.apiLimits });
  const { platform } = config;
  const { database, clock, random } = ports;
  const trustedProxies = config.trustedProxies ?? 0;
  const { metrics, tracing } = config;
  requireHostSuffixes(config.hostSuffixes);
  const services = serviceRoutes(platform, config.upstreams);
  // Whatever is open when a later part fails is closed again, and everything when the runtime has drained.
  await using opened = new AsyncDisposableStack();
  const objects = config.files === undefined ? null : opened.use(openObjectStore(config.files));
  const telemetry = opened.use(
    await createTelemetry({ ...ports, platform, metrics, tracing, trustedProxies }),
  );
  const { log } = telemetry;
  // Everything here goes through this one, so that it is counted and traced.
  const store = telemetry.observeStore(database.store);
  const identity = await openIdentity(config, store, ports);
  opened.use(identity.apiKeyUse);
  const state = { draining: false };
  const draining = new AbortController();
  const health: HealthPorts = {
    clock,
    ping: (signal) => database.ping(signal),
    isDraining: () => state.draining,
    readinessTimeoutMs: limits.readinessTimeoutMs,
  };
  const { limitsBackend: backend, redisUrl } = config;
  const { control: tables } = database;
  const rates = opened.use(
    await openRateBuckets({ platform, backend, redisUrl, control: tables, limits, clock, log }),
  );
  const { buckets } = rates;
  const ownLimits = createRequestLimits({ platform, limits, clock, buckets, trustedProxies });
  const requestLimits = traceLimits(ownLimits, telemetry.tracing, clock);
  const poolUsage = database.poolUsage?.bind(database);
  for (const gauge of [
    ...(poolUsage === undefined ? [] : poolGauges(poolUsage)),
    ...limitGauges(ownLimits),
    ...(ports.gauges ?? []),
  ]) {
    telemetry.metrics.gauge(gauge);
  }
  const listenerPorts = { clock, random, log, observer: telemetry.tracing };
  const { keys, verifier, grants, accessTokens, passwords } = identity;
  const gateway = await createGateway({
    limits,
    ports: listenerPorts,
    hostSuffixes: config.hostSuffixes,
    registry: database.registry,
    store,
    authenticator: traceAuthenticator(identity.authenticator, telemetry.tracing),
    grants,
    keys,
    platform,
    accessTokens,
    passwords,
    services,
    issuer: config.issuer.url,
    trustedProxies,
    health,
    requestLimits,
    objects,
  });
  const webhooks = deepFreeze({ ...defaultWebhookSettings, ...config.webhooks });
  const dispatcher = new WebhookDispatcher({
    database: database.control,
    secretBox: database.secretBox,
    settings: webhooks,
    clock,
    random,
    onState: (change) => {
      const time = new Date(clock.nowMs()).toISOString();
      log({ kind: "webhooks", time, reason: null, ...change });
    },
  });
  const control = await createControlPlane(
    {
      platform,
      registry: database.registry,
      onboard: (tenant) => database.onboard(tenant),
      limits,
      clock,
      random,
      store,
      control: database.control,
      secretBox: database.secretBox,
      webhooks,
      dispatcher,
      operations: ports.operations ?? (() => null),
      draining: draining.signal,
      access: (permission) => [controlAccess(verifier, permission), requestLimits.operator],
    },
    health,
    listenerPorts,
    requestLimits.address,
    { source: telemetry.metrics, token: metrics?.token },
  );
  const [gatewayUrl, controlUrl] = await listenBoth([gateway, config.gateway], [control, config.control]);
  if (webhooks.deliver) dispatcher.start();
  const kept = opened.move();
  let drained: Promise<void> | undefined;
  const drain = () => {
    state.draining = true;
    draining.abort(new Error("the server drains"));
    drained ??= (async () => {
      await using _ = kept;
      if (limits.drainNoticeMs > 0) await clock.sleep(limits.drainNoticeMs);
      await Promise.all([gateway.drain(), control.drain(), dispatcher.stop(limits.drainTimeoutMs)]);
    })();
    return drained;
  };
  const replaceKeyRing = async (replacement: readonly RingKey[]) => {
    await keys.replace(replacement);
    verifier.clear();
  };
  return { gatewayUrl, controlUrl, replaceKeyRing, drain, [Symbol.asyncDispose]: drain };
}

/** What knows who asks: keys, other issuers, and what the database says of members and API keys. */
async function openIdentity(config: RuntimeConfig, store: TenantStore, { clock, random }: RuntimePorts) {
  const { issuer, platform } = config;
  const ring = "keyRing" in issuer ? issuer.keyRing : ringOfOne(issuer.signingKey);
  const keys = await KeyRing.open(ring, clock);
  const signing = { keys, issuer: issuer.url, platform: platform.name, clock };
  const verifier = new TokenCache({ verifier: createTokenVerifier(signing), clock });
  const grants = new Grants({ store, clock });
  const apiKeyUse = new ApiKeyUse(store, clock);
  const issuers = config.externalIssuers ?? definedIssuers(platform);
  const externalIssuers = externalVerifiers(issuers, issuer.url, clock);
  return {
    keys,
    verifier,
    grants,
    apiKeyUse,
    authenticator: createTenantAuthenticator({ verifier, grants, apiKeyUse, externalIssuers, clock }),
    accessTokens: createAccessTokens({ ...signing, random }),
    passwords: new PasswordHasher({ clock, random, costLog2: config.passwordCostLog2 }),
  };
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
