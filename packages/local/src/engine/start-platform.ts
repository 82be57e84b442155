import type { Clock, CodedError, Random } from "@tenantry/base";
import type { Placements, Platform } from "@tenantry/model";
import { type LogEntry, onboardDeclared } from "@tenantry/runtime";
import { errors } from "../errors.ts";
import type { LocalEvent } from "../events.ts";
import { findPortHolder } from "../process/port-holder.ts";
import { findFreePort, probePort } from "../process/ports.ts";
import { identifyThisProcess } from "../process/process-identity.ts";
import { type DatabaseTarget, parseDatabaseUrl } from "./database-target.ts";
import { phase, stopWithin } from "./phases.ts";
import { openPlatformData, removeData, stopLeftOvers } from "./platform-data.ts";
import { PlatformLock } from "./platform-lock.ts";
import { PlatformLogs } from "./platform-logs.ts";
import {
  openDatabase,
  type Start,
  prepareOperations,
  startGateway,
  startOwnServices,
  startServer,
} from "./platform-parts.ts";
import { ensureSecrets } from "./platform-secrets.ts";
import { type PlatformState, removeState, writeState } from "./platform-state.ts";
import { settlePlacements } from "./settle-placements.ts";

export interface PlatformOptions {
  /** The data folder, `.tenantry` beside the definition. */
  readonly dataDir: string;
  /** Where the services' commands run: the folder of the definition. */
  readonly definitionDir: string;
  /** A PostgreSQL of the user's, 15 or later, instead of the embedded one. */
  readonly databaseUrl?: string;
  /** A Redis in which several processes count requests together. */
  readonly redisUrl?: string;
  /** The base URL of an OTLP/HTTP receiver of traces. */
  readonly traceEndpoint?: string;
  /** Where requests are counted; in Redis where there is one, else in memory. */
  readonly rateLimits?: "memory" | "redis" | "postgres";
  /** How many proxies stand in front and append to X-Forwarded-For; none without it. */
  readonly trustedProxies?: number;
  /** Port 0 takes any free port. */
  readonly gatewayPort: number;
  readonly controlPort: number;
  /** The address to listen on. */
  readonly host: string;
  /** Deletes the data of earlier runs first. */
  readonly fresh?: boolean;
  /**
   * Asked when the registry does not have every declared tenant where the platform places it: resolves
   * the platform again around the placements that the registry has given. Without it the platform stays as it is.
   */
  readonly placeAround?: (registered: Placements) => Promise<Platform>;
}

export interface PlatformPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: LocalEvent) => void;
  /** The requests that were answered, and errors that nobody expected. */
  readonly log: (entry: LogEntry) => void;
}

/** A platform that is up on this machine. */
export interface RunningPlatform extends AsyncDisposable {
  readonly state: PlatformState;
  /** Services that run only as an image, and so are absent here. */
  readonly absentServices: readonly string[];
  /** Resolves when the platform cannot go on, with the reason: stop it then. */
  readonly failure: Promise<CodedError>;
  /** Drains and stops everything, in order and within limits. Can be called twice. */
  stop(): Promise<void>;
}

/** The `iss` of a platform's tokens here. Without a port, so that tokens survive a change of it. */
export function localIssuerUrl(platformName: string): string {
  return `http://${platformName}.localhost`;
}

/**
 * Brings a platform up: PostgreSQL, its databases, the declared tenants, the definition's own
 * services, gateway and control plane. What was started before a failure is stopped again.
 *
 * @throws coded errors LOCAL_… and RUNTIME_…
 */
