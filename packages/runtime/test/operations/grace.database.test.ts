import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Operation } from "../../src/operations/operation.ts";
import {
  createOperationPlatform,
  ended,
  fillTenant,
  type OperationPlatform,
  operator,
  tenantOf,
} from "./operation-platform.ts";

/** Long enough for the operations to be closed and opened meanwhile. */
const dayMs = 6_000;
let world: OperationPlatform;
beforeAll(async () => {
  world = await createOperationPlatform(inject("databaseServer"), "grace", { dayMs });
});
afterAll(() => world[Symbol.asyncDispose]());

async function begin(id: string): Promise<Operation> {
  const tenant = id as TenantId;
  await world.onboard(tenant, "pool");
  await fillTenant(world, tenant);
  const waiting = await world.run({ kind: "offboard", tenant, input: { graceDays: 1, keepExport: false } });
  expect(waiting).toMatchObject({ state: "waiting", error: null });
  return waiting;
}

test("a grace period survives restarts, and is neither shorter nor begun anew", async () => {
  const waiting = await begin("patient-co");
  await world.restart();
  await world.restart();
  const done = await ended(world, waiting.id);
  expect(done).toMatchObject({ state: "succeeded", error: null });
  const inventory = done.steps.find(({ name }) => name === "inventory")?.startedAt ?? "";
  const shutOut = done.steps.find(({ name }) => name === "shut-out")?.endedAt ?? "";
  const graceMs = Date.parse(inventory) - Date.parse(shutOut);
  expect(graceMs).toBeGreaterThanOrEqual(dayMs - 1_000);
  expect(graceMs).toBeLessThan(dayMs * 2);
});

test("it can be cancelled after a restart", async () => {
  const waiting = await begin("returning-co");
  await world.restart();
  expect(await world.operations.cancel(waiting.id, operator)).not.toBeNull();
  expect(await ended(world, waiting.id)).toMatchObject({ state: "cancelled" });
  expect(await tenantOf(world.database, "returning-co")).toMatchObject({ status: "active" });
});

test("whoever follows an operation is told of each change once, also after having been away", async () => {
  const tenant = "followed-co" as TenantId;
  const { operation } = (await world.operations.request(
    { kind: "onboard", tenant, input: { tier: "pool", isolation: "pool", tenantsPerCell: 90 } },
    operator,
  )) as { operation: Operation };
  const signal = AbortSignal.timeout(20_000);
  const seen: number[] = [];
  for await (const changes of world.operations.follow(operation.id, 0, signal)) {
    seen.push(...changes.map(({ revision }) => revision));
    if (seen.length > 4) break;
  }
  for await (const changes of world.operations.follow(operation.id, seen.at(-1) ?? 0, signal)) {
    seen.push(...changes.map(({ revision }) => revision));
  }
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  const all: string[] = [];
  for await (const changes of world.operations.follow(operation.id, 0, signal)) {
    all.push(...changes.map(({ step, state }) => `${step?.name ?? state} ${step?.state ?? ""}`.trim()));
  }
  expect(all.at(0)).toBe("queued");
  expect(all.at(-1)).toBe("succeeded");
  for (const name of ["reserve", "make-place", "migrate", "verify", "activate"])
    expect(all).toEqual(expect.arrayContaining([`${name} running`, `${name} succeeded`]));
});

test("an operation goes on although the engine refuses its history, as after a release with other steps", async () => {
  const waiting = await begin("changed-co");
  const changed = await world.restart(() =>
    world.platform.asAdmin(async (client) => {
      const { rowCount } = await client.query(
        "update dbos.operation_outputs set function_name = 'another step' where workflow_uuid = $1 and function_id = 0",
        [waiting.id],
      );
      return rowCount;
    }, `${world.platform.prefix}_workflows`),
  );
  expect(changed).toBe(1);
  const done = await ended(world, waiting.id);
  expect(done).toMatchObject({ state: "succeeded", error: null });
  const runs = await world.platform.asAdmin(async (client) => {
    const { rows } = await client.query<{ id: string; status: string }>(
      "select workflow_uuid as id, status from dbos.workflow_status where starts_with(workflow_uuid, $1) order by 1",
      [waiting.id],
    );
    return rows;
  }, `${world.platform.prefix}_workflows`);
  expect(runs).toEqual([
    { id: waiting.id, status: "ERROR" },
    { id: `${waiting.id}.1`, status: expect.stringMatching(/SUCCESS|PENDING/) },
  ]);
  const events = await world.database.control.query<{ type: string }>(
    "select type from tenantry.events where operation_id = $1 order by type",
    [waiting.id],
  );
  expect(events.map(({ type }) => type)).toEqual([
    "deprovisionSuccess",
    "offboardingRequest",
    "offboardingSuccess",
  ]);
});
