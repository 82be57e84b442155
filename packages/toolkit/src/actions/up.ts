import { dirname } from "node:path";
import type { CodedError } from "@tenantry/base";
import type { LocalEvent, PlatformPorts, PlatformState, RunningPlatform } from "@tenantry/local";
import { controlPlaneOf, hostOf, type TenantView } from "../control-plane/control-plane.ts";
import { resolvePlatform, writeLock } from "../definition/resolve-platform.ts";
import { toolkitEvent } from "../events.ts";
import { DatabaseWatch } from "../local-platform/database-watch.ts";
import { dataFolderOf, locateDefinition } from "../local-platform/locate-platform.ts";
import { forgetPlatform, recordPlatform, type ServiceView } from "../local-platform/running-platforms.ts";
import { ServiceBoard } from "../local-platform/service-board.ts";
import { translateEvent } from "../local-platform/translate-event.ts";
import type { ToolkitPorts } from "../ports.ts";
import { tenantPage } from "./tenant-list.ts";

export interface UpRequest {
  /** The definition as the user named it; the nearest without one. */
  readonly config?: string | undefined;
  /** Development, or the first of the definition, without one. */
  readonly environment?: string | undefined;
  /** 0 takes any free port; 8080 without one. */
  readonly gatewayPort?: number | undefined;
  /** 0 takes any free port; 8081 without one. */
  readonly controlPort?: number | undefined;
  /** A PostgreSQL of the user's instead of the embedded one. */
  readonly databaseUrl?: string | undefined;
  /** A Redis of the user's, in which several processes count requests together. */
  readonly redisUrl?: string | undefined;
  /** The base URL of an OTLP/HTTP receiver that traces are sent to. */
  readonly traceEndpoint?: string | undefined;
  /** Where requests are counted; in Redis where there is one, else in memory. */
  readonly rateLimits?: "memory" | "redis" | "postgres" | undefined;
  /** How many proxies of the user's stand in front and append to X-Forwarded-For; none without it. */
  readonly trustedProxies?: number | undefined;
  /** Deletes the data of earlier runs first. */
  readonly fresh: boolean;
}

/** Where everything is: plain data. */
export interface UpResult {
  readonly platform: string;
  readonly environment: string;
  /** Absolute path of the definition. */
  readonly config: string;
  /** Absolute path. */
  readonly dataFolder: string;
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  readonly database: string;
  /** The first tenants in the order of their ids. */
  readonly tenants: readonly TenantView[];
  /** The tiers that a tenant can be added on; none where the platform has no tenants at all. */
  readonly tiers: readonly string[];
  /** How many tenants there are in all. */
  readonly tenantCount: number;
  readonly services: readonly ServiceView[];
  readonly pid: number;
  /** RFC 3339, UTC. */
  readonly readyAt: string;
  /** From the request until everything answered. */
  readonly durationMs: number;
}

/** A platform that runs in this process until it is stopped. */
export interface RunningUp extends AsyncDisposable {
  readonly result: UpResult;
  /** Resolves when the platform cannot go on. It still has to be stopped. */
  readonly failed: Promise<CodedError>;
  /** Drains and stops everything. Can be called twice. */
  stop(): Promise<void>;
}

const gatewayPortDefault = 8080;
const controlPortDefault = 8081;
/** How many tenants the result names; the rest is counted. */
const tenantsNamedMax = 10;

/**
 * Runs the platform of a definition in this process.
 *
 * @throws TOOLKIT_DEFINITION_*, MODEL_*, LOCAL_*, RUNTIME_*
 */
export async function up(request: UpRequest, ports: ToolkitPorts): Promise<RunningUp> {
  const startedMs = ports.clock.monotonicMs();
  const config = locateDefinition(request.config, ports);
  const { environment } = request;
  let { platform, lock } = await resolvePlatform(config, { environment }, ports);
  ports.onEvent(
    toolkitEvent("TOOLKIT_PHASE_DONE", {
      phase: "definition",
      durationMs: Math.round(ports.clock.monotonicMs() - startedMs),
    }),
  );
  const { startPlatform } = await import("@tenantry/local");
  const watched = watchServices(config, platform.environment, Object.keys(platform.services), ports);
  const database = new DatabaseWatch(ports);
  const running = await startPlatform(
    platform,
    {
      dataDir: dataFolderOf(config),
      definitionDir: dirname(config),
      gatewayPort: request.gatewayPort ?? gatewayPortDefault,
      controlPort: request.controlPort ?? controlPortDefault,
      host: "127.0.0.1",
      fresh: request.fresh,
      placeAround: async (reserved) => {
        ({ platform, lock } = await resolvePlatform(config, { environment, reserved }, ports));
        return platform;
      },
      ...(request.databaseUrl === undefined ? {} : { databaseUrl: request.databaseUrl }),
      ...(request.redisUrl === undefined ? {} : { redisUrl: request.redisUrl }),
      ...(request.rateLimits === undefined ? {} : { rateLimits: request.rateLimits }),
      ...(request.trustedProxies === undefined ? {} : { trustedProxies: request.trustedProxies }),
      ...(request.traceEndpoint === undefined ? {} : { traceEndpoint: request.traceEndpoint }),
    },
    {
      clock: ports.clock,
      random: ports.random,
      onEvent: watched.onEvent,
      log: (entry) => {
        tell(entry, ports);
        database.saw(entry);
      },
    },
  );
  try {
    await writeLock(config, lock, ports);
    await watched.record();
    const durationMs = Math.round(ports.clock.monotonicMs() - startedMs);
    const tiers = Object.keys(platform.tiers);
    const result = { ...(await describe(config, running, watched.views(), durationMs, ports)), tiers };
    if (request.databaseUrl !== undefined) database.begin(result.controlUrl);
    return handle(result, running, async () => {
      await database[Symbol.asyncDispose]();
      await watched.forget();
    });
  } catch (failure) {
    await running.stop();
    await watched.forget();
    throw failure;
  }
}

