import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { seededRandom, systemClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testSecrets } from "../database/test-platform.ts";
import { createEventPlatform, eventually, type EventPlatform } from "./event-platform.ts";
import { startReceiver } from "./receiver.ts";

let events: EventPlatform;
beforeAll(async () => {
  events = await createEventPlatform("event-crash");
});
afterAll(() => events[Symbol.asyncDispose]());

const program = fileURLToPath(new URL("dispatching-process.ts", import.meta.url));

function run(first: number, kept: Set<number>): ChildProcess {
  const { server, admin, name: platformName } = events.platform;
  const place = { server, admin, platformName, secrets: testSecrets };
  const child = spawn(process.execPath, [program, JSON.stringify({ place, first })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) kept.add(Number(line));
  });
  return child;
}

test(
  "however often the process is killed, every event that was kept arrives, and again only under the same id",
  { timeout: 120_000 },
  async () => {
    const random = seededRandom(20_260_131);
    await using receiver = await startReceiver((_received, response) => {
      setTimeout(() => response.writeHead(204).end(), random.below(8));
      return null;
    });
    const { id } = await events.addWebhook(receiver.url, { concurrency: 4 });
    const kept = new Set<number>();
    const rounds = 8;
    for (let round = 0; round < rounds; round += 1) {
      const before = kept.size;
      const child = run(round * 10_000, kept);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      try {
        await eventually(() => kept.size > before + 5);
        await systemClock.sleep(20 + random.below(250));
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    }
    // One that lives finishes what the others have left.
    await using dispatcher = events.dispatcher({ settings: { leaseMs: 500 } });
    dispatcher.start();
    const rows = () =>
      events.control.query<{ id: string; detail: { n: number } }>("select * from tenantry.events");
    await eventually(
      async () => (await events.deliveries(id)).every(({ state }) => state === "delivered"),
      60_000,
    );

    const all = await rows();
    const numbers = new Set(all.map(({ detail }) => detail.n));
    expect([...kept].filter((n) => !numbers.has(n))).toEqual([]);
    const arrived = new Map<number, Set<string>>();
    for (const { id: messageId, json } of receiver.received) {
      const n = json.data.n as number;
      arrived.set(n, (arrived.get(n) ?? new Set()).add(messageId));
    }
    expect([...numbers].filter((n) => !arrived.has(n))).toEqual([]);
    // What was rolled back with the process was told to nobody.
    expect([...arrived.keys()].filter((n) => !numbers.has(n))).toEqual([]);
    expect([...arrived.values()].filter((ids) => ids.size !== 1)).toEqual([]);
    expect(all.length).toBeGreaterThan(rounds * 5);
    // It was killed in the middle of something: otherwise this shows nothing.
    const duplicates = receiver.received.length - all.length;
    expect(duplicates).toBeGreaterThan(0);
    expect(duplicates).toBeLessThanOrEqual(rounds * 4);
  },
);
