// Goal: whoever serves a tenant's requests adds to its audit trail and reads it, and can take
// nothing back, in each isolation.
import { isCodedError } from "@tenantry/base";
import { expect, inject, test } from "vitest";
import { tenantMigrations } from "../../src/database/migrations/tenant-migrations.ts";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { createTestPlatform, isolations } from "./test-platform.ts";

/** What became of adding an event, reading it, and each way to take it back. */
async function attempts({ store }: TenantDatabase, tenant: Tenant) {
  const event = {
    tenant_id: tenant.id,
    id: "event-1",
    actor_kind: "member",
    actor: "ada@example.com",
  } as const;
  await store.transact(tenant, (db) =>
    db
      .insertInto("audit_events")
      .values({ ...event, action: "role.deleted", target: "x", request_id: "r", details: "{}" }),
  );
  const codes = await Promise.all(
    [
      store.transact(tenant, (db) =>
        db.updateTable("audit_events").set({ actor: "bob@example.com" } as never),
      ),
      store.transact(tenant, (db) => db.deleteFrom("audit_events")),
    ].map((change) => change.then(() => "done", codeOf)),
  );
  const kept = await store.read(tenant, (db) => db.selectFrom("audit_events").select(["id", "actor"]));
  return { codes, kept };
}

const codeOf = (error: unknown) => (isCodedError(error) ? error.code : String(error));

test("no tenant changes or removes an event of its audit trail", async () => {
  await using platform = await createTestPlatform(inject("databaseServer"), "append-only");
  await using database = await platform.open();
  for (const isolation of isolations) {
    const tenant = await database.onboard({ id: `${isolation}-one`, tier: "any", isolation });
    expect(await attempts(database, tenant), isolation).toEqual({
      codes: ["RUNTIME_STORE_REFUSED", "RUNTIME_STORE_REFUSED"],
      kept: [{ id: "event-1", actor: "ada@example.com" }],
    });
  }
});

test("where no migration calls the table append-only the same attempts succeed, so the test can fail", async () => {
  const open = tenantMigrations.map(({ version, name, sql }) => ({ version, name, sql }));
  await using platform = await createTestPlatform(inject("databaseServer"), "append-any", open);
  await using database = await platform.open();
  const tenant = await database.onboard({ id: "pool-one", tier: "any", isolation: "pool" });
  expect(await attempts(database, tenant)).toEqual({ codes: ["done", "done"], kept: [] });
});
