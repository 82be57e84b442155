// The limits of several processes in the database that they share, and what happens when it is away.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ManualClock, seededRandom, systemClock } from "@tenantry/base";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type ControlDatabaseOptions, PostgresControlDatabase } from "../../src/database/control-database.ts";
import { rolePassword } from "../../src/database/database-secrets.ts";
import { type ArrivalTime, gcra, perMinute, type Rate, type RateDecision } from "../../src/limits/gcra.ts";
import { MemoryRateBuckets } from "../../src/limits/memory-rate-buckets.ts";
import { decisionsOfRow, postgresGcra, type PostgresGcraRow } from "../../src/limits/postgres-gcra.ts";
import { PostgresRateBuckets } from "../../src/limits/postgres-rate-buckets.ts";
import type { BackendState } from "../../src/limits/shared-rate-buckets.ts";
import { createTestPlatform, type TestPlatform, testSecrets } from "../database/test-platform.ts";
import { freePort } from "./redis-server.ts";

let platform: TestPlatform;
let options: ControlDatabaseOptions;
beforeAll(async () => {
  platform = await createTestPlatform(inject("databaseServer"), "limits-postgres");
  await platform.bootstrap();
  const user = `${platform.prefix}_control`;
  options = {
    server: platform.server,
    credentials: { user, password: rolePassword(testSecrets, user) },
    database: platform.prefix,
    sizeMax: 2,
    connectTimeoutMs: 1_000,
  };
});
afterAll(() => platform[Symbol.asyncDispose]());

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

function openControl(change: Partial<ControlDatabaseOptions> = {}): PostgresControlDatabase {
  const control = new PostgresControlDatabase({ ...options, ...change });
  opened.push(control);
  return control;
}

function openBuckets(
  control: Pick<PostgresControlDatabase, "query">,
  change: { readonly timeoutMs?: number; readonly clock?: ManualClock } = {},
) {
  const states: BackendState[] = [];
  const clock = change.clock ?? systemClock;
  const buckets = new PostgresRateBuckets({
    control,
    prefix: "test:",
    local: new MemoryRateBuckets({ clock, bucketsMax: 100 }),
    clock,
    timeoutMs: change.timeoutMs ?? 5_000,
    retryMs: 20,
    onState: (state) => states.push(state),
  });
  opened.push(buckets);
  return { buckets, states, kinds: () => states.map(({ kind }) => kind) };
}

const slow = perMinute(1, 5);
const nobodyListens = async () => ({ ...platform.server, host: "127.0.0.1", port: await freePort() });

/** The arrival time of a bucket. */
async function arrivalOf(bucket: string): Promise<number> {
  const rows = await platform.asAdmin(
    async (admin) =>
      (await admin.query("select us from tenantry.rate_buckets where bucket = $1", [`test:${bucket}`])).rows,
  );
  return Number((rows[0] as { us: string }).us);
}

test("S2.06 rate limiting per tenant: four processes with one PostgreSQL admit together what one would", async () => {
  const rate = perMinute(3_000, 10_000);
  const intervalUs = rate.periodUs / rate.limit;
  const control = openControl();
  const { buckets } = openBuckets(control);
  await buckets.ready;
  // The bucket is emptied first, and is not full again before the processes have started: from
  // here on there is never a moment at which an allowance is lost because the bucket is full.
  expect((await buckets.take("shared", rate, rate.burst)).allowed).toBe(true);
  const firstUs = (await arrivalOf("shared")) - rate.burst * intervalUs;
  const run = promisify(execFile);
  const program = join(import.meta.dirname, "hungry-process.ts");
  const backend = JSON.stringify({ kind: "postgres", ...options });
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
  const fitsNow = async () => {
    const [row] = await control.query<{ us: string }>(
      "select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us",
    );
    return Math.floor(rate.burst + (Number(row?.us) - firstUs) / intervalUs);
  };
  // At some time between the two readings one more was refused: what fitted then was admitted.
  let fittedBefore = await fitsNow();
  while ((await buckets.take("shared", rate, 1)).allowed) {
    admitted += 1;
    fittedBefore = await fitsNow();
  }
  const fittedAfter = await fitsNow();
  expect(admitted).toBeGreaterThanOrEqual(fittedBefore);
  expect(admitted).toBeLessThanOrEqual(fittedAfter);
  // Not one charge was lost or made twice: the bucket has moved on by exactly what was admitted.
  expect((await arrivalOf("shared")) - firstUs).toBe(admitted * intervalUs);
}, 60_000);

