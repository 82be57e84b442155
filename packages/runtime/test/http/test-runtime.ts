import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import {
  definePlatform,
  type Platform,
  postgres,
  resolve,
  service,
  type TenantId,
  tier,
} from "@tenantry/model";
import { inject } from "vitest";
import type { DatabaseServer } from "../../../../test/database-server.ts";
import { bootstrapDatabase } from "../../src/database/bootstrap-database.ts";
import { openTenantDatabase, type TenantDatabase } from "../../src/database/tenant-database.ts";
import { openObjectStore } from "../../src/files/open-object-store.ts";
import type { LogEntry } from "../../src/http/log-entry.ts";
import { ringOfOne } from "../../src/identity/key-ring.ts";
import { issueToken } from "../../src/identity/issue-token.ts";
import type { ControlRole, TenantRole } from "../../src/identity/roles.ts";
import { generateSigningKey, importSigningKey, type SigningKey } from "../../src/identity/signing-key.ts";
import { openTenantOperations } from "../../src/operations/tenant-operations.ts";
import { type Runtime, type RuntimeConfig, type RuntimePorts, startRuntime } from "../../src/runtime.ts";

/** More than any test asks for that is not about limits. */
const unlimited = { requestsPerMinute: 10_000_000 };

/** A platform with one tier of each isolation, and services at `/`, `/shop` and, not running, `/gone`. */
export function testPlatform(name: string, limits: TestLimits = unlimited): Platform {
  const definition = definePlatform({
    name,
    domain: "example.com",
    services: {
      web: service({ image: "web:1", route: "/" }),
      shop: service({ image: "shop:1", route: "/shop" }),
      gone: service({ image: "gone:1", route: "/gone" }),
    },
    stores: { main: postgres({ database: "main" }) },
    tiers: {
      pool: tier({ limits }),
      bridge: tier({ stores: { main: "bridge" }, limits }),
      silo: tier({ stores: { main: "silo" }, limits }),
    },
    defaultTier: "pool",
    environments: { test: { region: "us-east-1" } },
  });
  return resolve(definition, "test");
}

/** The limits of every tier. */
export interface TestLimits {
  readonly requestsPerMinute: number;
  readonly burst?: number;
  readonly concurrentRequests?: number;
  readonly storageGiB?: number;
  readonly members?: number;
}

export interface TestRuntime extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly database: TenantDatabase;
  readonly config: RuntimeConfig;
  readonly key: SigningKey;
  readonly log: LogEntry[];
  readonly gatewayPort: number;
  readonly controlPort: number;
  token(tenant: string, role?: TenantRole): Promise<string>;
  controlToken(role?: ControlRole): Promise<string>;
  /** Another runtime over the same database. */
  startAnother(
    change: Partial<RuntimeConfig>,
    ports?: Partial<Pick<RuntimePorts, "clock" | "random" | "gauges">>,
  ): Promise<Runtime>;
}

export interface TestRuntimeOptions {
  readonly services?: "none";
  /** Opens the operations on tenants as well; one runtime of a process can have them. */
  readonly operations?: "open";
  readonly limits?: TestLimits;
  /** Where no test runner has one. */
  readonly databaseServer?: DatabaseServer;
}

/** The real runtime on a real database of its own, with the tenants acme-corp, globex-inc and initech-llc. */
export async function startTestRuntime(
  change: Partial<RuntimeConfig> = {},
  options: TestRuntimeOptions = {},
): Promise<TestRuntime> {
  const { host, port, user, password } = options.databaseServer ?? inject("databaseServer");
  const server = { host, port, tls: "off" } as const;
  const admin = { user, password };
  const platformName = `http-${randomBytes(5).toString("hex")}`;
  const secrets = { rolePassword: randomBytes(24).toString("hex"), seal: randomBytes(24).toString("hex") };
  await bootstrapDatabase({ server, admin, platformName, secrets });
  const log: LogEntry[] = [];
  const ports = { clock: systemClock, random: systemRandom };
  const database = await openTenantDatabase(
    { server, admin, platformName, secrets, poolSize: 6 },
    { ...ports, onEvent: () => undefined },
  );
  for (const [id, isolation] of [
    ["acme-corp", "pool"],
    ["globex-inc", "pool"],
    ["initech-llc", "bridge"],
  ] as const) {
    await database.onboard({ id, tier: isolation, isolation });
  }
  const signingKey = await generateSigningKey();
  const key = await importSigningKey(signingKey);
  const issuer = { url: "https://issuer.example.com", signingKey };
  const any = { host: "127.0.0.1", port: 0 };
  const filesFolder = await mkdtemp(join(tmpdir(), "tenantry-files-"));
  const config: RuntimeConfig = {
    platform: {
      ...testPlatform(platformName, options.limits),
      ...(options.services === "none" ? { services: {} } : {}),
    },
    gateway: any,
    control: any,
    hostSuffixes: ["localhost", "example.com"],
    issuer,
    upstreams: {},
    webhooks: { allowLoopback: true, webhooksMax: 10_000 },
    files: { kind: "folder", path: filesFolder },
    // A thousandth of the work: what is tested is the sign-in, not the time it takes.
    passwordCostLog2: 7,
    ...change,
    apiLimits: {
      addressRequestsPerMinute: 10_000_000,
      operatorRequestsPerMinute: 10_000_000,
      ...change.apiLimits,
    },
  };
  const write = (entry: LogEntry) => void log.push(entry);
  const operations =
    options.operations === "open"
      ? await openTenantOperations(
          { platformName, keyRing: ringOfOne(signingKey), staleMs: 0, dayMs: 50 },
          {
            ...ports,
            database,
            objects: openObjectStore({ kind: "folder", path: filesFolder }),
            exports: openObjectStore({ kind: "folder", path: join(filesFolder, "exports") }),
            onEvent: () => undefined,
          },
        )
      : null;
  const runtime = await startRuntime(config, {
    database,
    operations: () => operations,
    ...ports,
    log: write,
  });
  const common = { issuer: issuer.url, platform: platformName, subject: "ada@example.com" };
  return {
    runtime,
    database,
    config,
    key,
    log,
    gatewayPort: portOf(runtime.gatewayUrl),
    controlPort: portOf(runtime.controlUrl),
    token: (tenant, role = "owner") =>
      issueToken(key, { kind: "tenant", ...common, tenant: tenant as TenantId, role }, ports),
    controlToken: (role = "operator") => issueToken(key, { kind: "control", ...common, role }, ports),
    startAnother: (other, otherPorts = {}) =>
      startRuntime({ ...config, ...other }, { database, ...ports, ...otherPorts, log: write }),
    async [Symbol.asyncDispose]() {
      await runtime.drain();
      await operations?.[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(filesFolder, { recursive: true, force: true });
    },
  };
}

export function portOf(url: string): number {
  return Number(new URL(url).port);
}
