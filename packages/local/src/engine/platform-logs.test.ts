import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@tenantry/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalEvent } from "../events.ts";
import { PlatformLogs } from "./platform-logs.ts";
import { RotatingFile } from "./rotating-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-logs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a log is private, and is put aside when it is full, five files in all", async () => {
  const logs = join(folder, "logs");
  const path = join(logs, "runtime.jsonl");
  await using file = new RotatingFile({ path, bytesMax: 100, filesMax: 5 });
  const line = (number: number) => `${String(number).padStart(39, "0")}\n`;
  for (let number = 0; number < 13; number += 1) await file.write(line(number));
  expect((await readdir(logs)).sort()).toEqual([
    "runtime.1.jsonl",
    "runtime.2.jsonl",
    "runtime.3.jsonl",
    "runtime.4.jsonl",
    "runtime.jsonl",
  ]);
  // Two lines fit into each: the newest is alone, and the first four lines are gone.
  expect(await readFile(path, "utf8")).toBe(line(12));
  expect(await readFile(join(logs, "runtime.1.jsonl"), "utf8")).toBe(line(10) + line(11));
  expect(await readFile(join(logs, "runtime.4.jsonl"), "utf8")).toBe(line(4) + line(5));
  expect([await modeOf(logs), await modeOf(path)]).toEqual(["700", "600"]);
});

test("a log goes on where an earlier run stopped, and counts what is there", async () => {
  const path = join(folder, "app.log");
  await writeFile(path, "earlier\n", { mode: 0o644 });
  {
    await using file = new RotatingFile({ path, bytesMax: 20, filesMax: 2 });
    await file.write("later\n");
  }
  expect(await readFile(path, "utf8")).toBe("earlier\nlater\n");
  expect(await modeOf(path)).toBe("600");
  await using file = new RotatingFile({ path, bytesMax: 20, filesMax: 2 });
  await file.write("too much\n");
  expect(await readFile(join(folder, "app.1.log"), "utf8")).toBe("earlier\nlater\n");
  expect(await readFile(path, "utf8")).toBe("too much\n");
});

test("requests and the output of services are written down and passed on", async () => {
  const passed: unknown[] = [];
  const logs = new PlatformLogs(join(folder, "logs"), systemClock);
  const ports = logs.watch({
    onEvent: (event: LocalEvent) => void passed.push(event),
    log: (entry) => void passed.push(entry),
  });
  ports.log({ kind: "shared-limits", time: "2026-01-02T03:04:05.678Z", state: "connected", reason: null });
  ports.onEvent({ kind: "service-output", service: "app", stream: "stdout", line: "hello" });
  ports.onEvent({ kind: "service-output", service: "app", stream: "stderr", line: "world" });
  ports.onEvent({ kind: "stopping", name: "gateway" });
  await logs[Symbol.asyncDispose]();
  expect(passed.length).toBe(4);
  expect(await readFile(join(folder, "logs", "app.log"), "utf8")).toBe("hello\nworld\n");
  const [line = ""] = (await readFile(join(folder, "logs", "runtime.jsonl"), "utf8")).split("\n");
  expect(JSON.parse(line)).toMatchObject({ kind: "shared-limits", level: "info" });
});

test("a folder that cannot be made loses lines, and nothing else", async () => {
  await writeFile(join(folder, "logs"), "not a folder");
  const logs = new PlatformLogs(join(folder, "logs"), systemClock);
  const ports = logs.watch({ onEvent: (_: LocalEvent) => undefined, log: () => undefined });
  ports.onEvent({ kind: "service-output", service: "app", stream: "stdout", line: "hello" });
  await logs[Symbol.asyncDispose]();
  expect(await readFile(join(folder, "logs"), "utf8")).toBe("not a folder");
});
