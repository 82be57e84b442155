import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Clock } from "@tenantry/base";

const run = promisify(execFile);

/**
 * One process of this machine, for good. A pid alone is given to another program sooner or
 * later; together with the moment at which the process began it is not.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque, without spaces: compare, do not parse. */
  readonly startedAt: string;
}

export interface ProcessDescription extends ProcessIdentity {
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** What runs under `pid` now; undefined when nothing does, or only a zombie that nobody has reaped. */
export async function describeProcess(pid: number): Promise<ProcessDescription | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? await describeOnLinux(pid) : await describeWithPs(pid);
}

export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const found = await describeProcess(pid);
  return found && { pid: found.pid, startedAt: found.startedAt };
}

/** Whether exactly that process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await describeProcess(identity.pid))?.startedAt === identity.startedAt;
}

let ownIdentity: Promise<ProcessIdentity> | undefined;

export function identifyThisProcess(): Promise<ProcessIdentity> {
  ownIdentity ??= identifyProcess(process.pid).then(
    (identity) => identity ?? { pid: process.pid, startedAt: "unknown" },
  );
  return ownIdentity;
}

/** Waits until that process is gone; false when it outlasts the limit. */
export async function goneWithin(identity: ProcessIdentity, limitMs: number, clock: Clock): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + limitMs;
  while (await isRunning(identity)) {
    if (clock.monotonicMs() >= deadlineMs) return false;
    await clock.sleep(20);
  }
  return true;
}

/** Sends a signal; a process that is gone already, or belongs to someone else, is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function describeOnLinux(pid: number): Promise<ProcessDescription | undefined> {
  try {
    const [stat, commandLine, bootId] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      readBootId(),
    ]);
    // The second field is the program's name in parentheses and may contain anything, also
    // parentheses; the fields after the last one are plain. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const state = fields[0];
    const startTicks = fields[19];
    if (startTicks === undefined || state === "Z" || state === "X") return undefined;
    return { pid, startedAt: `${bootId}:${startTicks}`, command: commandLine.split("\0").slice(0, -1) };
  } catch {
    return undefined;
  }
}

let bootId: Promise<string> | undefined;

function readBootId(): Promise<string> {
  // Ticks count from boot, so that two boots can give the same pair of pid and ticks.
  bootId ??= readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    () => "boot",
  );
  return bootId;
}

async function describeWithPs(pid: number): Promise<ProcessDescription | undefined> {
  try {
    const { stdout } = await run("ps", ["-o", "stat=", "-o", "lstart=", "-o", "command=", "-p", String(pid)]);
    const match = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(stdout.trimEnd());
    if (!match || match[1]?.startsWith("Z")) return undefined;
    return {
      pid,
      startedAt: (match[2] ?? "").replace(/\s+/g, "_"),
      command: (match[3] ?? "").split(" "),
    };
  } catch {
    return undefined;
  }
}
