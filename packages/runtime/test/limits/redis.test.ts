// The limits of several processes in one Redis, and what happens when it is away.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient, defineScript } from "@redis/client";
import { seededRandom, systemClock } from "@tenantry/base";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ArrivalTime, gcra, perMinute, type Rate } from "../../src/limits/gcra.ts";
import { MemoryRateBuckets } from "../../src/limits/memory-rate-buckets.ts";
import { decisionOfReply, redisGcraScript } from "../../src/limits/redis-gcra.ts";
import { RedisRateBuckets, type RedisState } from "../../src/limits/redis-rate-buckets.ts";
import { freePort, hasRedis, RedisServer } from "./redis-server.ts";

const opened: AsyncDisposable[] = [];

function openBuckets(url: string, change: { timeoutMs?: number } = {}) {
  const states: RedisState[] = [];
  const buckets = new RedisRateBuckets({
    url,
    prefix: "test:",
    local: new MemoryRateBuckets({ clock: systemClock, bucketsMax: 100 }),
    clock: systemClock,
    timeoutMs: change.timeoutMs ?? 2_000,
    retryMs: 20,
    onState: (state) => states.push(state),
  });
  opened.push(buckets);
  const kinds = () => states.map(({ kind }) => kind);
  return { buckets, states, kinds };
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

const slow = perMinute(1, 5);

describe.skipIf(!hasRedis())("with Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await new RedisServer(await freePort()).start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function withClient<T>(use: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
    const client = createClient({ url: server.url });
    await client.connect();
    try {
      return await use(client as never);
    } finally {
      client.destroy();
    }
  }

  test(
    "S2.06 rate limiting per tenant: four processes with one Redis admit together what one would",
    {
      timeout: 60_000,
    },
    async () => {
      const rate = perMinute(30_000, 10_000);
      const intervalUs = rate.periodUs / rate.limit;
      const { buckets } = openBuckets(server.url);
      await buckets.ready;
      const arrivalUs = () =>
        withClient(async (client) => Number(String(await client.get("test:shared")).split(":")[0]));
      // The bucket is emptied first, and is not full again before the processes have started: from
      // here on there is never a moment at which an allowance is lost because the bucket is full.
      expect((await buckets.take("shared", rate, rate.burst)).allowed).toBe(true);
      const firstUs = (await arrivalUs()) - rate.burst * intervalUs;
      const run = promisify(execFile);
      const backend = JSON.stringify({ kind: "redis", url: server.url });
      const program = join(import.meta.dirname, "hungry-process.ts");
      const outputs = await Promise.all(
        Array.from({ length: 4 }, () =>
          run(process.execPath, [program, backend, "shared", JSON.stringify(rate), "1500"]),
        ),
      );
      let admitted = rate.burst;
      for (const { stdout } of outputs) {
        const result = JSON.parse(stdout) as { admitted: number; asked: number; events: string[] };
        expect(result.events).toEqual(["connected"]);
        expect(result.asked).toBeGreaterThan(result.admitted);
        admitted += result.admitted;
      }
      const client = createClient({ url: server.url });
      await client.connect();
      const fitsNow = async () => {
        const [seconds = "", micros = ""] = (await client.sendCommand(["TIME"])) as unknown as string[];
        const windowUs = Number(seconds) * 1_000_000 + Number(micros) - firstUs;
        return Math.floor(rate.burst + windowUs / intervalUs);
      };
      // At some time between the two readings one more was refused: what fitted then was admitted.
      let fittedBefore = await fitsNow();
      while ((await buckets.take("shared", rate, 1)).allowed) {
        admitted += 1;
        fittedBefore = await fitsNow();
      }
      const fittedAfter = await fitsNow();
      client.destroy();
      expect(admitted).toBeGreaterThanOrEqual(fittedBefore);
      expect(admitted).toBeLessThanOrEqual(fittedAfter);
      // Not one charge was lost or made twice: the bucket has moved on by exactly what was admitted.
      expect((await arrivalUs()) - firstUs).toBe(admitted * intervalUs);
    },
  );

  test(
    "the script decides as the algorithm does, at every rate, and when the clock goes back",
    {
      timeout: 60_000,
    },
    async () => {
      const timed = redisGcraScript
        .replace('redis.call("TIME")', "{ ARGV[5], ARGV[6] }")
        .replace(/, "PX", .*\)\)$/m, ")");
      expect(timed).not.toMatch(/TIME|PX/);
      const script = defineScript({
        SCRIPT: timed,
        NUMBER_OF_KEYS: 1,
        parseCommand(parser, key: string, rate: Rate, cost: number, nowUs: number) {
          parser.pushKey(key);
          parser.push(String(rate.limit), String(rate.periodUs), String(rate.burst), String(cost));
          parser.push(String(Math.floor(nowUs / 1_000_000)), String(nowUs % 1_000_000));
        },
        transformReply: (reply: unknown) => reply as readonly [number, string, string],
      });
      const client = createClient({ url: server.url, scripts: { step: script } });
      await client.connect();
      const random = seededRandom(11);
      let [compared, allowed] = [0, 0];
      for (let round = 0; round < 100; round += 1) {
        const limits = [1, 7, 600, 999_983, 99_999_999, 100_000_000];
        let rate = perMinute(limits[random.below(limits.length)] ?? 1, 1 + random.below(1_000_000));
        let nowUs = 1_790_000_000_000_000 + random.below(1_000_000);
        const asked: { readonly nowUs: number; readonly rate: Rate; readonly cost: number }[] = [];
        for (let index = 0; index < 200; index += 1) {
          nowUs +=
            random.below(20) === 0 ? -random.below(90_000_000) : random.below(5) * random.below(400_000);
          // Now and then the tenant changes its tier.
          if (random.below(50) === 0) rate = perMinute(limits[random.below(limits.length)] ?? 1, rate.burst);
          asked.push({ nowUs, rate, cost: 1 + random.below(rate.burst) });
        }
        const replies = await Promise.all(
          asked.map((one) => client.step(`round-${round}`, one.rate, one.cost, one.nowUs)),
        );
        let arrival: ArrivalTime | undefined;
        asked.forEach((one, index) => {
          const { arrival: next, ...decision } = gcra(arrival, one.nowUs, one.rate, one.cost);
          arrival = next;
          expect(decisionOfReply(replies[index] ?? [0, "", ""], one.rate)).toEqual(decision);
          compared += 1;
          if (decision.allowed) allowed += 1;
        });
      }
      client.destroy();
      expect(compared).toBe(20_000);
      expect(allowed).toBeGreaterThan(2_000);
      expect(allowed).toBeLessThan(18_000);
    },
  );

  test("two processes see one bucket, and Redis forgets it when it is full again", async () => {
    const one = openBuckets(server.url);
    const two = openBuckets(server.url);
    await Promise.all([one.buckets.ready, two.buckets.ready]);
    const rate = perMinute(600, 2);
    const decisions = [
      await one.buckets.take("both", rate, 1),
      await two.buckets.take("both", rate, 1),
      await one.buckets.take("both", rate, 1),
    ];
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, false]);
    await expect.poll(() => withClient((client) => client.exists("test:both"))).toBe(0);
  });

  test("a Redis that dies leaves a limit, lets no burst in again, and is used as soon as it is back", async () => {
    const mortal = await new RedisServer(await freePort()).start();
    opened.push(mortal);
    const { buckets, kinds } = openBuckets(mortal.url);
    await buckets.ready;
    const take = async (bucket: string) => (await buckets.take(bucket, slow, 1)).allowed;
    for (let index = 0; index < 5; index += 1) expect(await take("used")).toBe(true);
    expect(await take("used")).toBe(false);
    await mortal.kill();
    const fresh: boolean[] = [];
    for (let index = 0; index < 8; index += 1) {
      expect(await take("used")).toBe(false);
      fresh.push(await take("fresh"));
    }
    expect(fresh).toEqual([true, true, true, true, true, false, false, false]);
    expect(kinds().slice(0, 2)).toEqual(["connected", "away"]);
    await mortal.start();
    await expect.poll(() => kinds().at(-1)).toBe("connected");
    // The Redis that is back knows nothing of before; what it admits from now on it counts for all.
    for (let index = 0; index < 5; index += 1) expect(await take("after")).toBe(true);
    expect(await take("after")).toBe(false);
  });

  test("a Redis that hangs costs one request the time-out and the others nothing", async () => {
    const hanging = await new RedisServer(await freePort()).start();
    opened.push(hanging);
    const { buckets, states, kinds } = openBuckets(hanging.url, { timeoutMs: 300 });
    await buckets.ready;
    hanging.signal("SIGSTOP");
    expect((await buckets.take("a", slow, 1)).allowed).toBe(true);
    expect(states.at(-1)).toEqual({ kind: "away", reason: "no answer within 300 ms" });
    const startMs = systemClock.monotonicMs();
    for (let index = 0; index < 4; index += 1) expect((await buckets.take("a", slow, 1)).allowed).toBe(true);
    expect((await buckets.take("a", slow, 1)).allowed).toBe(false);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(300);
    hanging.signal("SIGCONT");
    await expect.poll(() => kinds().at(-1)).toBe("connected");
  });
});

test("a Redis that was never there keeps nobody out and lets nobody through without a limit", async () => {
  const { buckets, states } = openBuckets(`redis://user:secret@127.0.0.1:${await freePort()}`);
  await buckets.ready;
  const allowed: boolean[] = [];
  for (let index = 0; index < 7; index += 1) allowed.push((await buckets.take("a", slow, 1)).allowed);
  expect(allowed).toEqual([true, true, true, true, true, false, false]);
  expect(states[0]).toMatchObject({ kind: "away", reason: "ECONNREFUSED" });
  expect(JSON.stringify(states)).not.toContain("secret");
});
