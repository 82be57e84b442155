// Who gets a session when there are fewer than are wanted. What a session does is tested with a real one elsewhere.
import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import { ConnectionPool, PoolBusy } from "./connection-pool.ts";
import type { TenantConnection } from "./tenant-connection.ts";

interface Session {
  cleanFor: string | null;
  readonly isUsable: boolean;
}

function poolOf(sizeMax: number) {
  const clock = new ManualClock();
  const connect = async () =>
    ({
      cleanFor: null,
      isUsable: true,
      [Symbol.asyncDispose]: async () => undefined,
    }) as unknown as TenantConnection;
  return { clock, pool: new ConnectionPool({ connect, sizeMax, waitMs: 100, clock }) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Serves everyone who waits with one session, one after the other, and says in what order. */
async function orderOf(asking: readonly string[]): Promise<readonly string[]> {
  const { pool } = poolOf(1);
  const first = await pool.acquire("first", undefined);
  const served: string[] = [];
  const all = asking.map(async (seal) => {
    const session = await pool.acquire(seal, undefined);
    served.push(seal);
    (session as unknown as Session).cleanFor = seal;
    await turn();
    pool.release(session);
  });
  pool.release(first);
  await Promise.all(all);
  expect(pool.load).toBe(0);
  return served;
}

test("however many of one tenant wait, another waits for a few of them and no more", async () => {
  const served = await orderOf([...Array.from({ length: 50 }, () => "greedy"), "modest"]);
  expect(served).toHaveLength(51);
  expect(served.indexOf("modest")).toBeLessThanOrEqual(3);
});

test("tenants have their turns, and each keeps a session that needs no reset for a few", async () => {
  const served = await orderOf(["a", "b", "c"].flatMap((seal) => Array.from({ length: 12 }, () => seal)));
  const longestRun = /((.)\2*)/g;
  const runs = served.join("").match(longestRun) ?? [];
  expect(Math.max(...runs.map((run) => run.length))).toBeLessThanOrEqual(6);
  // Fewer changes of tenant than in strict turns, each of which costs a reset.
  expect(runs.length).toBeLessThan(24);
  // After a half of all turns nobody has had much more than the others.
  const counts = ["a", "b", "c"].map((seal) => served.slice(0, 18).filter((one) => one === seal).length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(4);
});

test("whoever waits too long is refused, and whoever gives up leaves the line", async () => {
  const { pool, clock } = poolOf(1);
  const session = await pool.acquire("a", undefined);
  const giving = new AbortController();
  const late = pool.acquire("b", undefined).catch((error: unknown) => error);
  const gone = pool.acquire("b", giving.signal).catch((error: unknown) => error);
  expect(pool.load).toBe(3);
  giving.abort("gone");
  expect(await gone).toBe("gone");
  clock.advance(100);
  expect(await late).toBeInstanceOf(PoolBusy);
  expect(pool.load).toBe(1);
  // Also after the timer had nobody left to wait for.
  await turn();
  const later = pool.acquire("c", undefined).catch((error: unknown) => error);
  clock.advance(99);
  await turn();
  expect(pool.load).toBe(2);
  clock.advance(1);
  expect(await later).toBeInstanceOf(PoolBusy);
  pool.release(session);
  expect(pool.take("a")).toBe(session);
});
