import { systemClock, systemRandom } from "@tenantry/base";
import { definePlatform, type Platform, postgres, resolve, type TenantId, tier } from "@tenantry/model";
import { bootstrapDatabase, openTenantDatabase, type TenantDatabase } from "@tenantry/runtime";
import { createGateway } from "../../packages/runtime/src/gateway/gateway.ts";
import { type ApiLimits, defaultApiLimits } from "../../packages/runtime/src/http/api-limits.ts";
import type { Listener } from "../../packages/runtime/src/http/listener.ts";
import { issueToken } from "../../packages/runtime/src/identity/issue-token.ts";
import { createAccessTokens } from "../../packages/runtime/src/identity/access-tokens.ts";
import { ApiKeyUse } from "../../packages/runtime/src/identity/api-key-use.ts";
import { Grants } from "../../packages/runtime/src/identity/grants.ts";
import { KeyRing, ringOfOne } from "../../packages/runtime/src/identity/key-ring.ts";
import { PasswordHasher } from "../../packages/runtime/src/identity/password.ts";
import { generateSigningKey } from "../../packages/runtime/src/identity/signing-key.ts";
import { TokenCache } from "../../packages/runtime/src/identity/token-cache.ts";
import { createTenantAuthenticator } from "../../packages/runtime/src/identity/tenant-authenticator.ts";
import { createTokenVerifier } from "../../packages/runtime/src/identity/verify-token.ts";
import { MemoryRateBuckets } from "../../packages/runtime/src/limits/memory-rate-buckets.ts";
import { createRequestLimits, type RequestLimits } from "../../packages/runtime/src/limits/request-limits.ts";
import type { Telemetry } from "../../packages/runtime/src/telemetry/telemetry.ts";
import { traceAuthenticator, traceLimits } from "../../packages/runtime/src/telemetry/traced-parts.ts";
import { dropPlatform, startBenchServer } from "./database-server.ts";

export const benchTenants = ["acme-corp", "globex-inc", "initech-llc", "umbrella-co"] as const;
/** A tenant whose tier has a rate that is soon reached. */
export const meteredTenant = "hooli-io";
export const meteredPerSecond = 10;
export type BenchTenant = (typeof benchTenants)[number] | typeof meteredTenant;

/** Real gateways, with these limits and with others, over one real database, for measurements that compare them. */
export interface BenchGateways extends AsyncDisposable {
  readonly database: TenantDatabase;
  open(
    limits: "off" | Partial<ApiLimits>,
    telemetry?: Telemetry | "off",
  ): Promise<{ readonly listener: Listener; readonly port: number }>;
  /** A GET of the path, ready to be sent. */
  request(tenant: BenchTenant, path: string): Promise<string>;
}

/** The gateway as it was before there were limits: no hook does anything. */
const noLimits: RequestLimits = {
  address: (_request, _reply, done) => done(),
  knownRefusal: (_request, _reply, done) => done(),
  tenant: (_request, _reply, done) => done(),
  public: (_request, _reply, done) => done(),
  stream: (_request, _reply, done) => done(),
  handler: (_request, _reply, done) => done(),
  handled: (_request, _reply, payload, done) => done(null, payload),
  service: () => (_request, _reply, done) => done(),
  operator: (_request, _reply, done) => done(),
};

export async function openBenchGateways(platformName: string): Promise<BenchGateways> {
  const bench = await startBenchServer();
  const prefix = platformName.replaceAll("-", "_");
  const secrets = { rolePassword: "bench-password", seal: "bench-seal" };
  const ports = { clock: systemClock, random: systemRandom };
  await dropPlatform(bench, prefix);
  await bootstrapDatabase({ ...bench, platformName, secrets });
  const database = await openTenantDatabase(
    { ...bench, platformName, secrets, poolSize: 10 },
    { ...ports, onEvent: () => undefined },
  );
  for (const id of benchTenants) {
    await database.onboard({ id: id as TenantId, tier: "pool", isolation: "pool" });
  }
  await database.onboard({ id: meteredTenant as TenantId, tier: "metered", isolation: "pool" });
  const keys = await KeyRing.open(ringOfOne(await generateSigningKey()), systemClock);
  const issuer = "https://issuer.example.com";
  const verifier = createTokenVerifier({ keys, issuer, platform: platformName, clock: systemClock });
  const platform = benchPlatform(platformName);
  const grants = new Grants({ store: database.store, clock: systemClock });
  const apiKeyUse = new ApiKeyUse(database.store, systemClock);
  const listeners: Listener[] = [];
  return {
    database,
    async open(change, telemetry) {
      const limits = { ...defaultApiLimits, ...(change === "off" ? {} : change) };
      const buckets = new MemoryRateBuckets({ clock: systemClock, bucketsMax: 100_000 });
      const requestLimits =
        change === "off"
          ? noLimits
          : createRequestLimits({ platform, limits, clock: systemClock, buckets, trustedProxies: 0 });
      const observed = telemetry === "off" ? undefined : telemetry;
      const tracing = observed?.tracing ?? null;
      const verifying = new TokenCache({ verifier, clock: systemClock });
      const authenticator = createTenantAuthenticator({
        verifier: verifying,
        grants,
        apiKeyUse,
        clock: systemClock,
      });
      const listener = await createGateway({
        limits,
        ports: { ...ports, log: observed?.log ?? (() => undefined), observer: tracing },
        hostSuffixes: ["localhost"],
        registry: database.registry,
        store: observed?.observeStore(database.store) ?? database.store,
        authenticator: traceAuthenticator(authenticator, tracing),
        grants,
        keys,
        platform,
        accessTokens: createAccessTokens({ keys, issuer, platform: platformName, ...ports }),
        passwords: new PasswordHasher(ports),
        services: [],
        health: {
          clock: systemClock,
          ping: () => database.ping(),
          isDraining: () => false,
          readinessTimeoutMs: 1_000,
        },
        requestLimits: traceLimits(requestLimits, tracing, systemClock),
      });
      listeners.push(listener);
      const url = await listener.listen({ host: "127.0.0.1", port: 0 });
      return { listener, port: Number(new URL(url).port) };
    },
    async request(tenant, path) {
      const who = {
        kind: "tenant",
        issuer,
        platform: platformName,
        subject: "bench",
        tenant: tenant as TenantId,
        role: "owner",
      } as const;
      const token = await issueToken(keys.signingKey, who, ports);
      return `GET ${path} HTTP/1.1\r\nhost: ${tenant}.localhost\r\nauthorization: Bearer ${token}\r\n\r\n`;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(listeners.map((listener) => listener.drain()));
      await database[Symbol.asyncDispose]();
      await dropPlatform(bench, prefix);
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** Rates that nobody reaches: what is measured is the deciding, not the refusing. */
export function benchPlatform(name: string): Platform {
  const definition = definePlatform({
    name,
    domain: "example.com",
    services: {},
    stores: { main: postgres({ database: "main" }) },
    tiers: {
      pool: tier({ limits: { requestsPerMinute: 10_000_000, burst: 10_000_000 } }),
      metered: tier({ limits: { requestsPerMinute: meteredPerSecond * 60 } }),
    },
    defaultTier: "pool",
    environments: { bench: { region: "us-east-1" } },
  });
  return resolve(definition, "bench");
}
