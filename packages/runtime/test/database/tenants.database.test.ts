// Goal: tenants are onboarded once whatever happens in between, and the registry tells the truth
// at once.
import { isCodedError, ManualClock, systemClock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { passes } from "@tenantry/assurance";
import { tenantMigrations } from "../../src/database/migrations/tenant-migrations.ts";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { PostgresTenantRegistry } from "../../src/tenants/postgres-tenant-registry.ts";
import { createTestPlatform, isolations, type TestPlatform } from "./test-platform.ts";

let platform: TestPlatform;
let database: TenantDatabase;

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );
async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
describe("onboarding", () => {
  beforeAll(async () => {
    platform = await createTestPlatform(inject("databaseServer"), "onboarding");
    database = await platform.open();
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  test.each(isolations)(
    "makes a %s tenant's place in less than two seconds and gives it the lowest free slot",
    async (isolation) => {
      const startMs = systemClock.monotonicMs();
      const tenant = await database.onboard({ id: `quick-${isolation}`, tier: "gold", isolation });
      expect(systemClock.monotonicMs() - startMs).toBeLessThan(2_000);
      expect(tenant).toMatchObject({
        tier: "gold",
        isolation,
        status: "active",
        schemaVersion: tenantMigrations.length,
      });
      expect(tenant.placement).toEqual({ cell: 1, slot: isolations.indexOf(isolation) + 1 });
    },
  );

  test("returns an active tenant as it is", async () => {
    const request = { id: "twice", tier: "gold", isolation: "bridge" } as const;
    const first = await database.onboard(request);
    expect(await database.onboard(request)).toEqual(first);
  });

  test("refuses what differs from the tenant that exists, and ids that are none", async () => {
    const placement = { cell: 3, slot: 4 };
    await database.onboard({ id: "placed", tier: "gold", isolation: "pool", placement });
    const base = { id: "placed", tier: "gold", isolation: "pool" } as const;
    expect({
      same: await codeOf(database.onboard({ ...base, placement })),
      tier: await codeOf(database.onboard({ ...base, tier: "silver" })),
      isolation: await codeOf(database.onboard({ ...base, isolation: "silo" })),
      placement: await codeOf(database.onboard({ ...base, placement: { cell: 3, slot: 5 } })),
      slot: await codeOf(database.onboard({ ...base, id: "other", placement })),
      id: await codeOf(database.onboard({ ...base, id: "Not_an_id" })),
    }).toEqual({
      same: "no error",
      tier: "RUNTIME_TENANT_DIFFERS",
      isolation: "RUNTIME_TENANT_DIFFERS",
      placement: "RUNTIME_TENANT_DIFFERS",
      slot: "RUNTIME_SLOT_TAKEN",
      id: "RUNTIME_TENANT_ID",
    });
  });

  test("gives out slots without a gap when many come at once, and one place to one tenant", async () => {
    await using crowd = await createTestPlatform(inject("databaseServer"), "crowd");
    await using opened = await crowd.open();
    const requests = Array.from({ length: 12 }, (_, index) => ({
      id: `crowd-${index % 6}`,
      tier: "gold",
      isolation: "pool" as const,
      tenantsPerCell: 4,
    }));
    const tenants = await Promise.all(requests.map((request) => opened.onboard(request)));
    const places = new Set(tenants.map(({ placement }) => `${placement.cell}/${placement.slot}`));
    expect([...places].sort()).toEqual(["1/1", "1/2", "1/3", "1/4", "2/1", "2/2"]);
  });

  test("onboards tenants of every isolation side by side", async () => {
    await using crowd = await createTestPlatform(inject("databaseServer"), "beside");
    await using opened = await crowd.open();
    const requests = Array.from({ length: 12 }, (_, index) => {
      const isolation = isolations[index % isolations.length] as (typeof isolations)[number];
      return { id: `${isolation}-${index}`, tier: "gold", isolation };
    });
    const tenants = await Promise.all(requests.map((request) => opened.onboard(request)));
    expect(tenants.every(({ status }) => status === "active")).toBe(true);
    expect((await opened.audit()).filter((verdict) => !passes(verdict))).toEqual([]);
  });

  test("fills the lowest gap first", async () => {
    await using gaps = await createTestPlatform(inject("databaseServer"), "gaps");
    await using opened = await gaps.open();
    for (const slot of [1, 2, 4]) {
      await opened.onboard({
        id: `gap-${slot}`,
        tier: "gold",
        isolation: "pool",
        placement: { cell: 1, slot },
      });
    }
    const { placement } = await opened.onboard({ id: "gap-next", tier: "gold", isolation: "pool" });
    expect(placement).toEqual({ cell: 1, slot: 3 });
  });

  // What a crash leaves: the row, and the place up to any step. Each is made by hand from a finished tenant.
  test.each([
    [
      "nothing but the row",
      "silo",
      (name: string) => [`drop database "${name}" with (force)`, `drop role "${name}"`],
    ],
    ["the role without the database", "silo", (name: string) => [`drop database "${name}" with (force)`]],
    [
      "a database without rights and schemas",
      "silo",
      (name: string) => [
        `drop database "${name}" with (force)`,
        `create database "${name}" owner crash_owner`,
      ],
    ],
  ] as const)("finishes after a crash that left %s", async (_, isolation, undo) => {
    await using crash = await createTestPlatform(inject("databaseServer"), "crash");
    {
      await using first = await crash.open();
      await first.onboard({ id: "half", tier: "gold", isolation });
    }
    const name = await crash.asAdmin(async (client) => {
      const { rows } = await client.query<{ object_name: string }>(
        "update tenantry.tenants set status = 'provisioning', schema_version = 0 returning object_name",
      );
      return rows[0]?.object_name ?? "";
    });
    await crash.asAdmin(async (client) => {
      for (const statement of undo(name)) await client.query(statement);
    }, "postgres");
    await using second = await crash.open();
    const tenant = await second.registry.find("half");
    expect(tenant).toMatchObject({ status: "active", schemaVersion: tenantMigrations.length });
    const verdicts = await second.audit();
    expect(verdicts.filter((verdict) => !passes(verdict))).toEqual([]);
  });

  test("records why it failed, and works when asked again", async () => {
    await platform.asAdmin((client) =>
      client.query("create role obstacle; alter role onboarding_tenants rename to onboarding_elsewhere"),
    );
    const request = { id: "unlucky", tier: "gold", isolation: "bridge" } as const;
    expect(await codeOf(database.onboard(request))).not.toBe("no error");
    expect(await database.registry.find("unlucky")).toMatchObject({ status: "failed" });
    const { tenants } = await database.migrationStatus({ limit: 100 });
    expect(tenants.find(({ tenant }) => tenant === "unlucky")?.lastError).toContain("onboarding_tenants");
    await platform.asAdmin((client) =>
      client.query("alter role onboarding_elsewhere rename to onboarding_tenants; drop role obstacle"),
    );
    expect(await database.onboard(request)).toMatchObject({ status: "active" });
  });
});

describe("the registry", () => {
  beforeAll(async () => {
    platform = await createTestPlatform(inject("databaseServer"), "registry");
    database = await platform.open();
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  test("finds a tenant as soon as it is onboarded, although it was asked for before", async () => {
    expect(await database.registry.find("new-one")).toBeUndefined();
    await database.onboard({ id: "new-one", tier: "gold", isolation: "pool" });
    await until(async () => (await database.registry.find("new-one"))?.status === "active");
  });

  test("forgets a tenant that another process changes", async () => {
    await using other = await platform.open();
    await database.onboard({ id: "changing", tier: "gold", isolation: "pool" });
    await until(async () => (await other.registry.find("changing"))?.tier === "gold");
    await platform.asAdmin((client) =>
      client.query("update tenantry.tenants set tier = 'silver' where tenant_id = 'changing'"),
    );
    await until(async () => (await other.registry.find("changing"))?.tier === "silver");
    await platform.asAdmin((client) =>
      client.query("delete from tenantry.tenants where tenant_id = 'changing'"),
    );
    await until(async () => (await other.registry.find("changing")) === undefined);
  });

  test("lists pages in the order of ids", async () => {
    for (const id of ["bbb", "aaa", "a-b", "a1b"])
      await database.onboard({ id, tier: "gold", isolation: "pool" });
    const first = await database.registry.list({ limit: 3 });
    expect(first.tenants.map(({ id }) => id)).toEqual(["a-b", "a1b", "aaa"]);
    expect(first.more).toBe(true);
    const rest = await database.registry.list({ limit: 100, after: "aaa" as TenantId });
    expect(rest.tenants[0]?.id).toBe("bbb");
    expect(rest.more).toBe(false);
  });

  test("believes nothing it has cached after the listening connection was lost, and listens again", async () => {
    await database.onboard({ id: "heard", tier: "gold", isolation: "pool" });
    await until(async () => (await database.registry.find("heard"))?.status === "active");
    platform.events.length = 0;
    await platform.asAdmin(async (client) => {
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'registry_control'",
      );
      await client.query("alter table tenantry.tenants disable trigger announce");
      await client.query("update tenantry.tenants set tier = 'unheard' where tenant_id = 'heard'");
      await client.query("alter table tenantry.tenants enable trigger announce");
    });
    const listening = () => platform.events.filter(({ kind }) => kind === "registry-listening");
    await until(() => listening().length >= 2);
    await until(
      async () => (await database.registry.find("heard").catch(() => undefined))?.tier === "unheard",
    );
    expect(listening().at(-1)).toEqual({ kind: "registry-listening", isListening: true });
  });
});

describe("the cache of the registry", () => {
  const row = {
    tenant_id: "abc",
    tier: "gold",
    isolation: "pool",
    status: "active",
    cell: 0,
    slot: 0,
    schema_version: 1,
    created_at: new Date(0),
    sealed_with: "",
    last_error: null,
  };
  function scripted(clock = new ManualClock()) {
    const asked: ((rows: unknown[]) => void)[] = [];
    const registry = new PostgresTenantRegistry({
      query: () => new Promise((resolve) => asked.push(resolve as never)),
      changeToken: (id) => `token of ${id}`,
      clock,
      entriesMax: 2,
    });
    return { registry, asked, clock };
  }
  const answer = async (asked: ((rows: unknown[]) => void)[], rows: unknown[]) => {
    await until(() => asked.length > 0);
    asked.shift()?.(rows);
  };

  test("does not keep an answer that was under way when the tenant changed", async () => {
    const { registry, asked } = scripted();
    registry.setListening(true);
    const stale = registry.find("abc");
    await until(() => asked.length === 1);
    registry.forget("token of abc");
    await answer(asked, [row]);
    expect((await stale)?.tier).toBe("gold");
    const fresh = registry.find("abc");
    await answer(asked, [{ ...row, tier: "silver" }]);
    expect((await fresh)?.tier).toBe("silver");
  });

  test("asks once for a crowd, and again only when an absent tenant's second is over", async () => {
    const { registry, asked, clock } = scripted();
    registry.setListening(true);
    const crowd = [registry.find("abc"), registry.find("abc"), registry.find("abc")];
    await until(() => asked.length === 1);
    await answer(asked, []);
    expect(await Promise.all(crowd)).toEqual([undefined, undefined, undefined]);
    expect(await registry.find("abc")).toBeUndefined();
    expect(asked).toHaveLength(0);
    clock.advance(1_000);
    const again = registry.find("abc");
    await answer(asked, [row]);
    expect((await again)?.id).toBe("abc");
  });

  test("asks every time while nobody listens", async () => {
    const { registry, asked } = scripted();
    for (const tier of ["one", "two"]) {
      const found = registry.find("abc");
      await answer(asked, [{ ...row, tier }]);
      expect((await found)?.tier).toBe(tier);
    }
  });

  test("never asks for what is no tenant id", async () => {
    const { registry, asked } = scripted();
    for (const id of ["", "A", "a'; drop table tenants", "x".repeat(33)])
      expect(await registry.find(id)).toBeUndefined();
    expect(asked).toHaveLength(0);
  });
});
