import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Runtime } from "../../src/runtime.ts";
import { ask } from "./exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "./test-runtime.ts";

// Goal: a request that takes too long is answered in time, also one whose body has been read, and
// nothing goes on in the database that nobody waits for.

const handlingTimeoutMs = 400;
let server: TestRuntime;
let token: string;
let admin: pg.Client;
/** Beside the one that locks: within a transaction, the statistics stand still. */
let watcher: pg.Client;
beforeAll(async () => {
  server = await startTestRuntime({ apiLimits: { handlingTimeoutMs } }, { services: "none" });
  token = await server.token("acme-corp");
  const { host, port, user, password } = inject("databaseServer");
  const database = server.config.platform.name.replaceAll("-", "_");
  admin = new pg.Client({ host, port, user, password, database });
  watcher = new pg.Client({ host, port, user, password, database });
  await Promise.all([admin.connect(), watcher.connect()]);
});
afterAll(async () => {
  await Promise.all([admin.end(), watcher.end()]);
  await server[Symbol.asyncDispose]();
});

/** What of the store's waits for a lock right now. */
async function waiting(): Promise<number> {
  const { rows } = await watcher.query<{ count: number }>(
    "select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows[0]?.count ?? Number.NaN;
}

async function whileLocked(fn: () => Promise<void>): Promise<void> {
  await admin.query("begin");
  await admin.query("lock table pool.documents in access exclusive mode");
  try {
    await fn();
  } finally {
    await admin.query("rollback");
  }
}

const note = { body: { title: "late" } };

test.each([
  ["a read", {}],
  ["a write", { method: "POST", body: note }],
] as const)(
  "%s that waits too long is answered, and waits no longer in the database",
  async (_name, request) => {
    await whileLocked(async () => {
      const startedMs = performance.now();
      const answering = ask(server.gatewayPort, "/v2/documents/notes", { token, ...request });
      await expect.poll(waiting).toBe(1);
      const answer = await answering;
      const tookMs = performance.now() - startedMs;
      expect(answer).toMatchObject({ status: 503, json: { code: "HANDLING_TIMEOUT" } });
      expect(answer.headers["retry-after"]).toBe("1");
      expect(tookMs).toBeGreaterThan(handlingTimeoutMs - 20);
      expect(tookMs).toBeLessThan(handlingTimeoutMs * 5);
      await expect.poll(waiting).toBe(0);
    });
    // Nothing was written, and the next request finds everything in order.
    const after = await ask(server.gatewayPort, "/v2/documents/notes", { token });
    expect(after).toMatchObject({ status: 200, json: { items: [] } });
  },
);

test("each of many has its own time", async () => {
  await whileLocked(async () => {
    const took = async (delayMs: number) => {
      await wait(delayMs);
      const startedMs = performance.now();
      const { status } = await ask(server.gatewayPort, "/v2/documents/notes", { token });
      return { status, tookMs: performance.now() - startedMs };
    };
    for (const { status, tookMs } of await Promise.all([0, 60, 120, 180].map(took))) {
      expect(status).toBe(503);
      expect(tookMs).toBeGreaterThan(handlingTimeoutMs - 20);
      expect(tookMs).toBeLessThan(handlingTimeoutMs * 5);
    }
  });
});

test("a runtime stops without waiting for the time of requests that were answered", async () => {
  const runtime: Runtime = await server.startAnother({ apiLimits: { handlingTimeoutMs: 60_000 } });
  expect((await ask(portOf(runtime.gatewayUrl), "/v2/documents/notes", { token })).status).toBe(200);
  const startedMs = performance.now();
  await runtime.drain();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