export async function startPlatform(
  platform: Platform,
  options: PlatformOptions,
  ports: PlatformPorts,
): Promise<RunningPlatform> {
  const external = options.databaseUrl === undefined ? null : parseDatabaseUrl(options.databaseUrl);
  if (options.fresh && external) throw errors.LOCAL_FRESH_EXTERNAL(external.server);
  if (options.fresh) await removeData(options.dataDir, ports);
  const failure = Promise.withResolvers<CodedError>();
  const watched = { ...ports, onEvent: watchFailures(ports.onEvent, failure.resolve) };
  await using stack = new AsyncDisposableStack();
  const start = await prepare(platform, options, watched, stack);
  const target = await phase("postgresql", ports, () => startServer(start, external));
  const database = await phase("database", ports, () => openDatabase(start, target));
  const placed = { ...start, platform: await settlePlacements(platform, database, options.placeAround) };
  await phase("tenants", ports, () => onboardDeclared(placed.platform, database, ports.onEvent));
  const services = await phase("services", ports, () => startOwnServices(placed));
  const operations = prepareOperations(placed, database);
  await phase("gateway", ports, () => startGateway(placed, database, services.urls, operations.current));
  operations.open();
  const state = await describe(start, target, external ? "external" : "embedded");
  await writeState(options.dataDir, state);
  const started = stack.move();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= started.disposeAsync());
  const absentServices = Object.values(platform.services)
    .filter((service) => !service.local)
    .map((service) => service.name);
  return { state, absentServices, failure: failure.promise, stop, [Symbol.asyncDispose]: stop };
}

/** Takes the data folder and looks at the ports, before anything is started. */
async function prepare(
  platform: Platform,
  options: PlatformOptions,
  ports: PlatformPorts,
  stack: AsyncDisposableStack,
): Promise<Start> {
  const { dataDir, host, definitionDir } = options;
  const paths = await openPlatformData(dataDir);
  stack.use(await PlatformLock.acquire(paths.lock, dataDir, ports.onEvent));
  // Removed before the lock is released, because the next holder writes its own.
  stack.defer(() => removeState(dataDir));
  await removeState(dataDir);
  await stopLeftOvers(dataDir, ports);
  const logs = stack.use(new PlatformLogs(paths.logs, ports.clock));
  const logged = logs.watch(ports);
  return {
    platform,
    dataDir,
    definitionDir,
    host,
    gatewayPort: await requirePort(options.gatewayPort, host, "gateway"),
    controlPort: await requirePort(options.controlPort, host, "control"),
    issuerUrl: localIssuerUrl(platform.name),
    redisUrl: options.redisUrl,
    traceEndpoint: options.traceEndpoint,
    rateLimits: options.rateLimits,
    trustedProxies: options.trustedProxies,
    paths,
    secrets: await ensureSecrets(dataDir, ports.random),
    ports: logged,
    stopLater: (name, stop) => stack.defer(() => stopWithin(name, stop, ports)),
  };
}

async function describe(
  start: Start,
  { server }: DatabaseTarget,
  kind: "embedded" | "external",
): Promise<PlatformState> {
  const { platform, host, gatewayPort, controlPort, issuerUrl, ports } = start;
  return {
    kind: "platform-state",
    ...(await identifyThisProcess()),
    readyAt: new Date(ports.clock.nowMs()).toISOString(),
    platform: platform.name,
    environment: platform.environment,
    host,
    gatewayUrl: `http://localhost:${gatewayPort}`,
    gatewayPort,
    controlUrl: `http://localhost:${controlPort}`,
    controlPort,
    issuerUrl,
    database: { kind, host: server.host, port: server.port },
  };
}

async function requirePort(port: number, host: string, use: "gateway" | "control"): Promise<number> {
  if (port === 0) return await findFreePort(host);
  const probe = await probePort(port, host);
  if (probe === "forbidden") throw errors.LOCAL_PORT_FORBIDDEN({ port, use });
  if (probe === "taken") throw errors.LOCAL_PORT_TAKEN({ port, use, holder: await findPortHolder(port) });
  return port;
}

/** The platform cannot go on without its database. */
function watchFailures(onEvent: (event: LocalEvent) => void, fail: (error: CodedError) => void) {
  return (event: LocalEvent) => {
    onEvent(event);
    if (event.kind === "postgres-failed") fail(event.error);
  };
}
