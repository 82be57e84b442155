import { type ChildProcess, spawn } from "node:child_process";
import { open, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessIdentity } from "../process/process-identity.ts";
import { launchWatchdog } from "../process/watchdog.ts";
import type { PostgresBinaries } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import { ownerArgument } from "./earlier-run.ts";
import type { ServerUser } from "./server-user.ts";

export interface PostmasterOptions {
  readonly binaries: PostgresBinaries;
  readonly folder: DataFolder;
  readonly user: ServerUser | null;
  readonly owner: ProcessIdentity;
  readonly durability: "full" | "fast";
  readonly settings: Readonly<Record<string, string>>;
}

/** The parent process of the server, and our end of it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process has ended and was reaped. */
  readonly exited: Promise<PostmasterExit>;
  readonly hasExited: () => boolean;
  signal(signal: NodeJS.Signals): void;
  /** What it has logged since it was started. */
  readLog(): Promise<string>;
}

export interface PostmasterExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

const logSizeBytesMax = 8 * 2 ** 20;

/** Stops the server, if the pid still is the one that the watchdog was started for. */
const stopScript = `
file=$1 pid=$2
serves() { read -r current < "$file" && [ "$current" = "$pid" ] && kill -0 "$pid"; }
serves || exit 0
kill -INT "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; serves || exit 0; done
kill -QUIT "$pid"
`;

/**
 * Starts the server in a session of its own. Ctrl-C in a terminal signals the whole process group of
 * the terminal, and a server in it would shut down under the requests that are being drained.
 * The price is that killing our process group leaves the server alive: the watchdog then stops
 * it, and should that be killed too, the next start does (see earlier-run.ts).
 */
export async function launchPostmaster(options: PostmasterOptions, port: number): Promise<Postmaster> {
  const { folder, binaries, user } = options;
  await rotateLog(folder.logFile);
  const log = await open(folder.logFile, "a", 0o600);
  const logStart = (await log.stat()).size;
  try {
    const args = ["-D", folder.clusterDir, ...commandLineSettings(options, port)];
    const child = spawn(binaries.postgres, args, {
      cwd: "/",
      env: {},
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      ...user?.ids,
    });
    const exited = watchExit(child);
    if (child.pid === undefined) throw (await exited.failure) ?? new Error("the process has no pid");
    const watchdog = launchWatchdog(
      stopScript,
      [join(folder.clusterDir, "postmaster.pid"), String(child.pid)],
      user?.ids,
    );
    void exited.promise.then(() => watchdog.release());
    return {
      pid: child.pid,
      port,
      exited: exited.promise,
      hasExited: () => child.exitCode !== null || child.signalCode !== null,
      signal: (signal) => void child.kill(signal),
      // A log that was deleted meanwhile has nothing to say.
      readLog: () => readFrom(folder.logFile, logStart).catch(() => ""),
    };
  } finally {
    await log.close();
  }
}

function watchExit(child: ChildProcess): {
  promise: Promise<PostmasterExit>;
  failure: Promise<Error | undefined>;
} {
  const failure = new Promise<Error | undefined>((resolve) => {
    child.once("error", resolve);
    child.once("spawn", () => resolve(undefined));
  });
  const promise = new Promise<PostmasterExit>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  return { promise, failure };
}

function commandLineSettings(options: PostmasterOptions, port: number): string[] {
  const fast = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    // A socket's lock file would be one more thing that can be stale, and its path can be too long.
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "128MB",
    huge_pages: "off",
    max_wal_size: "512MB",
    // Requests of a tenant are short; compiling them costs more than it gives.
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] ",
    // Statements carry tenants' data, which has no place in a log.
    log_statement: "none",
    log_min_error_statement: "panic",
    log_parameter_max_length_on_error: "0",
    log_checkpoints: "off",
    ...(options.durability === "fast" ? fast : {}),
    ...options.settings,
  };
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [ownerArgument(options.owner), ...pairs].flatMap((pair) => ["-c", pair]);
}

/** Keeps the log of the run before and no more than that. */
async function rotateLog(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > logSizeBytesMax) await rename(logFile, `${logFile}.1`);
}

/** Empties a log that has grown too long while the server runs; it appends, so that it goes on at the start. */
export async function truncateLongLog(logFile: string): Promise<void> {
  const found = await stat(logFile).catch(() => undefined);
  if (found && found.size > logSizeBytesMax) await writeFile(logFile, "");
}

async function readFrom(file: string, start: number): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const length = Math.min(Math.max(size - start, 0), 64 * 1024);
    const buffer = Buffer.alloc(length);
    await handle.read(buffer, 0, length, Math.max(start, size - length));
    return buffer.toString("utf8");
  } finally {
    await handle.close();
  }
}
