import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  fargateService,
  pricedShipment,
  type ShipmentPlan,
  type Written,
} from "../../test/priced-shipment.ts";
import { compareCosts } from "./compare-costs.ts";
import { type CostEstimate, estimateCost } from "./estimate-cost.ts";

const balancer: Written = ["AWS::ElasticLoadBalancingV2::LoadBalancer", { Subnets: ["a", "b"] }];
const cluster = (name: string): Written => [
  "AWS::RDS::DBCluster",
  { Engine: "aurora-postgresql", DBClusterIdentifier: `shop-production-${name}`, BackupRetentionPeriod: 7 },
];
const secret: Written = ["AWS::SecretsManager::Secret"];

/** What tests are about: things shared by all, by those of a store, by those of a cell, and things of tenants. */
const resources = fc.constantFrom<Written>(
  ["AWS::KMS::Key"],
  ["AWS::EC2::NatGateway"],
  ["AWS::CloudWatch::Alarm"],
  ["AWS::GuardDuty::Detector", { Features: [{ Name: "S3_DATA_EVENTS" }] }],
  ["AWS::Config::ConfigurationRecorder"],
  ["AWS::Logs::LogGroup", { LogGroupName: "/x", RetentionInDays: 30 }],
  ["AWS::S3::Bucket", { BucketName: "shop-production-files" }],
  ["AWS::Mystery::Thing"],
  cluster("main"),
  balancer,
  secret,
);

const tierNames = ["pool", "bridge", "silo"] as const;
const plans: fc.Arbitrary<ShipmentPlan> = fc
  .record({
    foundation: fc.array(resources, { maxLength: 6 }),
    data: fc.array(resources, { maxLength: 6 }),
    cell: fc.array(resources, { maxLength: 3 }),
    waiting: fc.array(resources, { maxLength: 4 }),
    own: fc.array(resources, { minLength: 1, maxLength: 4 }),
    tenants: fc.array(fc.tuple(fc.constantFrom(...tierNames), fc.integer({ min: 1, max: 3 })), {
      maxLength: 12,
    }),
    requests: fc.nat({ max: 100_000_000 }),
    weight: fc.nat({ max: 9 }),
    key: fc.constantFrom("equally", "by-weight", "by-requests", "by-storage", "by-egress"),
    capacity: fc.integer({ min: 1, max: 20 }),
    strategy: fc.constantFrom("pilot-light", "active-active"),
  })
  .map(({ foundation, data, cell, waiting, own, tenants, requests, weight, key, capacity, strategy }) => ({
    shared: [
      { id: "foundation", resources: foundation },
      { id: "data", resources: [...data, ...fargateService("web")] },
      { id: "cell-1", cell: 1, resources: cell },
      { id: "recovery-data", region: "us-west-2", role: "recovery", resources: waiting },
    ],
    recovery: { region: "us-west-2", strategy },
    services: ["web"],
    stores: { main: { kind: "postgres" }, files: { kind: "bucket", bucket: "shop-production-files" } },
    tiers: {
      pool: { monthlyPriceUsd: 29, costWeight: weight },
      bridge: { usage: { requestsPerTenant: requests }, resources: [secret] },
      silo: { services: { web: "silo" }, stores: { main: "silo" }, monthlyPriceUsd: 900, resources: own },
    },
    tenants: Object.fromEntries(tenants.map(([tier, at], index) => [`t${index}`, [tier, at]])),
    allocation: { network: key, databases: key, services: key },
    capacity,
  }));

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

function parts(estimate: CostEstimate) {
  const { components, regions, split, lines, tenants, idle, fixedMicroUsd, usageMicroUsd } = estimate;
  return {
    components: sum(components.map(({ monthlyMicroUsd }) => monthlyMicroUsd)),
    regions: sum(regions.map(({ monthlyMicroUsd }) => monthlyMicroUsd)),
    lines: sum(lines.map(({ monthlyMicroUsd, copies }) => monthlyMicroUsd * copies)),
    split: sum(Object.values(split)),
    bearers:
      sum(tenants.map(({ totalMicroUsd }) => totalMicroUsd)) +
      sum(idle.map(({ monthlyMicroUsd }) => monthlyMicroUsd)) +
      split.unallocatedMicroUsd,
    natures: fixedMicroUsd + usageMicroUsd,
  };
}

