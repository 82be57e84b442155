import { systemClock, systemRandom } from "@tenantry/base";
import { definePlatform, type Platform, postgres, resolve, type TenantId, tier } from "@tenantry/model";
import { bootstrapDatabase, openTenantDatabase, type TenantDatabase } from "@tenantry/runtime";
import { createGateway } from "../../packages/runtime/src/gateway/gateway.ts";
import { type ApiLimits, defaultApiLimits } from "../../packages/runtime/src/http/api-limits.ts";
import type { Listener } from "../../packages/runtime/src/http/listener.ts";
import { issueToken } from "../../packages/runtime/src/identity/issue-token.ts";
import { generateSigningKey, importSigningKey } from "../../packages/runtime/src/identity/signing-key.ts";
import { createTenantAuthenticator } from "../../packages/runtime/src/identity/tenant-authenticator.ts";
import { createTokenVerifier } from "../../packages/runtime/src/identity/verify-token.ts";
import { MemoryRateBuckets } from "../../packages/runtime/src/limits/memory-rate-buckets.ts";
import { createRequestLimits, type RequestLimits } from "../../packages/runtime/src/limits/request-limits.ts";
import { dropPlatform, startBenchServer } from "./database-server.ts";

export const benchTenants = ["acme-corp", "globex-inc", "initech-llc", "umbrella-co"] as const;
export type BenchTenant = (typeof benchTenants)[number];

/** Real gateways, with these limits and with others, over one real database, for measurements that compare them. */
export interface BenchGateways extends AsyncDisposable {
  readonly database: TenantDatabase;
  open(limits: "off" | Partial<ApiLimits>): Promise<{ readonly listener: Listener; readonly port: number }>;
  /** A GET of the path, ready to be sent. */
  request(tenant: BenchTenant, path: string): Promise<string>;
}

/** The gateway as it was before there were limits: no hook does anything. */
const noLimits: RequestLimits = {
  address: (_request, _reply, done) => done(),
  knownRefusal: (_request, _reply, done) => done(),
  tenant: (_request, _reply, done) => done(),
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
  const key = await importSigningKey(await generateSigningKey());
  const issuer = "https://issuer.example.com";
  const verifier = createTokenVerifier({ keys: [key], issuer, platform: platformName, clock: systemClock });
  const platform = benchPlatform(platformName);
  const listeners: Listener[] = [];
  return {
    database,
    async open(change) {
      const limits = { ...defaultApiLimits, ...(change === "off" ? {} : change) };
      const buckets = new MemoryRateBuckets({ clock: systemClock, bucketsMax: 100_000 });
      const requestLimits =
        change === "off"
          ? noLimits
          : createRequestLimits({ platform, limits, clock: systemClock, buckets, trustedProxies: 0 });
      const listener = await createGateway({
        limits,
        ports: { ...ports, log: () => undefined },
        hostSuffixes: ["localhost"],
        registry: database.registry,
        store: database.store,
        authenticator: createTenantAuthenticator({ verifier }),
        keys: [key],
        services: [],
        health: {
          clock: systemClock,
          ping: () => database.ping(),
          isDraining: () => false,
          readinessTimeoutMs: 1_000,
        },
        requestLimits,
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
      const token = await issueToken(key, who, ports);
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
function benchPlatform(name: string): Platform {
  const definition = definePlatform({
    name,
    domain: "example.com",
    services: {},
    stores: { main: postgres({ database: "main" }) },
    tiers: { pool: tier({ limits: { requestsPerMinute: 10_000_000, burst: 10_000_000 } }) },
    defaultTier: "pool",
    environments: { bench: { region: "us-east-1" } },
  });
  return resolve(definition, "bench");
}
