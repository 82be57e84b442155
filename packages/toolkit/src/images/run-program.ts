import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Clock } from "@tenantry/base";

export interface ProgramRun {
  readonly args: readonly string[];
  /** Written to its standard input, which is closed then. */
  readonly input?: string;
  /** Each line of either stream, as it comes. */
  readonly onLine?: (line: string) => void;
  readonly limitMs: number;
}

export type ProgramEnd =
  | { readonly kind: "absent" }
  | { readonly kind: "overdue" }
  | {
      readonly kind: "ended";
      /** Null where a signal ended it. */
      readonly status: number | null;
      readonly stdout: string;
      readonly lastLines: readonly string[];
    };

/** Runs a program to its end, without a shell. */
export type RunProgram = (program: string, run: ProgramRun) => Promise<ProgramEnd>;

const lineLengthMax = 2_000;
const stdoutMax = 4_000_000;
const lastLinesMax = 8;

/** Programs of this machine, found on its PATH; `env` replaces the environment that they inherit. */
export function systemPrograms(clock: Clock, env?: NodeJS.ProcessEnv): RunProgram {
  return (program, run) => runOne(program, run, clock, env);
}

async function runOne(
  program: string,
  { args, input, onLine, limitMs }: ProgramRun,
  clock: Clock,
  env: NodeJS.ProcessEnv | undefined,
): Promise<ProgramEnd> {
  const stdout: string[] = [];
  const lastLines: string[] = [];
  let stdoutLength = 0;
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...(env === undefined ? {} : { env }),
  });
  const closed = new Promise<number | null | "absent">((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") resolve("absent");
      else reject(error);
    });
  });
  const told = (line: string) => {
    const shown = line.length > lineLengthMax ? `${line.slice(0, lineLengthMax)}…` : line;
    if (shown.trim() !== "") lastLines.push(shown.trim());
    if (lastLines.length > lastLinesMax) lastLines.shift();
    onLine?.(shown);
  };
  const reading = Promise.all([
    readLines(child.stdout, (line) => {
      stdoutLength += line.length + 1;
      if (stdoutLength <= stdoutMax) stdout.push(line);
      told(line);
    }),
    readLines(child.stderr, told),
  ]);
  // A program that ends without reading its input is told from by its status.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  const timer = new AbortController();
  const overdue = clock.sleep(limitMs, timer.signal).then(
    () => "overdue" as const,
    () => closed,
  );
  const first = await Promise.race([closed, overdue]);
  timer.abort();
  if (first === "absent") return { kind: "absent" };
  if (first === "overdue") {
    child.kill("SIGKILL");
    return { kind: "overdue" };
  }
  await reading;
  return { kind: "ended", status: first, stdout: stdout.join("\n"), lastLines };
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  // Progress that an engine draws with carriage returns becomes lines too.
  for await (const line of createInterface({ input: stream, crlfDelay: 0 })) onLine(line);
}
