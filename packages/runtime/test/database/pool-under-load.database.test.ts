// Goal: few sessions shared by many tenants never give one tenant's rows to another, whatever goes
// wrong in between. Method: the load of load.ts, and as a negative control the same load on a store
// that sets the tenant for the session instead of the transaction, which it must catch.
import { seededRandom } from "@tenantry/base";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { rolePassword, Sealer } from "../../src/database/database-secrets.ts";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { compileStatement, isCompilable, tenantQueries } from "../../src/tenant-store/tenant-queries.ts";
import type { Execute, TenantStore } from "../../src/tenant-store/tenant-store.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { loadRow, rowsPerTenant, runLoad } from "./load.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { createTestPlatform, type TestPlatform, testSecrets } from "./test-platform.ts";

const poolTenants = 190;
const bridgeTenants = 10;
const seed = 20_261_121;

let platform: TestPlatform;
let proxy: TcpProxy;
let database: TenantDatabase;
let tenants: readonly Tenant[];

beforeAll(async () => {
  platform = await createTestPlatform(inject("databaseServer"), "load");
  proxy = await startTcpProxy(platform.server);
  database = await platform.open({
    poolSize: 10,
    server: { ...platform.server, host: "127.0.0.1", port: proxy.port },
  });
  const requests = Array.from({ length: poolTenants + bridgeTenants }, (_, index) => ({
    id: `load-${index}`,
    tier: "gold",
    isolation: index < poolTenants ? ("pool" as const) : ("bridge" as const),
  }));
  const onboarded: Tenant[] = [];
  for (const request of requests) onboarded.push(await database.onboard(request));
  tenants = onboarded;
  for (const tenant of tenants) {
    const rows = Array.from({ length: rowsPerTenant }, (_, index) => loadRow(tenant.id, index));
    await database.store.transact(tenant, (db) => db.insertInto("documents").values(rows));
  }
}, 120_000);

afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

test("20,000 requests of 200 tenants over 10 sessions see no foreign row", { timeout: 180_000 }, async () => {
  const random = seededRandom(seed);
  const result = await runLoad({
    store: database.store,
    tenants,
    requests: 20_000,
    concurrency: 40,
    random,
    disturbEvery: 500,
    disturb: async () => {
      if (random.below(4) === 0) proxy.breakAll();
      else await terminateOne();
    },
  });
  expect(result.foreignRows, `seed ${seed}: ${result.witnesses.join("; ")}`).toBe(0);
  expect(result.rows).toBeGreaterThan(20_000);
  // Everything that was meant to go wrong did, and nothing else.
  expect(Object.keys(result.outcomes).sort()).toEqual([
    "Error: a handler's own mistake",
    "RUNTIME_STORE_ABORTED",
    "RUNTIME_STORE_DUPLICATE",
    "RUNTIME_STORE_LOST",
    "RUNTIME_STORE_TIMEOUT",
    "ok",
  ]);
  expect(result.outcomes["ok"]).toBeGreaterThan(17_000);
  expect(await misplacedRows()).toEqual({ misplaced: 0, lost: 0 });
});

test("the same load catches a store that sets the tenant for the session", { timeout: 120_000 }, async () => {
  const pool = new pg.Pool({
    host: platform.server.host,
    port: platform.server.port,
    user: `${platform.prefix}_app`,
    password: rolePassword(testSecrets, `${platform.prefix}_app`),
    database: platform.prefix,
    max: 10,
  });
  pool.on("error", () => undefined);
  try {
    const result = await runLoad({
      store: sessionStore(pool),
      tenants: tenants.slice(0, poolTenants),
      requests: 2_000,
      concurrency: 40,
      random: seededRandom(seed),
      disturbEvery: 500,
      disturb: terminateOne,
    });
    expect(result.foreignRows).toBeGreaterThan(0);
  } finally {
    await pool.end();
  }
});

/** The classic mistake: the setting outlives the request, and the next query may run on another session. */
function sessionStore(pool: pg.Pool): TenantStore {
  const sealer = new Sealer(testSecrets, platform.prefix);
  const queries = tenantQueries("pool");
  const run = async (tenant: Tenant, fn: (db: never, execute: Execute) => unknown): Promise<unknown> => {
    const execute = async (query: Parameters<Execute>[0]) => {
      const { text, values } = compileStatement(query, "write", tenant.id);
      await pool.query("select set_config('tenantry.tenant', $1, false)", [sealer.seal(tenant.id)]);
      return (await pool.query(text, [...values])).rows;
    };
    const answer = fn(queries as never, execute as Execute);
    return isCompilable(answer) ? execute(answer) : answer;
  };
  return { read: run, transact: run } as unknown as TenantStore;
}

async function terminateOne(): Promise<void> {
  await platform.asAdmin((client) =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 order by random() limit 1",
      [`${platform.prefix}_app`],
    ),
  );
}

/** Rows whose owner and tenant differ, and rows that a transaction that failed took with it. */
async function misplacedRows(): Promise<{ readonly misplaced: number; readonly lost: number }> {
  return platform.asAdmin(async (client) => {
    const { rows: schemas } = await client.query<{ nspname: string }>(
      "select nspname from pg_namespace where nspname = 'pool' or starts_with(nspname, $1 || '_t_')",
      [platform.prefix],
    );
    const all = schemas
      .map(({ nspname }) => `select tenant_id, body, id from "${nspname}".documents`)
      .join(" union all ");
    const { rows } = await client.query<{ misplaced: number; total: number }>(
      `select count(*) filter (where body ->> 'owner' <> tenant_id)::integer as misplaced,
         count(*) filter (where id <> 'extra')::integer as total from (${all}) as d`,
    );
    const expected = tenants.length * rowsPerTenant;
    return { misplaced: rows[0]?.misplaced ?? -1, lost: expected - (rows[0]?.total ?? 0) };
  });
}
