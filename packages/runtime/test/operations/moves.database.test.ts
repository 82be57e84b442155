import { randomUUID } from "node:crypto";
import { systemClock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { TenantOperationsPorts } from "../../src/operations/tenant-operations.ts";
import {
  createOperationPlatform,
  fillTenant,
  idOf,
  isolations,
  notesOf,
  type OperationPlatform,
  tenantOf,
} from "./operation-platform.ts";

let world: OperationPlatform;
/** What a test does at the moments of steps. */
let interfere: NonNullable<TenantOperationsPorts["onStep"]> = () => undefined;
beforeAll(async () => {
  world = await createOperationPlatform(inject("databaseServer"), "moves", {
    onStep: (step, moment, tenant) => interfere(step, moment, tenant),
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const pairs = isolations.flatMap((from) =>
  isolations.filter((to) => to !== from).map((to) => [from, to] as const),
);

describe("moving", () => {
  test.each(pairs)(
    "a tenant moves from %s to %s; it reads all the time and loses no write",
    async (from, to) => {
      const tenant = idOf(`move-${from}-${to}`);
      await world.onboard(tenant, from);
      await fillTenant(world, tenant);
      const client = keepWorking(tenant);
      const moved = await world.run({ kind: "move", tenant, input: { tier: to, isolation: to } });
      const { kept, reads, wrong } = await client.stop();
      expect(moved).toMatchObject({ state: "succeeded", error: null });
      expect(await tenantOf(world.database, tenant)).toMatchObject({
        isolation: to,
        tier: to,
        writes: "open",
      });
      expect(wrong).toEqual([]);
      expect(reads).toBeGreaterThan(10);
      const ids = new Set((await notesOf(world, tenant)).map(({ id }) => id));
      expect(kept.filter((id) => !ids.has(id))).toEqual([]);
      expect(kept.length).toBeGreaterThan(0);
      expect(ids.size).toBe(25 + kept.length);
    },
  );

  /** Reads and writes as requests do, with the tenant that the registry knows at that moment. */
  function keepWorking(id: TenantId) {
    const { database } = world;
    const stopping = new AbortController();
    const kept: string[] = [];
    const wrong: string[] = [];
    let reads = 0;
    const write = async () => {
      while (!stopping.signal.aborted) {
        const tenant = await database.registry.find(id);
        const key = randomUUID();
        // What the gateway refuses is not even tried; what it lets through may still be refused by the fence.
        if (tenant?.writes === "open") {
          const row = { tenant_id: id, collection: "work", id: key, body: "{}" };
          const isKept = await database.store
            .transact(tenant, (db) => db.insertInto("documents").values(row))
            .then(
              () => true,
              () => false,
            );
          if (isKept) kept.push(key);
        }
        await systemClock.sleep(5);
      }
    };
    const read = async () => {
      while (!stopping.signal.aborted) {
        const tenant = await database.registry.find(id);
        if (tenant === undefined) break;
        const notes = await database.store.read(tenant, (db) =>
          db.selectFrom("documents").select("id").where("collection", "=", "notes"),
        );
        reads += 1;
        if (notes.length !== 25) wrong.push(`${notes.length} notes`);
        await systemClock.sleep(2);
      }
    };
    const working = Promise.all([write(), write(), read()]);
    return {
      async stop() {
        stopping.abort();
        await working;
        return { kept, reads, wrong };
      },
    };
  }

  test("a copy that differs is found out, and the tenant stays where it is and writes again", async () => {
    const tenant = idOf("differs-co");
    await world.onboard(tenant, "pool");
    await fillTenant(world, tenant);
    const before = await notesOf(world, tenant);
    interfere = async (step, moment) => {
      if (step !== "verify" || moment !== "before") return;
      await world.platform.asAdmin(async (client) => {
        const { rows } = await client.query<{ name: string }>(
          "select other_object_name as name from tenantry.tenants where tenant_id = 'differs-co'",
        );
        await client.query(`delete from "${rows[0]?.name}".documents where id = 'note-7'`);
      });
    };
    const input = { tier: "bridge", isolation: "bridge" } as const;
    const failed = await world
      .run({ kind: "move", tenant, input })
      .finally(() => (interfere = () => undefined));
    expect(failed).toMatchObject({ state: "failed", error: { code: "RUNTIME_COPY_DIFFERS" } });
    expect(failed.error?.message).toContain("documents");
    expect(await tenantOf(world.database, tenant)).toMatchObject({
      isolation: "pool",
      tier: "pool",
      writes: "open",
    });
    expect(await notesOf(world, tenant)).toEqual(before);
    const row = { tenant_id: tenant, collection: "later", id: "one", body: "{}" };
    await world.database.store.transact(await tenantOf(world.database, tenant), (db) =>
      db.insertInto("documents").values(row),
    );
    expect(await world.run({ kind: "move", tenant, input })).toMatchObject({
      state: "succeeded",
      error: null,
    });
  });
});
