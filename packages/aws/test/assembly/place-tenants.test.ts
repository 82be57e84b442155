// Goal: what a tenant is stamped with follows from the tenant and its placement, and from nobody else.
import type { Platform } from "@tenantry/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeTenants, type TierTemplate } from "../../src/assembly/place-tenants.ts";
import { platformWith } from "../test-stack.ts";

const templates: readonly TierTemplate[] = (["primary", "recovery"] as const).map((role) => ({
  tier: "silo",
  role,
  region: role === "primary" ? "us-east-1" : "us-west-2",
  template: role === "primary" ? "tenant-silo.template.json" : "recovery-tenant-silo.template.json",
  parameters: {
    TenantId: { kind: "tenant-id" },
    TenantUsername: { kind: "username" },
    CostCenter: { kind: "cost-center" },
    Hosts: { kind: "hosts", patterns: ["{tenant}.example.com"] },
    MainHost: { kind: "main-host", pattern: "{tenant}.example.com" },
    CellListenerArn: { kind: "cell-value", value: "listener-arn" },
    PriorityApp: { kind: "priority", index: 0, count: 2 },
    PriorityApi: { kind: "priority", index: 1, count: 2 },
  },
}));
const withTenants = (tenants: object): Platform =>
  platformWith({
    services: { app: { kind: "service", image: "nginx:latest", route: "/" } },
    tiers: { silo: { services: { app: "silo" } }, pool: {} },
    cells: { capacity: 3 },
    tenants,
  });

test("a tenant's stacks carry its id, hosts, cell and place in the listener", () => {
  const platform = withTenants({
    "acme-corp": "silo",
    "globex-inc": { tier: "silo", costCenter: "4711", domains: ["globex.com"], tags: { Plan: "gold" } },
    "initech-llc": "pool",
    "umbrella-co": "silo",
    "wayne-corp": "silo",
  });
  const { tenants } = placeTenants(platform, templates);
  expect(tenants["globex-inc"]?.stacks[0]).toEqual({
    role: "primary",
    region: "us-east-1",
    stackName: "test-platform-production-tenant-globex-inc",
    template: "tenant-silo.template.json",
    parameters: {
      TenantId: "globex-inc",
      TenantUsername: "globex_inc",
      CostCenter: "4711",
      Hosts: "globex-inc.example.com,*.globex-inc.example.com,globex.com",
      MainHost: "globex-inc.example.com",
      CellListenerArn: "/test-platform/production/cells/1/listener-arn",
      PriorityApp: "3",
      PriorityApi: "4",
    },
    tags: { Plan: "gold" },
  });
  expect(tenants["initech-llc"]).toEqual({ tier: "pool", cell: 1, slot: 3, stacks: [] });
  expect(tenants["wayne-corp"]?.stacks.map(({ parameters }) => parameters["CellListenerArn"])).toEqual([
    "/test-platform/production/cells/2/listener-arn",
    "/test-platform/production/cells/2/listener-arn",
  ]);
});

describe("S5.17 adding, removing and reordering tenants", () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{2,8}(-[a-z0-9]{1,4})?$/), {
    minLength: 2,
    maxLength: 30,
  });

  test("changes nothing of what the others are stamped with", () => {
    fc.assert(
      fc.property(ids, fc.nat(), (all, seed) => {
        const tenants = Object.fromEntries(all.map((id) => [id, "silo"]));
        const platform = withTenants(tenants);
        const before = placeTenants(platform, templates);
        const removed = all[seed % all.length] ?? "";
        const { [removed]: gone, ...left } = platform.tenants;
        const shuffled = Object.fromEntries(Object.entries(left).toReversed());
        const after = placeTenants({ ...platform, tenants: shuffled }, templates);
        const { [removed]: _, ...others } = before.tenants;
        expect(gone?.id).toBe(removed);
        expect(JSON.stringify(sorted(after.tenants))).toBe(JSON.stringify(sorted(others)));
      }),
      { numRuns: 100 },
    );
  });

  test("gives no two rules of a cell one priority", () => {
    fc.assert(
      fc.property(ids, (all) => {
        const { tenants } = placeTenants(
          withTenants(Object.fromEntries(all.map((id) => [id, "silo"]))),
          templates,
        );
        const taken = Object.values(tenants).flatMap(({ cell, stacks }) =>
          [stacks[0]?.parameters["PriorityApp"], stacks[0]?.parameters["PriorityApi"]].map(
            (at) => `${cell}/${at}`,
          ),
        );
        expect(new Set(taken).size).toBe(all.length * 2);
      }),
      { numRuns: 50 },
    );
  });
});

const sorted = (record: object) => Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
