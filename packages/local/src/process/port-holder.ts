import { readdir, readFile, readlink } from "node:fs/promises";
import { describeProcess } from "./process-identity.ts";

/**
 * The program that listens on a port, such as `nginx (process 812)`; null where that cannot be
 * found out: on other systems than Linux, and for processes of other users.
 */
export async function findPortHolder(port: number): Promise<string | null> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => "")),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return null;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const owners = await Promise.all(pids.map((pid) => ownsSocket(pid, inodes)));
  const pid = pids.find((_, index) => owners[index]);
  const found = pid === undefined ? undefined : await describeProcess(pid);
  return found ? `${found.command.slice(0, 3).join(" ").slice(0, 80)} (process ${found.pid})` : null;
}

/** https://docs.kernel.org/networking/proc_net_tcp.html; 0A is the state LISTEN. */
export function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === "0A")
    .map((fields) => fields[9] ?? "");
}

async function ownsSocket(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ""));
}
