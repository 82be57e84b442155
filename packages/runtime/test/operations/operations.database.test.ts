import { systemClock } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { verifyBundle } from "../../src/operations/bundle/verify-bundle.ts";
import { verifyCertificate } from "../../src/operations/certificate.ts";
import { createOperationPlatform, fillTenant, type OperationPlatform, tenantOf } from "./operation-platform.ts";

let world: OperationPlatform;
beforeAll(async () => {
  world = await createOperationPlatform(inject("databaseServer"), "operations", { dayMs: 86_400_000 });
});
afterAll(() => world[Symbol.asyncDispose]());

const isolations = ["pool", "bridge", "silo"] as const;
const none = {} as Record<string, never>;

describe("a tenant's life", () => {
  test.each(isolations)("a %s tenant is onboarded, suspended, resumed, exported and offboarded", async (isolation) => {
    const id = `life-${isolation}` as TenantId;
    const onboarded = await world.onboard(id, isolation);
    expect(onboarded).toMatchObject({ state: "succeeded", error: null });
    expect(onboarded.steps.map(({ name, state }) => [name, state])).toEqual(
      ["reserve", "make-place", "migrate", "verify", "activate"].map((name) => [name, "succeeded"]),
    );
    await fillTenant(world, id);
    expect(await world.run({ kind: "suspend", tenant: id, input: { reason: "unpaid" } })).toMatchObject({ state: "succeeded" });
    expect(await world.run({ kind: "resume", tenant: id, input: none })).toMatchObject({ state: "succeeded" });
    const exported = await world.run({ kind: "export", tenant: id, input: none });
    expect(exported).toMatchObject({ state: "succeeded", error: null });
    const bundle = await world.operations.readExport(exported.id);
    const manifest = await verifyBundle(bundle?.content as never);
    expect(manifest.tables.find(({ name }) => name === "documents")?.rows).toBe(25);
    expect(manifest.files.count).toBe(1);
    const gone = await world.run({ kind: "offboard", tenant: id, input: { graceDays: 0, keepExport: false } });
    expect(gone).toMatchObject({ state: "succeeded", error: null });
    const certificate = await world.operations.certificate(id);
    const { certificate: verified } = await verifyCertificate(certificate?.jws ?? "");
    expect(verified).toMatchObject({ tenant: id, life: 1, filesBefore: 1, rowsBefore: { documents: 25, members: 1 } });
    expect(await world.database.registry.find(id)).toBeUndefined();
    expect(world.events).toEqual([]);
  });

  test.each(isolations.flatMap((from) => isolations.filter((to) => to !== from).map((to) => [from, to] as const)))(
    "a tenant moves from %s to %s with all its rows",
    async (from, to) => {
      const id = `move-${from}-${to}` as TenantId;
      await world.onboard(id, from);
      await fillTenant(world, id);
      const before = await rowsOf(id);
      const moved = await world.run({ kind: "move", tenant: id, input: { tier: to, isolation: to } });
      expect(moved).toMatchObject({ state: "succeeded", error: null });
      const tenant = await tenantOf(world.database, id);
      expect(tenant).toMatchObject({ isolation: to, tier: to, writes: "open" });
      expect(await rowsOf(id)).toEqual(before);
      await fillTenant(world, id.replace("x", "x"), 0 + 1).catch(() => undefined);
      expect(world.events).toEqual([]);
    },
  );
});

async function rowsOf(id: string) {
  const tenant = await tenantOf(world.database, id);
  return world.database.store.read(tenant, (db) => db.selectFrom("documents").selectAll().orderBy("id"));
}
void systemClock;
