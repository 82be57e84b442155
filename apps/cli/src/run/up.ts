import { isCodedError, systemClock } from "@tenantry/base";
import {
  dataFolderOf,
  displayPath,
  locateDefinition,
  logFileOf,
  type RunningUp,
  selectionFrom,
  type ToolkitEvent,
  type ToolkitPorts,
  up,
  type UpRequest,
  type UpResult,
} from "@tenantry/toolkit";
import { programName } from "../as-typed.ts";
import type { CommandInput } from "../command.ts";
import { errors } from "../errors.ts";
import { systemPorts, userFolder } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { errorFrom, isDetached, reportDetached, startDetached } from "../up/detached.ts";
import { createProgress, formatDuration } from "../up/progress.ts";
import { upScreen } from "../up/screen.ts";
import { createServiceLogs } from "../up/service-logs.ts";
import { type StopSignals, watchStopSignals } from "../up/stop-signals.ts";

/**
 * Runs the platform until it is asked to stop. With --json one document, what `up` of the toolkit
 * returns, is written when the platform is ready.
 */
export async function runUp(input: CommandInput, terminal: Terminal): Promise<void> {
  if (input.flag("fresh") && !input.flag("yes")) await confirmFresh(input, terminal);
  await (input.flag("detach") ? runInBackground(input, terminal) : runHere(input, terminal));
}

async function confirmFresh(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts();
  const folder = displayPath(dataFolderOf(locateDefinition(input.config, ports)), ports.cwd);
  const what = `deleting the data in ${folder}`;
  if (!terminal.isAsking) throw errors.CLI_CONFIRMATION_NEEDED({ what });
  const isConfirmed = await terminal.confirm(`This deletes the data of all tenants in ${folder}. Go on?`);
  if (!isConfirmed) throw errors.CLI_DECLINED({ what });
}

async function runHere(input: CommandInput, terminal: Terminal): Promise<void> {
  const signals = watchStopSignals(process, systemClock);
  try {
    // A start that has begun is finished before it is undone: half a start has nothing to drain.
    const running = await Promise.race([start(input, terminal), forced(signals)]);
    if (!signals.isAsked()) {
      await reportDetached({ kind: "ready", result: running.result });
      await showReady(running.result, terminal, { detached: isDetached(process.env) });
    }
    await untilStopped(running, signals, terminal);
  } catch (failure) {
    if (isCodedError(failure)) await reportDetached({ kind: "failed", error: failure });
    throw failure;
  } finally {
    signals.release();
  }
}

/** Starts the platform under a progress display, and then shows what its services say. */
async function start(input: CommandInput, terminal: Terminal): Promise<RunningUp> {
  const progress = createProgress(terminal);
  const log = createServiceLogs(terminal);
  let isStarting = true;
  const onEvent = (event: ToolkitEvent) => {
    if (event.code === "TOOLKIT_SERVICE_LOG") log(event.service, event.line);
    else if (isStarting) progress.onEvent(event);
    else showWhileRunning(event, terminal);
  };
  try {
    return await up(
      {
        config: input.config,
        environment: input.argument("environment"),
        gatewayPort: input.port("port"),
        controlPort: input.port("control-port"),
        databaseUrl: process.env["DATABASE_URL"] || undefined,
        redisUrl: process.env["REDIS_URL"] || undefined,
        traceEndpoint: process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] || undefined,
        rateLimits: input.text("rate-limits") as UpRequest["rateLimits"],
        trustedProxies: trustedProxiesOf(input.text("trusted-proxies")),
        fresh: input.flag("fresh"),
      },
      systemPorts(onEvent),
    );
  } finally {
    isStarting = false;
    progress.end();
  }
}

const trustedProxiesMax = 10;

function trustedProxiesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  if (count < 0 || count > trustedProxiesMax) {
    const expected = `a number from 0 to ${trustedProxiesMax}`;
    throw errors.CLI_OPTION_VALUE({ option: "--trusted-proxies", value: text, expected });
  }
  return count;
}

/** Runs until a signal, until nobody reads the output any more, or until a part has failed for good. */
async function untilStopped(running: RunningUp, signals: StopSignals, terminal: Terminal): Promise<void> {
  const reason = await Promise.race([
    signals.asked,
    terminal.readerGone.then(() => "nobody reads the output any more"),
    running.failed,
  ]);
  const startedMs = systemClock.monotonicMs();
  // The terminal has just echoed ^C into the line.
  if (terminal.isLive) terminal.raw("\r\u001b[2K");
  const isSignal = typeof reason === "string";
  const why =
    reason === "SIGINT" ? "Ctrl-C again forces" : `${isSignal ? reason : reason.code}; Ctrl-C forces`;
  terminal.progress(`stopping … (${why})`);
  await Promise.race([running.stop(), forced(signals)]);
  terminal.progress(`stopped in ${formatDuration(systemClock.monotonicMs() - startedMs)}; data stay`);
  if (!isSignal) throw reason;
}

/** Rejects with the second Ctrl-C; the end of this process then takes everything with it. */
async function forced(signals: StopSignals): Promise<never> {
  await signals.forced;
  throw errors.CLI_FORCED({});
}

function showWhileRunning(event: ToolkitEvent, terminal: Terminal): void {
  if (event.code === "TOOLKIT_STOPPING") terminal.progress(`  ${event.waitingFor} …`);
  if (event.code === "TOOLKIT_NOTICE") terminal.progress(`  ${terminal.paintError("dim", event.notice)}`);
  if (event.code === "TOOLKIT_PART_READY")
    terminal.progress(`  ${terminal.paintError("green", "✔")} ${event.message}`);
  if (event.code === "TOOLKIT_WARNING")
    terminal.progress(`  ${terminal.paintError("yellow", "!")} ${event.warning}`);
}

async function runInBackground(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts();
  const config = locateDefinition(input.config, ports);
  const environment = input.argument("environment");
  const port = (name: string) => {
    const value = input.port(name);
    return value === undefined ? [] : [`--${name}`, String(value)];
  };
  const argv = ["up", "--config", config, "--no-color", ...port("port"), ...port("control-port")];
  for (const name of ["rate-limits", "trusted-proxies"]) {
    const value = input.text(name);
    if (value !== undefined) argv.push(`--${name}`, value);
  }
  if (environment !== undefined) argv.push(environment);
  if (input.flag("fresh")) argv.push("--fresh", "--yes");
  terminal.progress("starting in the background …");
  const message = await startDetached(argv, logFileOf(config, ports));
  if (message.kind === "failed") throw errorFrom(message.error);
  await showReady(message.result, terminal, { detached: true });
}

async function showReady(
  result: UpResult,
  terminal: Terminal,
  { detached }: { readonly detached: boolean },
): Promise<void> {
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const ports: ToolkitPorts = { ...systemPorts(), cwd: userFolder(process.env) };
  const options = {
    program: programName(process.env),
    selection: await selectionFrom(result.config, ports),
    dataFolder: displayPath(result.dataFolder, ports.cwd),
    detached,
  };
  // One write: a log line of a service never stands in the middle of the screen.
  terminal.out(upScreen(result, options, terminal).join("\n"));
}
