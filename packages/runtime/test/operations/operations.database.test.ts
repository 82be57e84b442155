import { randomUUID } from "node:crypto";
import { systemClock, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ringOfOne } from "../../src/identity/key-ring.ts";
import { generateSigningKey } from "../../src/identity/signing-key.ts";
import { verifyCertificate } from "../../src/operations/certificate.ts";
import { openTenantOperations } from "../../src/operations/tenant-operations.ts";
import {
  codeOf,
  createOperationPlatform,
  ended,
  fillTenant,
  idOf,
  isolations,
  nothing,
  notesOf,
  type OperationPlatform,
  operator,
  tenantOf,
} from "./operation-platform.ts";

let world: OperationPlatform;
beforeAll(async () => {
  world = await createOperationPlatform(inject("databaseServer"), "operations");
});
afterAll(() => world[Symbol.asyncDispose]());

const remove = { graceDays: 0, keepExport: false };

describe("a tenant's life", () => {
  test.each(isolations)(
    "a %s tenant is onboarded, suspended, resumed, exported and offboarded",
    async (isolation) => {
      const tenant = idOf(`life-${isolation}`);
      const onboarded = await world.onboard(tenant, isolation);
      expect(onboarded).toMatchObject({ state: "succeeded", error: null });
      expect(onboarded.steps.map(({ name, state }) => [name, state])).toEqual(
        ["reserve", "make-place", "migrate", "verify", "activate"].map((name) => [name, "succeeded"]),
      );
      await fillTenant(world, tenant);
      expect(await world.run({ kind: "suspend", tenant, input: { reason: "unpaid" } })).toMatchObject({
        error: null,
      });
      expect((await world.database.registry.find(tenant))?.status).toBe("suspended");
      expect(await world.run({ kind: "resume", tenant, input: nothing })).toMatchObject({ error: null });
      await tenantOf(world.database, tenant);
      const exported = await world.run({ kind: "export", tenant, input: nothing });
      expect(exported).toMatchObject({ state: "succeeded", error: null });
      const gone = await world.run({ kind: "offboard", tenant, input: remove });
      expect(gone).toMatchObject({ state: "succeeded", error: null });
      const certificate = await world.operations.certificate(tenant);
      const { certificate: verified } = await verifyCertificate(certificate?.jws ?? "");
      expect(verified).toEqual(certificate?.document);
      expect(verified).toMatchObject({
        tenant,
        life: 1,
        filesBefore: 1,
        rowsBefore: { documents: 25, members: 1 },
      });
      expect(await world.database.registry.find(tenant)).toBeUndefined();
      expect(await world.operations.readExport(exported.id)).toBeNull();
      expect(world.events).toEqual([]);
    },
  );

  test("one at a time; the same again is the same operation, and another one is refused with its id", async () => {
    const tenant = idOf("busy-co");
    await world.onboard(tenant, "pool");
    const grace = { graceDays: 30, keepExport: false };
    const waiting = await world.run({ kind: "offboard", tenant, input: grace });
    expect(waiting.state).toBe("waiting");
    const again = await world.operations.request({ kind: "offboard", tenant, input: grace }, operator);
    expect(again).toMatchObject({ kind: "running", operation: { id: waiting.id } });
    const refused = world.operations.request({ kind: "suspend", tenant, input: {} }, operator);
    await expect(refused).rejects.toMatchObject({
      code: "RUNTIME_TENANT_BUSY",
      params: { operation: waiting.id },
    });
    await cancel(waiting.id);
  });

  test("a key starts one operation, and is refused for another", async () => {
    const tenant = idOf("key-co");
    await world.onboard(tenant, "pool");
    const by = { ...operator, idempotencyKey: randomUUID() };
    const first = await world.operations.request({ kind: "suspend", tenant, input: {} }, by);
    expect(first.kind).toBe("started");
    if (first.kind === "key-reused") throw new Error("unreachable");
    await ended(world, first.operation.id);
    const second = await world.operations.request({ kind: "suspend", tenant, input: {} }, by);
    expect(second).toMatchObject({
      kind: "repeated",
      operation: { id: first.operation.id, state: "succeeded" },
    });
    expect(await world.operations.request({ kind: "resume", tenant, input: nothing }, by)).toEqual({
      kind: "key-reused",
    });
  });

  test("an id that was given back belongs to a new tenant, which nothing of the old one opens", async () => {
    for (const isolation of ["pool", "silo", "bridge"] as const) {
      const tenant = idOf(`again-${isolation}`);
      await world.onboard(tenant, isolation);
      await fillTenant(world, tenant);
      const old = await tenantOf(world.database, tenant);
      expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
      expect(await world.onboard(tenant, isolation)).toMatchObject({ error: null });
      const fresh = await tenantOf(world.database, tenant);
      expect(fresh.life).toBe(2);
      expect(await notesOf(world, tenant)).toEqual([]);
      await fillTenant(world, tenant, 3);
      // Whoever still holds the old tenant shows the old seal, or knocks at a place that is gone.
      const seen = await world.database.placedStore
        .read(old, (db) => db.selectFrom("documents").select("id"))
        .catch(() => []);
      expect(seen).toEqual([]);
      expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
      const second = await world.operations.certificate(tenant);
      expect(second?.document).toMatchObject({ life: 2, rowsBefore: { documents: 3 } });
    }
  });
});

describe("onboarding", () => {
  test("what cannot be made leaves nothing, says why, and can be asked for again", async () => {
    const { platform } = world;
    const tenant = idOf("unlucky-co");
    await platform.asAdmin((client) =>
      client.query(`alter role ${platform.prefix}_tenants rename to elsewhere`),
    );
    const failed = await world
      .onboard(tenant, "bridge")
      .finally(() =>
        platform.asAdmin((client) =>
          client.query(`alter role elsewhere rename to ${platform.prefix}_tenants`),
        ),
      );
    expect(failed).toMatchObject({ state: "failed", error: { code: "RUNTIME_STEP_FAILED" } });
    expect(failed.steps.map(({ name, state }) => [name, state])).toEqual([
      ["reserve", "succeeded"],
      ["make-place", "failed"],
      ["migrate", "skipped"],
      ["verify", "skipped"],
      ["activate", "skipped"],
      ["remove-again", "succeeded"],
    ]);
    expect(await world.database.registry.find(tenant)).toBeUndefined();
    world.events.length = 0;
    expect(await world.onboard(tenant, "bridge")).toMatchObject({ state: "succeeded", error: null });
    expect((await world.run({ kind: "offboard", tenant, input: remove })).error).toBeNull();
  });
});

test("operations are open once in a process", async () => {
  const ports = {
    clock: systemClock,
    random: systemRandom,
    onEvent: () => undefined,
    objects: null,
    exports: null,
  };
  const options = { platformName: "operations", keyRing: ringOfOne(await generateSigningKey()) };
  const second = openTenantOperations(options, { ...ports, database: world.database });
  expect(await codeOf(second)).toBe("RUNTIME_OPERATIONS_OPEN");
});

async function cancel(id: string) {
  await world.operations.cancel(id, operator);
  return ended(world, id);
}