test("the statement decides as the algorithm does, at every rate, with those who ask together, and when the clock goes back", async () => {
  const timed = postgresGcra.replaceAll(
    "(extract(epoch from clock_timestamp()) * 1000000)::bigint",
    "$7::bigint",
  );
  expect(timed).not.toContain("clock_timestamp");
  const control = openControl();
  const random = seededRandom(11);
  let [compared, allowed] = [0, 0];
  for (let round = 0; round < 30; round += 1) {
    const limits = [1, 7, 600, 999_983, 99_999_999, 100_000_000];
    let rate = perMinute(limits[random.below(limits.length)] ?? 1, 1 + random.below(1_000_000));
    let nowUs = 1_790_000_000_000_000 + random.below(1_000_000);
    let arrival: ArrivalTime | undefined;
    for (let index = 0; index < 60; index += 1) {
      nowUs += random.below(20) === 0 ? -random.below(90_000_000) : random.below(5) * random.below(400_000);
      // Now and then the tenant changes its tier, something is given back, or only asked for.
      if (random.below(50) === 0) rate = perMinute(limits[random.below(limits.length)] ?? 1, rate.burst);
      const kind = random.below(10);
      const cost = kind === 0 ? -1 : kind === 1 ? 0 : 1 + random.below(rate.burst);
      const asked = cost < 0 ? 1 : 1 + random.below(4);
      const expected: RateDecision[] = [];
      for (let one = 0; one < asked; one += 1) {
        const { arrival: next, ...decision } = gcra(arrival, nowUs, rate, cost);
        arrival = next;
        expected.push(decision);
      }
      const rows = await control.query<PostgresGcraRow & Record<string, unknown>>(timed, [
        [`round-${round}`],
        [rate.limit],
        [rate.periodUs],
        [rate.burst],
        [cost],
        [asked],
        nowUs,
      ]);
      const decisions = decisionsOfRow(rows[0] as PostgresGcraRow, rate, cost, asked);
      // Of those who were refused together, each was refused by the same bucket.
      expect(decisions).toEqual(expected);
      compared += asked;
      allowed += decisions.filter((decision) => decision.allowed).length;
    }
  }
  expect(compared).toBeGreaterThan(3_000);
  expect(allowed).toBeGreaterThan(compared / 10);
  expect(allowed).toBeLessThan((compared * 9) / 10);
}, 60_000);

test("requests that come at once travel together, and each is decided", async () => {
  let queries = 0;
  const plain = openControl();
  const { buckets } = openBuckets({
    query: (text, values) => {
      queries += 1;
      return plain.query(text, values);
    },
  });
  await buckets.ready;
  const rate = perMinute(60, 30);
  const before = queries;
  const decisions = await Promise.all(
    Array.from({ length: 100 }, (_, index) => buckets.take(index % 2 === 0 ? "even" : "odd", rate, 1)),
  );
  expect(queries - before).toBeLessThanOrEqual(2);
  for (const parity of [0, 1]) {
    const own = decisions.filter((_, index) => index % 2 === parity);
    expect(own.map(({ allowed }) => allowed)).toEqual(Array.from({ length: 50 }, (_, index) => index < 30));
    expect(own[0]?.remaining).toBe(29);
    expect(own[49]?.remaining).toBe(0);
  }
});

test("what was given back can be taken again, and asking takes nothing", async () => {
  const { buckets } = openBuckets(openControl());
  await buckets.ready;
  const rate: Rate = perMinute(1, 2);
  const remaining = async (cost: number) => (await buckets.take("given", rate, cost)).remaining;
  expect([await remaining(1), await remaining(1), await remaining(0)]).toEqual([1, 0, 0]);
  expect([await remaining(-1), await remaining(0), await remaining(-5)]).toEqual([1, 1, 2]);
});

test("buckets that are full again are removed, and no others", async () => {
  const clock = new ManualClock(systemClock.nowMs());
  const { buckets } = openBuckets(openControl(), { clock });
  await buckets.ready;
  await buckets.take("quick", perMinute(6_000_000), 1);
  await buckets.take("lasting", perMinute(1, 5), 1);
  const left = () =>
    platform.asAdmin(async (admin) => {
      const { rows } = await admin.query<{ bucket: string }>(
        "select bucket from tenantry.rate_buckets where bucket in ('test:quick', 'test:lasting')",
      );
      return rows.map(({ bucket }) => bucket);
    });
  expect(await left()).toHaveLength(2);
  clock.advance(60_000);
  await expect.poll(left).toEqual(["test:lasting"]);
});

test("a database that cannot be reached leaves a limit, lets no burst in again, and is used as soon as it is back", async () => {
  const [reachable, unreachable] = [openControl(), openControl({ server: await nobodyListens() })];
  const state = { isAway: false };
  const { buckets, kinds } = openBuckets({
    query: (text, values) => (state.isAway ? unreachable : reachable).query(text, values),
  });
  await buckets.ready;
  const take = async (bucket: string) => (await buckets.take(bucket, slow, 1)).allowed;
  for (let index = 0; index < 5; index += 1) expect(await take("mortal")).toBe(true);
  state.isAway = true;
  const fresh: boolean[] = [];
  for (let index = 0; index < 8; index += 1) {
    expect(await take("mortal")).toBe(false);
    fresh.push(await take("fresh"));
  }
  expect(fresh).toEqual([true, true, true, true, true, false, false, false]);
  expect(kinds().slice(0, 2)).toEqual(["connected", "away"]);
  state.isAway = false;
  await expect.poll(() => kinds().at(-1)).toBe("connected");
  expect(await take("mortal")).toBe(false);
});

test("a database that does not answer costs one request the time-out and the others nothing", async () => {
  const control = openControl();
  const { buckets, states, kinds } = openBuckets(control, { timeoutMs: 300 });
  await buckets.ready;
  await platform.asAdmin(async (admin) => {
    await admin.query("begin");
    await admin.query("lock table tenantry.rate_buckets in access exclusive mode");
    expect((await buckets.take("hanging", slow, 1)).allowed).toBe(true);
    expect(states.at(-1)).toEqual({ kind: "away", reason: "no answer within 300 ms" });
    const startMs = systemClock.monotonicMs();
    for (let index = 0; index < 4; index += 1)
      expect((await buckets.take("hanging", slow, 1)).allowed).toBe(true);
    expect((await buckets.take("hanging", slow, 1)).allowed).toBe(false);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(300);
    await admin.query("rollback");
  });
  await expect.poll(() => kinds().at(-1), { timeout: 5_000 }).toBe("connected");
});
