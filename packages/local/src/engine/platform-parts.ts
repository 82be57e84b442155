import type { Platform } from "@tenantry/model";
import {
  bootstrapDatabase,
  type LaterOperations,
  laterOperations,
  openObjectStore,
  openTenantDatabase,
  type Runtime,
  startRuntime,
  type TenantDatabase,
} from "@tenantry/runtime";
import type { StopName } from "../events.ts";
import { type PostgresPorts, startPostgres } from "../postgres/start-postgres.ts";
import { probeHealth } from "../services/health-probe.ts";
import { inheritedEnvironment } from "../services/inherited-environment.ts";
import { type RunningServices, startServices } from "../services/start-services.ts";
import { checkDatabase, type DatabaseTarget } from "./database-target.ts";
import { watchKeyRing } from "./key-ring-watch.ts";
import type { PlatformPaths } from "./platform-data.ts";
import type { PlatformSecrets } from "./platform-secrets.ts";
import type { PlatformPorts } from "./start-platform.ts";

/** What every part of a start needs. */
export interface Start {
  readonly platform: Platform;
  readonly dataDir: string;
  readonly definitionDir: string;
  readonly host: string;
  readonly gatewayPort: number;
  readonly controlPort: number;
  readonly issuerUrl: string;
  readonly redisUrl: string | undefined;
  readonly traceEndpoint: string | undefined;
  readonly rateLimits: "memory" | "redis" | "postgres" | undefined;
  readonly trustedProxies: number | undefined;
  readonly paths: PlatformPaths;
  readonly secrets: PlatformSecrets;
  readonly ports: PlatformPorts;
  /** Has the part stopped at the end, or when a later one fails. */
  readonly stopLater: (name: StopName, stop: () => PromiseLike<unknown>) => void;
}

/** The user's own server, looked at, or the embedded one, started. */
export async function startServer(start: Start, external: DatabaseTarget | null): Promise<DatabaseTarget> {
  if (external) {
    await checkDatabase(external);
    return external;
  }
  const ports: PostgresPorts = start.ports;
  const server = await startPostgres({ dataDir: start.paths.postgres, durability: "full" }, ports);
  start.stopLater("postgresql", () => server.stop());
  const { host, port, user, password } = server;
  return { server: { host, port, tls: "off" }, admin: { user, password } };
}

/** Roles, databases, migrations. */
export async function openDatabase(start: Start, target: DatabaseTarget): Promise<TenantDatabase> {
  const { rolePassword, seal } = start.secrets;
  const place = { ...target, platformName: start.platform.name, secrets: { rolePassword, seal } };
  await bootstrapDatabase(place);
  const database = await openTenantDatabase(place, start.ports);
  start.stopLater("database", () => database[Symbol.asyncDispose]());
  return database;
}

export function prepareOperations(start: Start, database: TenantDatabase): LaterOperations {
  const { platform, paths, secrets, ports } = start;
  const operations = laterOperations(
    // The only process here hears of a moved tenant at once; what it had begun to read is read by then.
    { platformName: platform.name, keyRing: secrets.keyRing, executor: "local", staleMs: 1_000 },
    {
      ...ports,
      database,
      objects: openObjectStore({ kind: "folder", path: paths.files }),
      exports: openObjectStore({ kind: "folder", path: paths.exports }),
      onFailure: (error) => ports.onEvent({ kind: "operations-failed", error }),
    },
  );
  start.stopLater("operations", () => operations[Symbol.asyncDispose]());
  return operations;
}

export async function startOwnServices(start: Start): Promise<RunningServices> {
  const { platform, ports } = start;
  const services = await startServices(
    {
      services: platform.services,
      cwd: start.definitionDir,
      recordsFile: start.paths.services,
      inheritedEnv: inheritedEnvironment(),
      platform: platform.name,
      environment: platform.environment,
      gatewayUrl: `http://localhost:${start.gatewayPort}`,
      issuerUrl: start.issuerUrl,
    },
    { ...ports, probe: probeHealth },
  );
  start.stopLater("services", () => services.stop());
  return services;
}

export async function startGateway(
  start: Start,
  database: TenantDatabase,
  serviceUrls: Readonly<Record<string, string>>,
  operations: LaterOperations["current"],
): Promise<Runtime> {
  const { platform, host, ports } = start;
  const runtime = await startRuntime(
    {
      platform,
      gateway: { host, port: start.gatewayPort },
      control: { host, port: start.controlPort },
      hostSuffixes: [...new Set(["localhost", platform.domain])],
      issuer: { url: start.issuerUrl, keyRing: start.secrets.keyRing },
      ...(start.redisUrl === undefined ? {} : { redisUrl: start.redisUrl }),
      ...(start.rateLimits === undefined ? {} : { limitsBackend: start.rateLimits }),
      ...(start.trustedProxies === undefined ? {} : { trustedProxies: start.trustedProxies }),
      ...(start.traceEndpoint === undefined ? {} : { tracing: { endpoint: start.traceEndpoint } }),
      files: { kind: "folder", path: start.paths.files },
      // Receivers run on the developer's machine, too.
      webhooks: { allowLoopback: true },
      upstreams: Object.fromEntries(Object.entries(serviceUrls).map(([name, url]) => [name, { url }])),
    },
    { database, operations, clock: ports.clock, random: ports.random, log: ports.log },
  );
  const keyRing = watchKeyRing(start.dataDir, ports.clock, async (ring) => {
    await runtime.replaceKeyRing(ring);
    await operations()?.replaceKeyRing(ring);
  });
  start.stopLater("gateway", async () => {
    await keyRing.stop();
    await runtime.drain();
  });
  return runtime;
}
