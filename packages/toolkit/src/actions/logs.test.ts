import { appendFile, mkdir, mkdtemp, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@tenantry/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { manualPorts } from "../../test/manual-ports.ts";
import { readLogs } from "./logs.ts";

let folder: string;
let logs: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-logs-")));
  logs = join(folder, ".tenantry", "logs");
  await mkdir(logs, { recursive: true });
  await writeFile(join(folder, "tenantry.config.ts"), "export default {};\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (tenant: string, status: number) => `${JSON.stringify({ tenant, status })}\n`;
const ports = () => ({ ...manualPorts(folder), clock: systemClock });
const nothing = { lines: 100, follow: false, signal: new AbortController().signal };

async function read(change: Partial<Parameters<typeof readLogs>[0]> = {}): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of readLogs({ ...nothing, ...change }, ports())) texts.push(text);
  return texts;
}

test("the last lines come from the files that were put aside too, the oldest first", async () => {
  await writeFile(join(logs, "runtime.2.jsonl"), entry("acme-corp", 200));
  await writeFile(join(logs, "runtime.1.jsonl"), entry("acme-corp", 201));
  await writeFile(join(logs, "runtime.jsonl"), `${entry("acme-corp", 202)}${entry("globex-inc", 203)}`);
  expect((await read()).map((text) => (JSON.parse(text) as { status: number }).status)).toEqual([
    200, 201, 202, 203,
  ]);
  expect(await read({ lines: 1 })).toEqual([entry("globex-inc", 203).trim()]);
  expect(await read({ tenant: "acme-corp" })).toHaveLength(3);
});

test("a service's output is text, which has no tenant", async () => {
  await writeFile(join(logs, "app.log"), "hello\n{ not json\n");
  expect(await read({ service: "app" })).toEqual(["hello", "{ not json"]);
  expect(await read({ service: "app", tenant: "acme-corp" })).toEqual([]);
});

test("a log that is not there is an error that names it", async () => {
  await expect(read()).rejects.toMatchObject({
    code: "TOOLKIT_LOG_MISSING",
    params: { path: ".tenantry/logs/runtime.jsonl" },
  });
});

test("following goes on with what is written, whole lines only, also in the file that takes its place", async () => {
  const file = join(logs, "runtime.jsonl");
  await writeFile(file, entry("acme-corp", 200));
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { text } of readLogs({ ...nothing, follow: true, signal: stop.signal }, ports()))
      seen.push(text);
  })();
  const until = async (count: number) => {
    for (let waited = 0; seen.length < count && waited < 100; waited += 1) await systemClock.sleep(50);
    expect(seen).toHaveLength(count);
  };
  await until(1);
  const next = entry("grün-gmbh", 201);
  await appendFile(file, next.slice(0, 14));
  await systemClock.sleep(600);
  expect(seen).toHaveLength(1);
  await appendFile(file, next.slice(14));
  await until(2);
  await rename(file, join(logs, "runtime.1.jsonl"));
  await writeFile(file, entry("acme-corp", 202));
  await until(3);
  stop.abort();
  await following;
  expect(seen.map((text) => (JSON.parse(text) as { status: number }).status)).toEqual([200, 201, 202]);
});
