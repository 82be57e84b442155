import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { systemClock } from "@tenantry/base";
import { expect, test } from "vitest";
import {
  describeProcess,
  goneWithin,
  identifyProcess,
  identifyThisProcess,
  isRunning,
} from "./process-identity.ts";

test("a process is found with its command, and not any more once it has ended", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const found = await describeProcess(child.pid ?? 0);
  expect(found?.command).toEqual(["sleep", "60"]);
  expect(found && (await isRunning(found))).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await describeProcess(child.pid ?? 0)).toBeUndefined();
  expect(found && (await isRunning(found))).toBe(false);
});

test("the same pid with another start is another process", async () => {
  const own = await identifyThisProcess();
  expect(own.pid).toBe(process.pid);
  expect(await isRunning(own)).toBe(true);
  expect(await isRunning({ ...own, startedAt: `${own.startedAt}1` })).toBe(false);
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31])("nothing runs under the pid %d", async (pid) => {
  expect(await identifyProcess(pid)).toBeUndefined();
});

test("an identity has no space, because it travels on command lines", async () => {
  expect((await identifyThisProcess()).startedAt).toMatch(/^\S+$/);
});

test.runIf(process.platform === "linux")("a zombie does not run", async () => {
  // The shell starts a child and becomes a program that never reaps it.
  const parent = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(String(line));
    const child = await identifyProcess(pid);
    expect(child && (await goneWithin(child, 5_000, systemClock))).toBe(true);
    expect(await readFile(`/proc/${pid}/stat`, "utf8")).toContain(") Z ");
  } finally {
    parent.kill("SIGKILL");
  }
});

test("waiting for a process that stays ends at the limit", async () => {
  expect(await goneWithin(await identifyThisProcess(), 50, systemClock)).toBe(false);
});
