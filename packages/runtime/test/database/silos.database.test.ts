// Goal: the sessions of silo tenants stay within a bound however many silos there are, and nobody
// notices that theirs were closed in between.
import { systemClock, systemRandom } from "@tenantry/base";
import { expect, inject, test } from "vitest";
import { TenantPlaces } from "../../src/tenant-store/tenant-places.ts";
import { PostgresTenantStore } from "../../src/tenant-store/postgres-tenant-store.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { createTestPlatform } from "./test-platform.ts";

test("pools of silos that nobody uses are closed, and opened again when asked for", async () => {
  await using platform = await createTestPlatform(inject("databaseServer"), "silos");
  await using database = await platform.open();
  const tenants: Tenant[] = [];
  for (const name of ["one", "two", "three", "four"]) {
    tenants.push(await database.onboard({ id: `silo-${name}`, tier: "gold", isolation: "silo" }));
  }
  const { server, secrets, names, nameKey } = await platform.access();
  await using places = new TenantPlaces({
    server,
    secrets,
    names,
    nameKey,
    poolSize: 3,
    silosMax: 2,
    waitMs: 5_000,
    preparedMax: 10,
    clock: systemClock,
    random: systemRandom,
    verifySilo: async () => undefined,
  });
  const store = new PostgresTenantStore({
    placeOf: (tenant) => places.placeOf(tenant),
    waitMs: 5_000,
    clock: systemClock,
    random: systemRandom,
  });
  const read = (tenant: Tenant) => store.read(tenant, (db) => db.selectFrom("documents").selectAll());
  const databasesInUse = () =>
    platform.asAdmin(async (client) => {
      const { rows } = await client.query<{ count: number }>(
        "select count(distinct datname)::integer as count from pg_stat_activity where starts_with(usename, 'silos_t_')",
      );
      return rows[0]?.count ?? 0;
    });

  // A transaction that begins before its pool is closed and asks for a session only afterwards.
  let proceed: (() => void) | undefined;
  const patient = store.read(tenants[0] as Tenant, async (db, execute) => {
    await new Promise<void>((resolve) => (proceed = resolve));
    return execute(db.selectFrom("documents").selectAll());
  });
  for (let round = 0; round < 3; round += 1) {
    for (const tenant of tenants) expect(await read(tenant)).toEqual([]);
  }
  proceed?.();
  expect(await patient).toEqual([]);
  while ((await databasesInUse()) > 2) await new Promise((resolve) => setImmediate(resolve));
  expect(await databasesInUse()).toBe(2);
});