describe("every estimate", () => {
  it("adds up: components, regions, lines, and who bears it are each the whole, to the last millionth", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const estimate = estimateCost(pricedShipment(plan));
        for (const part of Object.values(parts(estimate))) expect(part).toBe(estimate.monthlyMicroUsd);
      }),
    );
  });

  it("has no amount below nothing", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { lines, tenants, idle, tiers, split } = estimateCost(pricedShipment(plan));
        const amounts = [
          ...lines.map(({ monthlyMicroUsd }) => monthlyMicroUsd),
          ...tenants.flatMap(({ directMicroUsd, sharedMicroUsd, platformMicroUsd }) => [
            directMicroUsd,
            sharedMicroUsd,
            platformMicroUsd,
          ]),
          ...idle.map(({ monthlyMicroUsd }) => monthlyMicroUsd),
          ...tiers.map(({ nextMicroUsd }) => nextMicroUsd),
          ...Object.values(split),
        ];
        expect(Math.min(0, ...amounts)).toBe(0);
      }),
    );
  });

  it("is never cheaper with one more tenant, and says in advance what that tenant adds", () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(...tierNames), (plan, tier) => {
        const before = estimateCost(pricedShipment(plan));
        const next = before.tiers.find((one) => one.tier === tier);
        // The model puts the next tenant into the first cell with room; so does the plan, where that is cell 1.
        const inFirst = Object.values(plan.tenants ?? {}).filter(([, cell]) => cell === 1).length;
        const after = estimateCost(
          pricedShipment({ ...plan, tenants: { ...plan.tenants, another: [tier, 1] } }),
        );
        expect(after.monthlyMicroUsd).toBeGreaterThanOrEqual(before.monthlyMicroUsd);
        if (inFirst < (plan.capacity ?? 0)) {
          expect(next?.nextMicroUsd).toBe(after.monthlyMicroUsd - before.monthlyMicroUsd);
        }
      }),
    );
  });

  it("does not depend on the order of tenants, nor on their names beyond a millionth", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const turned = Object.fromEntries(Object.entries(plan.tenants ?? {}).reverse());
        const [one, other] = [plan, { ...plan, tenants: turned }].map((each) =>
          estimateCost(pricedShipment(each)),
        );
        const byId = (estimate: CostEstimate | undefined) =>
          new Map(estimate?.tenants.map((tenant) => [tenant.id, tenant]));
        expect(byId(other)).toEqual(byId(one));
        expect(other?.monthlyMicroUsd).toBe(one?.monthlyMicroUsd);
      }),
    );
  });
});

test("an amount that is lost on the way to tenants would be noticed", () => {
  const estimate = estimateCost(pricedShipment({ shared: [{ id: "data", resources: [["AWS::KMS::Key"]] }] }));
  const [line] = estimate.lines;
  expect(parts({ ...estimate, lines: line === undefined ? [] : [{ ...line, copies: 2 }] }).lines).not.toBe(
    estimate.monthlyMicroUsd,
  );
});

