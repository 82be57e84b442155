import { ManualClock, seededRandom } from "@tenantry/base";
import pg from "pg";
import { expect, test } from "vitest";
import { errors } from "../errors.ts";
import { isUndone, isUnreachable, retrying } from "./retry.ts";

const unreachable = errors.RUNTIME_DATABASE_UNAVAILABLE({ host: "h", port: 1, reason: "ECONNREFUSED" });

function sqlError(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError("no", 0, "error"), { code, severity: "ERROR" });
}

/** Runs `promise` while time passes, in steps of a millisecond. */
async function whileTimePasses<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const end = () => over.abort();
  promise.then(end, end);
  while (!over.signal.aborted) {
    clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return promise;
}

function failing(times: number) {
  const state = { attempts: 0 };
  const attempt = async () => {
    state.attempts += 1;
    if (state.attempts <= times) throw unreachable;
    return "done";
  };
  return { state, attempt };
}

test("what failed is tried again until it succeeds, with pauses that grow", async () => {
  const clock = new ManualClock();
  const { state, attempt } = failing(4);
  const startedMs = clock.monotonicMs();
  const options = { clock, random: seededRandom(1), retryForMs: 1_500 };
  expect(await whileTimePasses(clock, retrying(attempt, isUnreachable, options, undefined))).toBe("done");
  expect(state.attempts).toBe(5);
  // 20 + 40 + 80 + 160, each between half of it and all of it.
  expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(150);
  expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(320);
});

test("after its time it fails with the last reason, and not later", async () => {
  const clock = new ManualClock();
  const { attempt } = failing(1_000);
  const startedMs = clock.monotonicMs();
  const options = { clock, random: seededRandom(2), retryForMs: 1_500 };
  await expect(whileTimePasses(clock, retrying(attempt, isUnreachable, options, undefined))).rejects.toBe(
    unreachable,
  );
  expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(1_505);
});

test("what may have happened, or cannot succeed, is tried once", async () => {
  const clock = new ManualClock();
  const options = { clock, random: seededRandom(3), retryForMs: 1_500 };
  let attempts = 0;
  const failed = retrying(
    async () => {
      attempts += 1;
      throw sqlError("23505");
    },
    isUndone,
    options,
    undefined,
  );
  await expect(failed).rejects.toMatchObject({ code: "23505" });
  expect(attempts).toBe(1);
  expect([isUndone(sqlError("40001")), isUndone(sqlError("40P01")), isUndone(unreachable)]).toEqual([
    true,
    true,
    false,
  ]);
});

test("a request that ends is not kept waiting", async () => {
  const clock = new ManualClock();
  const { attempt } = failing(1_000);
  const ending = new AbortController();
  const options = { clock, random: seededRandom(4), retryForMs: 60_000 };
  const waiting = retrying(attempt, isUnreachable, options, ending.signal);
  await new Promise((resolve) => setImmediate(resolve));
  ending.abort(new Error("the client has gone"));
  await expect(waiting).rejects.toThrow("the client has gone");
});
