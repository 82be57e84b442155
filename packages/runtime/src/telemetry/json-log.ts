import type { Writable } from "node:stream";
import type { Clock } from "@tenantry/base";
import { pino } from "pino";
import type { AccessEntry, LogEntry } from "../http/log-entry.ts";
import { LineBuffer, type LogDestination } from "./line-buffer.ts";
import { scrub } from "./scrub.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface JsonLogOptions {
  readonly destination: LogDestination;
  /** Less serious entries are left out; "info" where not given. */
  readonly level?: LogLevel;
  readonly clock: Clock;
  /** How many characters wait at most for a slow destination; eight million where not given. */
  readonly waitingMax?: number;
}

export interface JsonLog extends AsyncDisposable {
  /** Writes the entry as one line of JSON. It never waits and never throws. */
  readonly log: (entry: LogEntry) => void;
  /** Resolves when the destination has taken everything. */
  flush(): Promise<void>;
}

const errorStart = '{"level":"error"';
const waitingMaxDefault = 8_000_000;

/**
 * The runtime's log as JSON lines: `time`, `level`, `msg`, `kind`, then what the entry has of
 * `tenant`, `requestId`, `traceId`, `spanId`, `listener`, `method`, `route`, `status`,
 * `durationMs`, `problem`, `reason`, `principal` and `error`. What is null is left out.
 */
export function createJsonLog(options: JsonLogOptions): JsonLog {
  const buffer = new LineBuffer({
    clock: options.clock,
    destination: options.destination,
    charactersMax: options.waitingMax ?? waitingMaxDefault,
    describeDropped: (lines) => {
      const time = new Date(options.clock.nowMs()).toISOString();
      const msg = `${lines} lines were dropped because the log could not take them`;
      return `${JSON.stringify({ level: "warn", time, kind: "dropped", dropped: lines, msg })}\n`;
    },
  });
  // What went wrong must be in the file also when the process ends with it.
  const write = (line: string) => buffer.write(line, line.startsWith(errorStart) ? "now" : "soon");
  const logger = pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: false,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return {
    log: (entry) => {
      const level = levelOf(entry);
      if (entry.kind !== "access") {
        logger[level](withoutSecrets(entry) as Record<string, unknown>, messageOf(entry));
      } else if (logger.isLevelEnabled(level)) write(accessLine(level, entry));
    },
    flush: () => buffer.flush(),
    [Symbol.asyncDispose]: () => buffer[Symbol.asyncDispose](),
  };
}

/** A stream, such as the standard output, as a destination. */
export function streamDestination(stream: Writable): LogDestination {
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

function levelOf(entry: LogEntry): LogLevel {
  if (entry.kind === "access") return entry.status >= 500 ? "error" : "info";
  if (entry.kind === "failure") return "error";
  return "state" in entry && entry.state === "away" ? "warn" : "info";
}

function messageOf(entry: LogEntry): string {
  switch (entry.kind) {
    case "access":
      return `${entry.method ?? "?"} ${entry.route} ${entry.status}`;
    case "failure":
      return scrub(`${entry.error.name}: ${entry.error.message}`);
    case "shared-limits":
      return entry.state === "connected"
        ? "requests are counted together with other processes"
        : "what counts requests together is away: each process counts for itself";
    case "traces":
      return entry.state === "connected" ? "traces are received" : "the receiver of traces is away";
    default:
      return (entry as { readonly kind: string }).kind;
  }
}

/**
 * Nearly every line is one of these. Its fields are known and only the reason is a free text, so
 * the line is made without pino, which takes twice as long for the same characters.
 */
function accessLine(level: LogLevel, entry: AccessEntry): string {
  const { method, reason, durationMs } = entry;
  const line = JSON.stringify({
    level,
    time: entry.time,
    kind: entry.kind,
    tenant: entry.tenant ?? undefined,
    requestId: entry.requestId,
    traceId: entry.traceId,
    spanId: entry.spanId,
    listener: entry.listener,
    method: method ?? undefined,
    route: entry.route,
    status: entry.status,
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    problem: entry.problem ?? undefined,
    reason: reason === null ? undefined : scrub(reason),
    principal: entry.principal,
    msg: messageOf(entry),
  });
  return `${line}\n`;
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === "string") return scrub(value);
  if (value === null) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner)]));
}
