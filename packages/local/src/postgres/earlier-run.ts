import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Clock } from "@tenantry/base";
import { errors } from "../errors.ts";
import type { PostgresEvent } from "../events.ts";
import {
  describeProcess,
  goneWithin,
  isRunning,
  type ProcessDescription,
  type ProcessIdentity,
  signalProcess,
} from "../process/process-identity.ts";

/**
 * Who started a server stands on its own command line, as a setting that PostgreSQL carries
 * but does not interpret. A file beside the data could be lost or out of date; this cannot.
 */
const ownerSetting = "tenantry.owner";

export function ownerArgument(owner: ProcessIdentity): string {
  return `${ownerSetting}=${ownerTag(owner)}`;
}

export function ownerTag(owner: ProcessIdentity): string {
  return `${owner.pid}@${owner.startedAt}`;
}

export function parseOwner(command: readonly string[]): ProcessIdentity | undefined {
  const argument = command.find((part) => part.startsWith(`${ownerSetting}=`));
  const match = argument && /=(\d+)@(\S+)$/.exec(argument);
  return match ? { pid: Number(match[1]), startedAt: match[2] ?? "" } : undefined;
}

/** The server that runs on these data now, whoever started it. */
export async function findServer(clusterDir: string): Promise<ProcessDescription | undefined> {
  const pid = await readPostmasterPid(clusterDir);
  const found = pid === undefined ? undefined : await describeProcess(pid);
  return found && (await servesFolder(found, clusterDir)) ? found : undefined;
}

/**
 * Clears the way for a new server after a run that did not end well.
 *
 * A server that an earlier run left alive is stopped, not adopted: only a child of ours reports
 * its exit, its settings may be old ones, and sessions of a process that is gone may hold
 * transactions. A fast shutdown takes a fraction of a second and loses nothing.
 */
export async function clearEarlierRun(
  folder: { readonly dataDir: string; readonly clusterDir: string },
  clock: Clock,
  onEvent: (event: PostgresEvent) => void,
): Promise<void> {
  await stopLeftOver(folder, clock, onEvent);
  await killOrphans(folder.clusterDir, clock);
  // PostgreSQL recognizes most stale locks itself, but not one whose pid is a zombie or has
  // since gone to another program. Whatever held it is gone now; a shared memory segment still
  // guards the data against two servers.
  const stalePid = await readPostmasterPid(folder.clusterDir);
  if (stalePid !== undefined) {
    await rm(join(folder.clusterDir, "postmaster.pid"), { force: true });
    onEvent({ kind: "postgres-stale-lock-removed", pid: stalePid });
  }
}

/** Stops the server on these data if whoever started it is gone; refuses if not. */
export async function stopLeftOver(
  folder: { readonly dataDir: string; readonly clusterDir: string },
  clock: Clock,
  onEvent: (event: PostgresEvent) => void,
): Promise<void> {
  const server = await findServer(folder.clusterDir);
  if (!server) return;
  const owner = parseOwner(server.command);
  if (!owner || (await isRunning(owner))) {
    throw errors.LOCAL_DATA_IN_USE({ dataDir: folder.dataDir, pid: server.pid, owner: owner?.pid ?? null });
  }
  await stopServer(server, clock, onEvent);
}

/** Fast shutdown; immediate and kill where that takes too long. Crash recovery makes both safe. */
async function stopServer(
  server: ProcessIdentity,
  clock: Clock,
  onEvent: (event: PostgresEvent) => void,
): Promise<void> {
  for (const [signal, limitMs] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    signalProcess(server.pid, signal);
    if (!(await goneWithin(server, limitMs, clock))) continue;
    onEvent({ kind: "postgres-left-over-stopped", pid: server.pid, by: signal });
    return;
  }
}

async function readPostmasterPid(clusterDir: string): Promise<number | undefined> {
  const text = await readFile(join(clusterDir, "postmaster.pid"), "utf8").catch(() => undefined);
  const pid = text === undefined ? Number.NaN : Number.parseInt(text, 10);
  return text === undefined ? undefined : Number.isNaN(pid) ? 0 : pid;
}

async function servesFolder(found: ProcessDescription, clusterDir: string): Promise<boolean> {
  if (!basename(found.command[0] ?? "").startsWith("postgres")) return false;
  const workingDir = await readlink(`/proc/${found.pid}/cwd`).catch(() => undefined);
  if (workingDir !== undefined) return workingDir === clusterDir;
  // Where the system does not say, a PostgreSQL under the recorded pid gets the benefit of the doubt.
  return true;
}

/**
 * Sessions outlive a postmaster that was killed for as long as their query runs, and a new server
 * refuses to start next to them. Only Linux tells which folder a process works in; elsewhere
 * the start waits for them.
 */
async function killOrphans(clusterDir: string, clock: Clock): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const orphans = await findOrphans(clusterDir);
    if (orphans.length === 0) return;
    // They leave by themselves as soon as they notice, mostly at once.
    if (attempt >= 10) for (const pid of orphans) signalProcess(pid, "SIGKILL");
    await clock.sleep(20);
  }
}

async function findOrphans(clusterDir: string): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const workingDirs = await Promise.all(
    pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined)),
  );
  const inFolder = pids.filter((_, index) => workingDirs[index] === clusterDir);
  const described = await Promise.all(inFolder.map(describeProcess));
  return described
    .filter((found) => found !== undefined)
    .filter(({ command }) => /(^|\/)postgres\b/.test(command[0] ?? ""))
    .map(({ pid }) => pid);
}
