// Goal: a session that breaks while it is lent out, and while nothing runs in it, does not end the process.
import pg from "pg";
import { expect, inject, test } from "vitest";
import { newPool } from "../../src/database/database-server.ts";

const { host, port, user, password } = inject("databaseServer");
const database = "postgres";
const server = { host, port, tls: "off" } as const;

async function breakLentSession(
  pool: pg.Pool,
): Promise<{ readonly heardBy: number; readonly next: unknown }> {
  await using broken = { client: await pool.connect(), [Symbol.asyncDispose]: () => pool.end() };
  const { client } = broken;
  const heardBy = client.listenerCount("error");
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  // Where nobody listens, this listener is what keeps the test's own process alive.
  client.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  const killer = new pg.Client({ host, port, user, password, database });
  await killer.connect();
  await killer.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await killer.end();
  await ended;
  const next: unknown = await client.query("select 1").catch((error: unknown) => error);
  client.release(true);
  return { heardBy, next };
}

test("somebody listens to a session that is lent out, and the next query says that it is broken", async () => {
  const pool = newPool(server, { user, password }, database, { sizeMax: 1 });
  const { heardBy, next } = await breakLentSession(pool);
  expect(heardBy).toBeGreaterThan(0);
  expect(next).toBeInstanceOf(Error);
});

test("nobody would listen to one of the driver's own pool", async () => {
  const pool = new pg.Pool({ host, port, user, password, database, max: 1 });
  pool.on("error", () => undefined);
  expect((await breakLentSession(pool)).heardBy).toBe(0);
});