describe("allocation", () => {
  const none = { egressGiBPerTenant: 0, crossZoneGiBPerTenant: 0, keyRequestsPerRequest: 0 };
  /** What each tenant bears of a NAT gateway, in dollars. */
  function sharesBy(key: string) {
    const { tenants } = estimateCost(
      pricedShipment({
        shared: [{ id: "foundation", resources: [["AWS::EC2::NatGateway"]] }],
        tiers: {
          small: {
            costWeight: 1,
            usage: { requestsPerTenant: 1000, storageGiBPerTenant: 0, databaseGiBPerTenant: 10 },
          },
          large: {
            costWeight: 3,
            usage: { requestsPerTenant: 9000, storageGiBPerTenant: 20, databaseGiBPerTenant: 30 },
          },
        },
        tenants: { a: ["small"], b: ["large"] },
        allocation: { network: key },
        usage: none,
      }),
    );
    return tenants.map(({ sharedMicroUsd }) => sharedMicroUsd / 1e6);
  }

  it.each([
    ["equally", 0.5],
    ["by-weight", 1 / 4],
    ["by-requests", 1 / 10],
    ["by-storage", 10 / 60],
  ])("%s", (key, part) => {
    const [a = 0, b = 0] = sharesBy(key);
    expect(a).toBeCloseTo(32.85 * part, 5);
    expect(a + b).toBeCloseTo(32.85, 9);
  });

  it("leaves out those who have what is shared to themselves", () => {
    const { tenants } = estimateCost(
      pricedShipment({
        shared: [{ id: "data", resources: [cluster("main")] }],
        stores: { main: { kind: "postgres" } },
        tiers: { pool: {}, silo: { stores: { main: "silo" } } },
        tenants: { a: ["pool"], b: ["silo"] },
        usage: none,
      }),
    );
    // 5 GiB at 0.10, four million reads and writes at 0.20 each, and what changes in 7 days; nothing of b's is in there.
    expect(tenants.map(({ sharedMicroUsd }) => sharedMicroUsd / 1e6)).toEqual([1.3049, 0]);
  });

  it("gives the cost of a cell to those who are in it, and tells apart the slots that nobody has", () => {
    const cells = [1, 2].map((cell) => ({ id: `cell-${cell}`, cell, resources: [balancer] }));
    const { tenants, idle } = estimateCost(
      pricedShipment({
        shared: cells,
        tiers: { pool: {} },
        tenants: { a: ["pool", 1], b: ["pool", 1], c: ["pool", 2] },
        capacity: 4,
        usage: { ...none, requestsPerTenant: 0 },
      }),
    );
    // A load balancer and its two addresses are 23.725 a month; half of the first cell and three quarters of the second are free.
    const cell = 730 * 0.0225 + 2 * 730 * 0.005;
    expect(tenants.map(({ sharedMicroUsd }) => sharedMicroUsd / 1e6)).toEqual([cell / 4, cell / 4, cell / 4]);
    expect(idle).toEqual([{ because: "free-slots", monthlyMicroUsd: cell * 1.25 * 1e6 }]);
  });

  it("tells apart a region that waits, and tasks that nobody needs", () => {
    const { idle, tenants } = estimateCost(
      pricedShipment({
        shared: [
          { id: "services", resources: fargateService("web", {}, { DesiredCount: 10 }) },
          { id: "recovery", region: "us-west-2", role: "recovery", resources: [["AWS::EC2::EIP"]] },
        ],
        recovery: { region: "us-west-2", strategy: "warm-standby" },
        services: ["web"],
        tiers: { pool: {} },
        tenants: { a: ["pool"] },
        // 10 requests a second on average, ten times that at the peak: 2 tasks of 50.
        usage: { ...none, requestsPerTenant: 26_280_000 },
      }),
    );
    const tasks = 10 * 730 * (0.04048 + 2 * 0.004445);
    expect(idle.map(({ because, monthlyMicroUsd }) => [because, (monthlyMicroUsd / 1e6).toFixed(4)])).toEqual(
      [
        ["tasks-above-need", (tasks * 0.8).toFixed(4)],
        ["standby-region", "3.6500"],
      ],
    );
    expect(tenants[0]?.sharedMicroUsd).toBeCloseTo(tasks * 0.2 * 1e6, -1);
  });

  it("leaves the cost of a platform without tenants to the platform", () => {
    const estimate = estimateCost(
      pricedShipment({ shared: [{ id: "foundation", resources: [["AWS::EC2::EIP"]] }], usage: none }),
    );
    expect(estimate.split).toMatchObject({ unallocatedMicroUsd: 3_650_000, sharedMicroUsd: 0 });
    expect(estimate.tiers).toEqual([]);
  });
});

