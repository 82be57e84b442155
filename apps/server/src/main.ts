import { type Clock, systemClock, systemRandom } from "@tenantry/base";
import { checkDatabaseServer, streamDestination } from "@tenantry/runtime";
import { readConfiguration, type ServerConfiguration } from "./configuration/read-configuration.ts";
import { errors } from "./errors.ts";
import { createServerLog, type ServerLog } from "./server-log.ts";
import { startServer, trustAuthorities } from "./start-server.ts";

/** Why the server ends. */
type Ending =
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  | { readonly kind: "bug"; readonly error: unknown };

/** Beyond what draining allows itself: for operations and the database to close. */
const closingMs = 10_000;

/**
 * Serves until SIGTERM or SIGINT, and leaves the exit status in `process.exitCode`: 0 after it has
 * drained, 1 when something failed, 2 when the configuration was wrong. A second signal ends it at once.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const endings = watchEndings();
  const unknown = argv.find((argument) => argument !== "--check");
  const reading = await readConfiguration(process.env);
  const logLevel = reading.kind === "configured" ? reading.configuration.logLevel : reading.logLevel;
  const log = createServerLog({
    destination: streamDestination(process.stdout),
    level: logLevel,
    clock: systemClock,
  });
  // Nobody reads the log any more; that is no reason to stop serving.
  process.stdout.on("error", () => undefined);
  if (unknown !== undefined) {
    log.tellError("refused", errors.SERVER_ARGUMENT_UNKNOWN({ argument: unknown }));
    process.exitCode = 2;
  } else if (reading.kind === "refused") {
    for (const mistake of reading.mistakes) log.tellError("configuration", mistake);
    process.exitCode = 2;
  } else {
    const { configuration } = reading;
    const run = argv.includes("--check") ? check(configuration, log) : serve(configuration, log, endings);
    process.exitCode = await Promise.race([run, endings.atOnce(log)]).catch((error: unknown) => {
      log.tellError("failed", error);
      return 1;
    });
  }
  await log.flush();
}

/** Looks at the configuration, which was done, and at the database; changes nothing. */
async function check(configuration: ServerConfiguration, log: ServerLog): Promise<number> {
  trustAuthorities(configuration);
  const { server, admin } = configuration.database;
  const { version } = await checkDatabaseServer(server, admin);
  const { name: platform, environment } = configuration.platform;
  const values = { platform, environment, host: server.host, port: server.port, version };
  log.tell("info", "checked", "the configuration and the database are in order", values);
  return 0;
}

async function serve(
  configuration: ServerConfiguration,
  log: ServerLog,
  endings: ReturnType<typeof watchEndings>,
): Promise<number> {
  const { name: platform, environment } = configuration.platform;
  log.tell("info", "starting", `${platform} ${environment} starts`, { platform, environment });
  const starting = startServer(configuration, { clock: systemClock, random: systemRandom, log });
  const early = await Promise.race([starting.then(() => null), endings.signal]);
  if (early !== null) {
    log.tell("info", "stopping", `${early} came before the server was ready`, { signal: early });
    return stopInTime(configuration, log, async () => {
      // A start that fails now has stopped by itself what it had begun.
      const server = await starting.catch(() => null);
      await server?.[Symbol.asyncDispose]();
    });
  }
  const server = await starting;
  const { gatewayUrl, controlUrl } = server;
  log.tell("info", "ready", "the server takes requests", { gatewayUrl, controlUrl });
  const signal = await endings.signal;
  log.tell("info", "stopping", `${signal}: the server drains`, { signal });
  return stopInTime(configuration, log, () => server[Symbol.asyncDispose]());
}

async function stopInTime(
  { runtime }: ServerConfiguration,
  log: ServerLog,
  stop: () => PromiseLike<void>,
): Promise<number> {
  const { drainNoticeMs = 0, drainTimeoutMs = 0 } = runtime.apiLimits ?? {};
  const limitMs = drainNoticeMs + drainTimeoutMs + closingMs;
  const isLate = await within(limitMs, stop, systemClock);
  if (isLate) {
    log.tellError("stop-overdue", errors.SERVER_STOP_OVERDUE({ limitMs }));
    return 1;
  }
  log.tell("info", "stopped", "the server has stopped");
  return 0;
}

/** @returns whether the time was over first */
async function within(limitMs: number, fn: () => PromiseLike<void>, clock: Clock): Promise<boolean> {
  const timer = new AbortController();
  const late = clock.sleep(limitMs, timer.signal).then(
    () => true,
    () => false,
  );
  return Promise.race([late, fn().then(() => false)]).finally(() => timer.abort());
}

/** Follows what ends a process. It is watched from the first moment, so that no signal is missed. */
function watchEndings() {
  const signal = Promise.withResolvers<NodeJS.Signals>();
  const again = Promise.withResolvers<Ending>();
  let count = 0;
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      count += 1;
      if (count === 1) signal.resolve(name);
      else again.resolve({ kind: "signal", signal: name });
    });
  }
  process.on("uncaughtException", (error) => again.resolve({ kind: "bug", error }));
  process.on("unhandledRejection", (error) => again.resolve({ kind: "bug", error }));
  return {
    signal: signal.promise,
    /** Resolves to the exit status when the process must end at once. */
    atOnce: async (log: ServerLog): Promise<number> => {
      const ending = await again.promise;
      if (ending.kind === "bug") log.tellError("unhandled", ending.error);
      else log.tell("warn", "forced", `a second ${ending.signal}: the server ends without draining`);
      return 1;
    },
  };
}
