import { isCodedError } from "@tenantry/base";
import { inject } from "vitest";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { createTestPlatform, isolations, type TestPlatform } from "./test-platform.ts";

/** The door over one session, so that every query meets what the one before it left behind, and a proxy before the server. */
export interface OneSession extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly proxy: TcpProxy;
  readonly database: TenantDatabase;
  /** Two of each isolation: `pool-one`, `pool-two`, `bridge-one`, … */
  tenant(name: string): Tenant;
  insert(of: Tenant, id: string): Promise<unknown>;
  idsOf(of: Tenant): Promise<readonly string[]>;
  /** Deletes all documents. */
  clear(): Promise<void>;
}

export async function openOneSession(name: string): Promise<OneSession> {
  const platform = await createTestPlatform(inject("databaseServer"), name);
  const proxy = await startTcpProxy(platform.server);
  const database = await platform.open({
    poolSize: 1,
    server: { ...platform.server, host: "127.0.0.1", port: proxy.port },
  });
  const tenants = new Map<string, Tenant>();
  for (const isolation of isolations) {
    for (const which of ["one", "two"]) {
      const id = `${isolation}-${which}`;
      tenants.set(id, await database.onboard({ id, tier: "any", isolation }));
    }
  }
  return {
    platform,
    proxy,
    database,
    tenant: (id) => tenants.get(id) as Tenant,
    insert: (of, id) =>
      database.store.transact(of, (db) => db.insertInto("documents").values(documentRow(of.id, id))),
    async idsOf(of) {
      const rows = await database.store.read(of, (db) =>
        db.selectFrom("documents").select("id").orderBy("id"),
      );
      return rows.map(({ id }) => id);
    },
    async clear() {
      for (const of of tenants.values())
        await database.store.transact(of, (db) => db.deleteFrom("documents"));
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await platform[Symbol.asyncDispose]();
    },
  };
}

export const documentRow = (tenantId: string, id: string) => ({
  tenant_id: tenantId,
  collection: "notes",
  id,
  body: '{"a":1}',
});

export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );

/** How many queries sleep in the database; the roles of tenants hide their text, so by what they wait for. */
export async function sleepers(platform: TestPlatform): Promise<number> {
  return platform.asAdmin(async (client) => {
    const { rows } = await client.query<{ count: number }>(
      "select count(*)::integer as count from pg_stat_get_activity(null) where wait_event = 'PgSleep'",
    );
    return rows[0]?.count ?? 0;
  });
}

export async function terminateAll(platform: TestPlatform): Promise<void> {
  await platform.asAdmin((client) =>
    client.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [
      `${platform.prefix}_app`,
    ]),
  );
}

/** Asks again until it is so; the test's own time limit ends it. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
