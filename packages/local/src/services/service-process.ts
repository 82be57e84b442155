import { spawn } from "node:child_process";
import type { Clock } from "@tenantry/base";
import { identifyProcess, type ProcessIdentity } from "../process/process-identity.ts";
import { launchWatchdog } from "../process/watchdog.ts";
import { LineSplitter } from "./line-splitter.ts";

export interface ServiceExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One run of a service: a process group of its own, so that its children end with it. */
export interface ServiceProcess {
  readonly identity: ProcessIdentity;
  /** Resolves when the process has ended and everything it wrote was read. */
  readonly exited: Promise<ServiceExit>;
  /** SIGTERM to the group, SIGKILL after the grace. Resolves when all of it is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface ServiceProcessOptions {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Ends the group of a service when we are gone: politely, then not. */
const stopScript = `
kill -TERM "-$1" || exit 0
for _ in 1 2 3 4 5; do sleep 1; kill -0 "-$1" || exit 0; done
kill -KILL "-$1"
`;

/** Starts the command. Rejects with the system's own error when there is no such program. */
export async function startServiceProcess(
  options: ServiceProcessOptions,
  clock: Clock,
  onLine: (stream: "stdout" | "stderr", line: string) => void,
): Promise<ServiceProcess> {
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<ServiceExit>((resolve) => {
    child.once("exit", (exitCode, signal) => {
      // A grandchild that keeps the pipe open must not keep the exit from being seen.
      const settle = () => resolve({ exitCode, signal });
      child.once("close", settle);
      void clock.sleep(500).then(settle);
    });
  });
  for (const stream of ["stdout", "stderr"] as const) {
    const lines = new LineSplitter(clock, (line) => onLine(stream, line));
    child[stream].on("data", (chunk: Buffer) => lines.push(chunk));
    child[stream].once("close", () => lines.end());
  }
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pid = child.pid ?? 0;
  const watchdog = launchWatchdog(stopScript, [String(pid)]);
  // A process that has ended already is still there as a zombie, without a start time to read.
  const identity = (await identifyProcess(pid)) ?? { pid, startedAt: "ended" };
  let hasExited = false;
  const exited = closed.then((exit) => {
    hasExited = true;
    watchdog.release();
    signalGroup(pid, "SIGKILL");
    return exit;
  });
  return {
    identity,
    exited,
    stop: async (graceMs) => {
      if (hasExited) return;
      signalGroup(pid, "SIGTERM");
      const timer = new AbortController();
      const late = clock.sleep(graceMs, timer.signal).then(
        () => signalGroup(pid, "SIGKILL"),
        () => undefined,
      );
      await exited;
      timer.abort(new Error("the service has ended"));
      await late;
    },
  };
}

/** To every process of the group; false when none is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
