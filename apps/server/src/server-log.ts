import type { Clock } from "@tenantry/base";
import { isCodedError } from "@tenantry/base";
import {
  createJsonLog,
  type JsonLog,
  LineBuffer,
  type LogDestination,
  type LogLevel,
  scrub,
} from "@tenantry/runtime";

export interface ServerLog {
  /** The runtime's own entries. */
  readonly log: JsonLog["log"];
  /** What the program itself has to say. */
  tell(level: LogLevel, kind: string, message: string, values?: Readonly<Record<string, unknown>>): void;
  /** An error with all that helps to find its cause. */
  tellError(kind: string, error: unknown): void;
  /** Resolves when everything is written. */
  flush(): Promise<void>;
}

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const waitingMax = 1_000_000;

/** Lines of JSON in one form, whoever writes them: `level`, `time`, `kind`, values, `msg`. */
export function createServerLog(options: {
  readonly destination: LogDestination;
  readonly level: LogLevel;
  readonly clock: Clock;
}): ServerLog {
  const { clock, destination, level: least } = options;
  const runtime = createJsonLog(options);
  const format = (level: LogLevel, kind: string, values: object, msg: string) =>
    `${JSON.stringify({ level, time: new Date(clock.nowMs()).toISOString(), kind, ...values, msg })}\n`;
  const buffer = new LineBuffer({
    clock,
    destination,
    charactersMax: waitingMax,
    describeDropped: (dropped) =>
      format("warn", "dropped", { dropped }, "lines were dropped because the log could not take them"),
  });
  const tell: ServerLog["tell"] = (level, kind, message, values = {}) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    buffer.write(format(level, kind, values, scrub(message)), "now");
  };
  return {
    log: runtime.log,
    tell,
    tellError: (kind, error) => tell("error", kind, messageOf(error), valuesOf(error)),
    flush: async () => {
      await Promise.all([runtime.flush(), buffer.flush()]);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function valuesOf(error: unknown): Readonly<Record<string, unknown>> {
  if (isCodedError(error)) {
    const { code, fix, retriable, cause } = error;
    return {
      code,
      fix: scrub(fix),
      retriable,
      ...(cause === undefined ? {} : { cause: scrub(messageOf(cause)) }),
    };
  }
  return error instanceof Error ? { name: error.name, stack: scrub(error.stack ?? "") } : {};
}
