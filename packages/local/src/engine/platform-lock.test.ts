import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalEvent } from "../events.ts";
import { identifyProcess, identifyThisProcess } from "../process/process-identity.ts";
import { PlatformLock, readLockHolder } from "./platform-lock.ts";

let dir = "";
let file = "";
let events: LocalEvent[] = [];
const acquire = () => PlatformLock.acquire(file, dir, (event) => events.push(event));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tenantry-lock-"));
  file = join(dir, "lock.json");
  events = [];
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test("only one holds the lock, and it is free again when released", async () => {
  const first = await acquire();
  expect(await readLockHolder(file)).toEqual(await identifyThisProcess());
  await expect(acquire()).rejects.toMatchObject({
    code: "LOCAL_PLATFORM_RUNNING",
    params: { dataDir: dir, pid: process.pid },
  });
  await first[Symbol.asyncDispose]();
  await (await acquire())[Symbol.asyncDispose]();
  expect(await readdir(dir)).toEqual([]);
});

test("of many that try at once exactly one holds it, also over a stale lock", async () => {
  for (let round = 0; round < 20; round += 1) {
    await writeFile(file, JSON.stringify({ pid: process.pid, startedAt: `another-boot:${round}` }));
    const results = await Promise.allSettled(Array.from({ length: 20 }, acquire));
    const [held, ...others] = results.filter(({ status }) => status === "fulfilled");
    expect(others).toEqual([]);
    expect(await readdir(dir)).toEqual(["lock.json"]);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(await identifyThisProcess());
    if (held?.status === "fulfilled") await held.value[Symbol.asyncDispose]();
  }
});

test("one who died while taking over does not keep others from it", async () => {
  const stale = JSON.stringify({ pid: process.pid, startedAt: "another-boot:1" });
  const dead = JSON.stringify({ pid: process.pid, startedAt: "another-boot:2" });
  await writeFile(file, stale);
  const name = (seed: string) =>
    `${file}.guard-${createHash("sha256").update(seed).digest("hex").slice(0, 16)}`;
  await writeFile(name(stale), dead);
  await writeFile(name(`${dead}\n${stale}`), dead);
  const results = await Promise.allSettled(Array.from({ length: 10 }, acquire));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await readdir(dir)).toEqual(["lock.json"]);
});

test("the lock of a process that has ended is stale, and that is told", async () => {
  const child = spawn("sleep", ["60"]);
  const identity = await identifyProcess(child.pid ?? 0);
  await writeFile(file, JSON.stringify(identity));
  await expect(acquire()).rejects.toMatchObject({ code: "LOCAL_PLATFORM_RUNNING" });
  child.kill("SIGKILL");
  await once(child, "exit");
  await using lock = await acquire();
  expect(lock).toBeDefined();
  expect(events).toEqual([{ kind: "stale-lock-removed", pid: child.pid }]);
});

test.each(["", "{", "null", "[]", '{"pid":"1"}'])("a lock that holds %j is stale", async (text) => {
  await writeFile(file, text);
  await using lock = await acquire();
  expect(lock).toBeDefined();
  expect(events).toEqual([{ kind: "stale-lock-removed", pid: null }]);
});