function handle(result: UpResult, running: RunningPlatform, forget: () => Promise<void>): RunningUp {
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= running.stop().finally(forget));
  return { result, failed: running.failure, stop, [Symbol.asyncDispose]: stop };
}

/** Follows the services, so that `status` in another process can tell how they are. */
function watchServices(config: string, environment: string, names: readonly string[], ports: ToolkitPorts) {
  const board = new ServiceBoard(names);
  let isRecorded = false;
  let writing: Promise<unknown> = Promise.resolve();
  const write = () => {
    const record = { config, environment, services: board.views() };
    // One after the other: the last state must be the one that stays.
    writing = writing
      .then(() => recordPlatform(ports.stateFolder, record, ports.random))
      .catch((failure: unknown) => {
        // The record only helps to find the platform; without it --config does.
        const detail = failure instanceof Error ? failure.message : String(failure);
        ports.onEvent(
          toolkitEvent("TOOLKIT_WARNING", { warning: `other commands may need --config: ${detail}` }),
        );
      });
    return writing;
  };
  return {
    views: () => board.views(),
    onEvent: (event: LocalEvent) => {
      if (board.apply(event) && isRecorded) void write();
      const translated = translateEvent(event);
      if (translated !== undefined) ports.onEvent(translated);
    },
    record: async () => {
      isRecorded = true;
      await write();
    },
    forget: async () => {
      isRecorded = false;
      await writing;
      await forgetPlatform(ports.stateFolder, config);
    },
  };
}

async function describe(
  config: string,
  { state }: RunningPlatform,
  services: readonly ServiceView[],
  durationMs: number,
  ports: ToolkitPorts,
): Promise<Omit<UpResult, "tiers">> {
  const { tenants, total } = await tenantPage(await controlPlaneOf(config, state, ports), tenantsNamedMax);
  return {
    platform: state.platform,
    environment: state.environment,
    config,
    dataFolder: dataFolderOf(config),
    gatewayUrl: `http://${hostOf(state)}:${state.gatewayPort}`,
    controlUrl: `http://${hostOf(state)}:${state.controlPort}`,
    database: databaseOf(state),
    tenants,
    tenantCount: total,
    services,
    pid: state.pid,
    readyAt: state.readyAt,
    durationMs,
  };
}

/** `PostgreSQL at 127.0.0.1:5433, embedded`. */
export function databaseOf({ database }: PlatformState): string {
  return `PostgreSQL at ${database.host}:${database.port}, ${database.kind === "embedded" ? "embedded" : "of DATABASE_URL"}`;
}

/** What somebody should know; requests that were answered are for the observability of later. */
function tell(entry: Parameters<PlatformPorts["log"]>[0], ports: ToolkitPorts): void {
  if (entry.kind === "failure") {
    const warning = `${entry.listener} failed on ${entry.route}: ${entry.error.name}: ${entry.error.message} (request ${entry.requestId})`;
    ports.onEvent(toolkitEvent("TOOLKIT_WARNING", { warning }));
  } else if (entry.kind === "shared-limits") {
    const notice =
      entry.state === "connected"
        ? "requests are counted in Redis"
        : `Redis is away (${entry.reason ?? "no reason given"}); requests are counted in this process`;
    ports.onEvent(toolkitEvent("TOOLKIT_NOTICE", { notice }));
  } else if (entry.kind === "traces") {
    const notice =
      entry.state === "connected"
        ? "traces are received"
        : `the receiver of traces is away (${entry.reason ?? "no reason given"})`;
    ports.onEvent(toolkitEvent("TOOLKIT_NOTICE", { notice }));
  }
}