describe("the next tenant", () => {
  const plan: ShipmentPlan = {
    shared: [{ id: "cell-1", cell: 1, resources: [balancer] }],
    tiers: { pool: {}, silo: { resources: [secret] } },
    tenants: { a: ["pool"], b: ["silo"] },
    usage: { requestsPerTenant: 0, egressGiBPerTenant: 0, crossZoneGiBPerTenant: 0, readsPerSecret: 0 },
  };

  it("adds what it has to itself where a cell has room", () => {
    const { tiers } = estimateCost(pricedShipment({ ...plan, capacity: 3 }));
    expect(tiers.map(({ nextMicroUsd, nextNeedsCell }) => [nextMicroUsd / 1e6, nextNeedsCell])).toEqual([
      [0, false],
      [0.4, false],
    ]);
  });

  it("adds a cell as well where none has", () => {
    const { tiers } = estimateCost(pricedShipment({ ...plan, capacity: 2 }));
    const cell = 730 * 0.0225 + 2 * 730 * 0.005;
    expect(tiers.map(({ nextMicroUsd, nextNeedsCell }) => [nextMicroUsd / 1e6, nextNeedsCell])).toEqual([
      [cell, true],
      [cell + 0.4, true],
    ]);
  });
});

describe("a comparison", () => {
  const plan: ShipmentPlan = { tiers: { pool: {} }, tenants: { a: ["pool"], b: ["pool"] } };
  const one = estimateCost(
    pricedShipment({ ...plan, shared: [{ id: "data", resources: [["AWS::KMS::Key"]] }] }),
  );
  const other = estimateCost(
    pricedShipment({
      ...plan,
      shared: [{ id: "data", resources: [["AWS::KMS::Key"], ["AWS::EC2::EIP"], ["AWS::Mystery::Thing"]] }],
    }),
  );

  it("says what a change adds, by component, and by tenant", () => {
    expect(compareCosts(one, other)).toMatchObject({
      changeMicroUsd: 3_650_000,
      perTenantMicroUsd: 1_825_000,
      components: [{ name: "network", before: 0, after: 3_650_000, changeMicroUsd: 3_650_000 }],
      unpriced: [{ what: "AWS::Mystery::Thing (AWS::Mystery::Thing)", side: "after" }],
    });
  });

  it("is the same the other way around, and nothing of an estimate with itself", () => {
    expect(compareCosts(other, one)).toMatchObject({
      changeMicroUsd: -3_650_000,
      unpriced: [{ side: "before" }],
    });
    expect(compareCosts(one, one)).toMatchObject({
      changeMicroUsd: 0,
      components: [],
      regions: [],
      unpriced: [],
    });
  });
});

test("the budget of the definition is told beside the estimate", () => {
  const shipment = pricedShipment({ shared: [{ id: "data", resources: [["AWS::KMS::Key"]] }] });
  expect(estimateCost(shipment).budgetMicroUsd).toBeNull();
  const definition = {
    ...shipment.definition,
    cost: { ...shipment.definition.cost, budget: { monthlyUsd: 500 } },
  };
  expect(estimateCost({ ...shipment, definition } as typeof shipment).budgetMicroUsd).toBe(500_000_000);
});

test("ten thousand tenants are estimated in seconds, for those of one tier are priced once", () => {
  const tenants = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => {
      const tier = tierNames[index % 3] ?? "pool";
      return [`tenant-${index}`, [tier, 1 + Math.floor(index / 90)] as const];
    }),
  );
  const shipment = pricedShipment({
    shared: [
      { id: "data", resources: [cluster("main"), ...fargateService("web")] },
      { id: "cell-1", cell: 1, resources: [balancer] },
    ],
    services: ["web"],
    stores: { main: { kind: "postgres" } },
    tiers: {
      pool: {},
      bridge: { resources: [secret] },
      silo: { resources: [...fargateService("web"), secret] },
    },
    tenants,
  });
  const before = performance.now();
  const { tenants: costs, lines } = estimateCost(shipment);
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(costs).toHaveLength(10_000);
  // A line for each template, and the lines of 112 cells.
  expect(lines.length).toBeLessThan(500);
});
