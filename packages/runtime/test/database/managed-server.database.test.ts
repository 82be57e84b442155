// Goal: a managed service gives no superuser. The platform still sets itself up, isolates tenants
// and says what could not be closed.
import { passes } from "@tenantry/assurance";
import { systemClock, systemRandom } from "@tenantry/base";
import { expect, inject, test } from "vitest";
import { bootstrapDatabase } from "../../src/database/bootstrap-database.ts";
import { openTenantDatabase } from "../../src/database/tenant-database.ts";
import { createTestPlatform, isolations, testSecrets } from "./test-platform.ts";

test("an administrator who may only create roles and databases is enough", async () => {
  // Made by the superuser and dropped at once: what is needed is its name and its removal at the end.
  await using platform = await createTestPlatform(inject("databaseServer"), "managed");
  await platform[Symbol.asyncDispose]();
  const admin = { user: "managed_admin", password: "managed-admin-password" };
  await platform.asAdmin(
    (client) =>
      client.query(`create role ${admin.user} login password '${admin.password}' createrole createdb`),
    "postgres",
  );
  const options = { server: platform.server, admin, platformName: "managed", secrets: testSecrets };
  await bootstrapDatabase(options);
  await bootstrapDatabase(options);
  await using database = await openTenantDatabase(options, {
    clock: systemClock,
    random: systemRandom,
    onEvent: () => undefined,
  });
  for (const isolation of isolations) {
    for (const id of [`${isolation}-one`, `${isolation}-two`]) {
      const tenant = await database.onboard({ id, tier: "gold", isolation });
      await database.store.transact(tenant, (db) =>
        db.insertInto("documents").values({ tenant_id: id, collection: "c", id: "1", body: "{}" }),
      );
    }
  }
  for (const { id } of (await database.registry.list({ limit: 10 })).tenants) {
    const tenant = await database.registry.find(id);
    if (tenant === undefined) throw new Error(`${id} is gone`);
    const rows = await database.store.read(tenant, (db) => db.selectFrom("documents").select("tenant_id"));
    expect(rows).toEqual([{ tenant_id: id }]);
  }
  const verdicts = await database.audit();
  expect(verdicts.filter((verdict) => !passes(verdict))).toEqual([]);
  const open = verdicts.filter(({ kind }) => kind === "not-applicable").map(({ rule }) => rule);
  expect([...new Set(open)]).toEqual(["system-catalogue-closed"]);
});
