// Goal: migrations leave each tenant at some version and say which, and a database that does not
// isolate tenants is not served.
import { isCodedError, systemClock, systemRandom } from "@tenantry/base";
import { passes } from "@tenantry/assurance";
import { afterEach, describe, expect, inject, test } from "vitest";
import type { Migration } from "../../src/database/migration.ts";
import { tenantMigrations } from "../../src/database/migrations/tenant-migrations.ts";
import { openTenantDatabase, type TenantDatabase } from "../../src/database/tenant-database.ts";
import { createTestPlatform, type isolations, testSecrets, type TestPlatform } from "./test-platform.ts";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );
const add = (sql: string): Migration => ({ version: tenantMigrations.length + 1, name: "next", sql });
const tagsTable =
  "create table tags (tenant_id text not null, id text not null, primary key (tenant_id, id))";

describe("migrations", () => {
  let next: TestPlatform;
  const tenants = ["pool-a", "bridge-a", "bridge-b", "silo-a", "silo-b"] as const;
  const isolationOf = (id: string) => id.split("-")[0] as (typeof isolations)[number];

  afterEach(async () => {
    await next[Symbol.asyncDispose]();
  });

  async function withTenants(): Promise<void> {
    next = await createTestPlatform(inject("databaseServer"), "migrating");
    await using first = await next.open();
    for (const id of tenants) {
      const tenant = await first.onboard({ id, tier: "gold", isolation: isolationOf(id) });
      await first.store.transact(tenant, (db) =>
        db.insertInto("documents").values({ tenant_id: id, collection: "c", id: "1", body: "{}" }),
      );
    }
  }

  test("bring every tenant to the next version and keep its rows, also when they rewrite them", async () => {
    await withTenants();
    const migrations = [...tenantMigrations, add(`${tagsTable}; update documents set version = version + 1`)];
    await next.bootstrap(migrations);
    await using database = await next.open({ migrations });
    const { tenants: status, version } = await database.migrationStatus({ limit: 100 });
    expect(version).toBe(migrations.length);
    expect(status.map((item) => [item.tenant, item.version, item.state])).toEqual(
      [...tenants].sort().map((id) => [id, migrations.length, "current"]),
    );
    for (const id of tenants) {
      const tenant = (await database.registry.find(id)) as NonNullable<
        Awaited<ReturnType<typeof database.registry.find>>
      >;
      const rows = await database.store.read(tenant, (db) =>
        db.selectFrom("documents").select(["tenant_id", "version"]),
      );
      expect(rows).toEqual([{ tenant_id: id, version: 2 }]);
    }
    expect((await database.audit()).filter((verdict) => !passes(verdict))).toEqual([]);
    expect((await database.migrateTenants()).migrated).toEqual([]);
  });

  test("that fail for one tenant leave it working as it was, say so, and stop no other", async () => {
    await withTenants();
    await next.asAdmin(async (client) => {
      const { rows } = await client.query<{ object_name: string }>(
        "select object_name from tenantry.tenants where tenant_id = 'bridge-a'",
      );
      const table = `${rows[0]?.object_name}.tags`;
      await client.query(`create table ${table} (tenant_id text not null, id text, primary key (tenant_id, id));
        alter table ${table} owner to migrating_owner`);
    });
    const migrations = [...tenantMigrations, add(tagsTable)];
    await next.bootstrap(migrations);
    const summaries = () => next.events.filter((event) => event.kind === "tenants-migrated");
    // The stray table has no policies, so the auditor refuses the database as well.
    expect(await codeOf(next.open({ migrations }))).toBe("RUNTIME_DATABASE_UNSAFE");
    const state = await next.asAdmin(async (client) => {
      const { rows } = await client.query(
        "select tenant_id, status, schema_version, last_error from tenantry.tenants order by tenant_id",
      );
      return rows;
    });
    expect(state.map((row) => [row.tenant_id, row.status, row.schema_version])).toEqual([
      ["bridge-a", "active", tenantMigrations.length],
      ["bridge-b", "active", migrations.length],
      ["pool-a", "active", migrations.length],
      ["silo-a", "active", migrations.length],
      ["silo-b", "active", migrations.length],
    ]);
    expect(state[0].last_error).toContain('relation "tags" already exists');
    expect(summaries()).toHaveLength(1);
  });

  test("that were applied in another form are refused, as is a database ahead of the release", async () => {
    await withTenants();
    const changed = tenantMigrations.map((migration) => ({ ...migration, sql: `${migration.sql} ` }));
    expect(await codeOf(next.bootstrap(changed))).toBe("RUNTIME_MIGRATION_CHANGED");
    await next.bootstrap([...tenantMigrations, add(tagsTable)]);
    expect(await codeOf(next.bootstrap(tenantMigrations))).toBe("RUNTIME_MIGRATION_AHEAD");
  });

  test("that two processes start at once are applied once", async () => {
    await withTenants();
    const migrations = [...tenantMigrations, add(tagsTable)];
    await Promise.all([next.bootstrap(migrations), next.bootstrap(migrations)]);
    const opened = await Promise.all([next.open({ migrations }), next.open({ migrations })]);
    const { tenants: status } = await (opened[0] as TenantDatabase).migrationStatus({ limit: 100 });
    expect(status.every((item) => item.version === migrations.length)).toBe(true);
    await Promise.all(opened.map((database) => database[Symbol.asyncDispose]()));
  });

  test("seal every tenant again when the secret changes, and the old seal opens nothing", async () => {
    await withTenants();
    const secrets = { ...testSecrets, seal: "another-seal" };
    const options = { server: next.server, admin: next.admin, platformName: next.name };
    const ports = { clock: systemClock, random: systemRandom, onEvent: () => undefined };
    await using old = await next.open();
    await using fresh = await openTenantDatabase({ ...options, secrets }, ports);
    for (const id of tenants) {
      const tenant = (await fresh.registry.find(id)) as NonNullable<
        Awaited<ReturnType<typeof fresh.registry.find>>
      >;
      const read = (from: TenantDatabase) =>
        from.store.read(tenant, (db) => db.selectFrom("documents").select("id"));
      expect(await read(fresh)).toEqual([{ id: "1" }]);
      expect(await read(old)).toEqual([]);
    }
  });
});

