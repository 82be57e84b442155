// Goal: every query of a tenant is served by an index that begins with the tenant, under row-level
// security and whoever else is in the table. Method: read the plans that the app role gets.
import { systemRandom } from "@tenantry/base";
import { expect, inject, test } from "vitest";
import { rolePassword, Sealer } from "../../src/database/database-secrets.ts";
import { TenantConnection } from "../../src/tenant-store/tenant-connection.ts";
import { createTestPlatform, testSecrets } from "./test-platform.ts";

test("plans confine the scan itself to the tenant, and find the seal by its index", async () => {
  await using platform = await createTestPlatform(inject("databaseServer"), "plans");
  const sealer = new Sealer(testSecrets, "plans");
  await platform.asAdmin(async (client) => {
    await client.query(`insert into pool.documents (tenant_id, collection, id, body)
      select 'tenant-' || t, 'notes', i::text, '{}' from generate_series(1, 500) t, generate_series(1, 40) i`);
    for (let index = 1; index <= 500; index += 1) {
      await client.query("insert into tenantry.seals (tenant_id, seal) values ($1, $2)", [
        `tenant-${index}`,
        sealer.seal(`tenant-${index}`),
      ]);
    }
    await client.query("analyze");
  });
  const credentials = { user: "plans_app", password: rolePassword(testSecrets, "plans_app") };
  await using connection = await TenantConnection.open({
    server: platform.server,
    credentials,
    database: "plans",
    random: systemRandom,
    preparedMax: 10,
  });
  const planOf = async (query: string) => {
    const scope = { seal: sealer.seal("tenant-7"), role: "none", mode: "write" } as const;
    const rows = await connection.runAlone(scope, {
      text: `explain (costs off) ${query}`,
      values: [],
      rows: "keep",
    });
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  };
  for (const query of [
    "select * from pool.documents where collection = 'notes' and id = '3'",
    "select * from pool.documents where collection = 'notes' and id > '3' order by id limit 20",
    "select count(*) from pool.documents",
    "select * from pool.documents where body @> '{}'",
    "update pool.documents set version = 2 where collection = 'notes' and id = '3'",
    "delete from pool.documents where collection = 'notes'",
  ]) {
    const plan = await planOf(query);
    expect(plan, query).toMatch(/(Index|Recheck) Cond: \(\(?\(?tenant_id = /);
    expect(plan, query).toContain("seals_pkey");
    expect(plan, query).not.toContain("Seq Scan");
  }
});
