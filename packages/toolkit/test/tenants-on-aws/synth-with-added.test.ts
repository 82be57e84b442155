import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TenantPlacements } from "@tenantry/aws";
import { stableJson } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePlacement } from "../../src/tenants-on-aws/free-placement.ts";
import { synth } from "../../src/index.ts";
import { type MemoryStack, memoryCloud } from "../aws/memory-cloud.ts";
import { manualPorts } from "../manual-ports.ts";

const silos = new URL("../../../../platforms/tenant-silos/", import.meta.url);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-added-"));
  for (const file of ["tenantry.config.ts", "tenantry.lock.json"])
    await copyFile(new URL(file, silos), join(folder, file));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tenantStack = (
  tenant: string,
  slot: number,
  tags: object = {},
  status = "CREATE_COMPLETE",
): MemoryStack => ({
  name: `saas-platform-development-tenant-${tenant}`,
  status,
  tags: {
    "tenantry:platform": "saas-platform",
    "tenantry:environment": "development",
    "tenantry:stack": `tenant/${tenant}`,
    "tenantry:tenant": tenant,
    "tenantry:tier": "silo",
    "tenantry:cell": "1",
    "tenantry:slot": String(slot),
    "tenantry:declared": "no",
    ...tags,
  },
});

async function synthesized(out: string, stacks: readonly MemoryStack[] | null) {
  const cloud = stacks === null ? null : memoryCloud({ stacks });
  const request = { config: join(folder, "tenantry.config.ts"), environment: "development", out };
  await synth(request, { ...manualPorts(folder), cloud });
  const read = (path: string) => readFile(join(folder, out, path), "utf8");
  const { tenants } = JSON.parse(await read("placement.json")) as TenantPlacements;
  return {
    tenants,
    manifest: await read("cloudformation/manifest.json"),
    lock: await readFile(join(folder, "tenantry.lock.json"), "utf8"),
  };
}

test("added tenants are among what is synthesized with a look into AWS, and change nothing for anybody else", async () => {
  const lock = await readFile(join(folder, "tenantry.lock.json"), "utf8");
  const offline = await synthesized("offline", null);
  const online = await synthesized("online", [
    tenantStack("umbrella-co", 7),
    tenantStack("half-made", 8, {}, "ROLLBACK_COMPLETE"),
    tenantStack("on-its-way-out", 9, {}, "DELETE_FAILED"),
    tenantStack("declared-before", 10, { "tenantry:declared": "yes" }),
  ]);
  expect(offline.lock).toBe(lock);
  expect(online.lock).toBe(lock);
  expect(online.manifest).toBe(offline.manifest);
  const { "umbrella-co": added, ...others } = online.tenants;
  expect(stableJson(others)).toBe(stableJson(offline.tenants));
  expect(added).toMatchObject({ tier: "silo", cell: 1, slot: 7 });
  expect(added?.stacks.map(({ stackName, tags }) => [stackName, tags])).toEqual([
    ["saas-platform-development-tenant-umbrella-co", { "tenantry:declared": "no" }],
  ]);
  expect(
    Object.values(others).flatMap(({ stacks }) => stacks.map(({ tags }) => tags["tenantry:declared"])),
  ).toEqual([undefined, undefined, undefined]);
});

test("an added tenant whose tags somebody has changed, or whose slot the lock gives away, is not guessed at", async () => {
  await expect(
    synthesized("a", [tenantStack("umbrella-co", 7, { "tenantry:slot": "seven" })]),
  ).rejects.toMatchObject({
    code: "TOOLKIT_TENANT_STACK_UNREADABLE",
  });
  await expect(synthesized("b", [tenantStack("umbrella-co", 2)])).rejects.toMatchObject({
    code: "MODEL_PLACEMENT_CONFLICT",
  });
  await expect(synthesized("c", [tenantStack("acme-corp", 5)])).rejects.toMatchObject({
    code: "MODEL_PLACEMENT_MOVED",
  });
  await expect(
    synthesized("d", [tenantStack("umbrella-co", 7, { "tenantry:tier": "gold" })]),
  ).rejects.toMatchObject({
    code: "TOOLKIT_TENANT_TIER_GONE",
  });
});

test("the lowest free slot of the first cell with room is found, and none where every cell is full", () => {
  const at = (cell: number, ...slots: readonly number[]) => slots.map((slot) => ({ cell, slot }));
  expect(freePlacement([], [1], 2)).toEqual({ cell: 1, slot: 1 });
  expect(freePlacement([...at(1, 1, 3)], [1], 3)).toEqual({ cell: 1, slot: 2 });
  expect(freePlacement([...at(1, 1, 2), ...at(2, 2)], [2, 1], 2)).toEqual({ cell: 2, slot: 1 });
  expect(freePlacement([...at(1, 1, 2)], [1], 2)).toBeNull();
  // A tenant beyond the capacity takes no slot within it.
  expect(freePlacement([...at(1, 1, 9)], [1], 2)).toEqual({ cell: 1, slot: 2 });
  expect(freePlacement([...at(1, 1, 2), ...at(2, 1, 2)], null, 2)).toEqual({ cell: 3, slot: 1 });
});