describe("an unsafe database", () => {
  test("is not opened, and the error lists what is wrong", async () => {
    await using unsafe = await createTestPlatform(inject("databaseServer"), "unsafe");
    await unsafe.asAdmin((client) =>
      client.query("alter table pool.documents disable row level security; alter role unsafe_app bypassrls"),
    );
    const error = await unsafe.open().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(isCodedError(error) && error.code).toBe("RUNTIME_DATABASE_UNSAFE");
    expect((error as Error).message).toContain("role-attributes: unsafe_app bypasses row-level security");
    expect((error as Error).message).toContain(
      "row-security-forced: pool.documents row-level security is not enabled",
    );
  });

  test("is safe again after the bootstrap, which repairs what it made", async () => {
    await using unsafe = await createTestPlatform(inject("databaseServer"), "repair");
    await unsafe.asAdmin((client) =>
      client.query(`alter table pool.documents no force row level security; alter role repair_app bypassrls inherit;
        grant truncate on pool.documents to repair_app; grant temporary on database repair to public;
        drop policy tenant_confinement on pool.documents; grant select on pg_catalog.pg_roles to public`),
    );
    await unsafe.bootstrap();
    await using database = await unsafe.open();
    expect((await database.audit()).filter((verdict) => !passes(verdict))).toEqual([]);
  });

  test("of a silo tenant is refused with its first query, and nobody else is", async () => {
    await using unsafe = await createTestPlatform(inject("databaseServer"), "badsilo");
    await using database = await unsafe.open();
    const good = await database.onboard({ id: "good", tier: "gold", isolation: "silo" });
    const bad = await database.onboard({ id: "bad", tier: "gold", isolation: "silo" });
    const name = await unsafe.asAdmin(async (client) => {
      const { rows } = await client.query<{ object_name: string }>(
        "select object_name from tenantry.tenants where tenant_id = 'bad'",
      );
      return rows[0]?.object_name ?? "";
    });
    await unsafe.asAdmin((client) => client.query("grant select on tenantry.seals to public"), name);
    const read = (tenant: typeof good) =>
      codeOf(database.store.read(tenant, (db) => db.selectFrom("documents").selectAll()));
    expect([await read(good), await read(bad)]).toEqual(["no error", "RUNTIME_DATABASE_UNSAFE"]);
  });

  test("that belongs to someone else is not touched", async () => {
    await using foreign = await createTestPlatform(inject("databaseServer"), "foreign");
    await foreign.asAdmin(
      (client) => client.query('alter database "foreign" owner to current_user'),
      "postgres",
    );
    expect(await codeOf(foreign.bootstrap())).toBe("RUNTIME_DATABASE_FOREIGN");
  });
});
