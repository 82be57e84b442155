// Goal: whatever is killed, the next start serves every row that was acknowledged before.
// Method: a host process in a process group of its own writes under load and is killed for real.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, chown, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock } from "@tenantry/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { goneWithin, identifyProcess } from "../process/process-identity.ts";

const hostFile = fileURLToPath(new URL("../../test/writing-host.ts", import.meta.url));
const isRootOnLinux = process.platform === "linux" && process.getuid?.() === 0;

type Mode = "read" | "write" | "write-carelessly";

interface Line {
  readonly kind: string;
  readonly [key: string]: unknown;
}

let dataDir = "";
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tenantry-crash-"));
  // As root, PostgreSQL is another user, who has to get in here.
  await chmod(dataDir, 0o711);
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs the host to its end and gives everything it said. `onLine` may kill it. */
async function runHost(
  mode: Mode,
  onLine: (line: Line, host: { readonly pid: number; readonly lines: readonly Line[] }) => void,
  uid?: number,
): Promise<Line[]> {
  const ids = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(process.execPath, [hostFile, dataDir, mode], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    ...ids,
  });
  const exited = once(child, "exit");
  const lines: Line[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine(line, { pid: child.pid ?? 0, lines });
  }
  // Its output ends a moment before it does.
  await exited;
  return lines;
}

async function readRows(uid?: number): Promise<{ readonly ids: Set<string>; readonly lines: Line[] }> {
  const lines = await runHost("read", () => undefined, uid);
  const found = lines.find((line) => line.kind === "found");
  return { ids: new Set(found?.["ids"] as string[] | undefined), lines };
}

/** Writes until `count` rows are acknowledged, then does `kill`; gives all the rows acknowledged. */
async function writeUntilKilled(
  count: number,
  kill: (host: { readonly pid: number; readonly postgresPid: number }) => void,
  options: { readonly uid?: number; readonly mode?: Mode } = {},
): Promise<{
  readonly acknowledged: readonly string[];
  readonly postgresPid: number;
  readonly lines: Line[];
}> {
  let postgresPid = 0;
  let written = 0;
  const onLine = (line: Line, host: { readonly pid: number }) => {
    if (line.kind === "found") postgresPid = Number(line["pid"]);
    if (line.kind === "acknowledged" && (written += 1) === count) kill({ pid: host.pid, postgresPid });
  };
  const lines = await runHost(options.mode ?? "write", onLine, options.uid);
  const acknowledged = lines.filter((line) => line.kind === "acknowledged").map((line) => String(line["id"]));
  expect(acknowledged.length).toBeGreaterThanOrEqual(count);
  return { acknowledged, postgresPid, lines };
}

/** The shell whose last argument is the server's pid. */
function findWatchdogs(postgresPid: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      return command.includes("tenantry-watchdog") && command.includes(String(postgresPid));
    } catch {
      return false;
    }
  });
}

function kill9(pid: number): void {
  process.kill(pid, "SIGKILL");
}

const killAll = (host: { readonly pid: number; readonly postgresPid: number }) => {
  kill9(host.postgresPid);
  kill9(-host.pid);
};

test("no acknowledged row is lost when host and PostgreSQL are killed together, again and again", async () => {
  const acknowledged: string[] = [];
  for (let round = 1; round <= 5; round += 1) {
    acknowledged.push(...(await writeUntilKilled(round * 60, killAll)).acknowledged);
  }
  const { ids } = await readRows();
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(900);
});

test("the same test loses rows where commits do not wait for the disk, so it can tell", async () => {
  let lost = 0;
  for (let round = 1; round <= 10 && lost === 0; round += 1) {
    const { acknowledged } = await writeUntilKilled(300, killAll, { mode: "write-carelessly" });
    const { ids } = await readRows();
    lost += acknowledged.filter((id) => !ids.has(id)).length;
  }
  expect(lost).toBeGreaterThan(0);
});

test.runIf(process.platform === "linux")(
  "a PostgreSQL that was left alive is stopped by the next start, with nothing lost",
  async () => {
    const acknowledged: string[] = [];
    for (let round = 1; round <= 3; round += 1) {
      // The watchdog would stop PostgreSQL by itself: it is killed first.
      const killed = await writeUntilKilled(100, (host) => {
        for (const pid of findWatchdogs(host.postgresPid)) kill9(pid);
        kill9(-host.pid);
      });
      expect(await identifyProcess(killed.postgresPid)).toBeDefined();
      acknowledged.push(...killed.acknowledged);
      const { ids, lines } = await readRows();
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      expect(lines).toContainEqual({
        kind: "postgres-left-over-stopped",
        pid: killed.postgresPid,
        by: "SIGINT",
      });
    }
  },
);

test("PostgreSQL ends by itself when only the host is killed", async () => {
  const { postgresPid, acknowledged } = await writeUntilKilled(50, (host) => kill9(host.pid));
  const server = await identifyProcess(postgresPid);
  expect(server === undefined || (await goneWithin(server, 10_000, systemClock))).toBe(true);
  const { ids } = await readRows();
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
});

test("a second host on the same data is refused while the first one lives", async () => {
  const refused: Line[] = [];
  let second: Promise<void> | undefined;
  const first = await runHost("write", (line, host) => {
    if (line.kind !== "found") return;
    second = readRows().then(({ lines }) => {
      refused.push(...lines);
      killAll({ pid: host.pid, postgresPid: Number(line["pid"]) });
    });
  });
  await second;
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ kind: "refused", code: "LOCAL_DATA_IN_USE" });
  expect(first.some((line) => line.kind === "found")).toBe(true);
});

test.runIf(isRootOnLinux)("an ordinary user's rows survive as well", async () => {
  const uid = 65_534;
  await chown(dataDir, uid, uid);
  const { acknowledged } = await writeUntilKilled(100, killAll, { uid });
  const { ids } = await readRows(uid);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  const server = join(dataDir, "server");
  expect(await readdir(server)).toEqual(["cluster", "password"]);
  expect(await readFile(join(server, "cluster", "PG_VERSION"), "utf8")).toMatch(/^\d+\n$/);
});
