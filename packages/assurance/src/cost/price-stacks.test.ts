import { expect, test } from "vitest";
import { fargateService, pricedShipment, type Written } from "../../test/priced-shipment.ts";
import { estimateCost } from "./estimate-cost.ts";
import { freeKinds } from "./free-kinds.ts";
import { pricedKinds } from "./priced-kinds.ts";

/** The estimate of one shared stack. */
function estimateOf(resources: readonly Written[], more: Parameters<typeof pricedShipment>[0] = {}) {
  return estimateCost(pricedShipment({ shared: [{ id: "data", resources }], ...more }));
}

/** Item, quantity and dollars of each line, but for what the region is charged for. */
function rowsOf(estimate: ReturnType<typeof estimateOf>) {
  return estimate.lines
    .filter(({ resource }) => !resource.startsWith("region "))
    .map(({ item, quantity, monthlyMicroUsd }) => [item, quantity, monthlyMicroUsd / 1e6]);
}

test("no type is both priced and free, and each free one has a reason", () => {
  expect([...pricedKinds.keys()].filter((type) => freeKinds.has(type))).toEqual([]);
  for (const because of freeKinds.values()) expect(because.length).toBeGreaterThan(8);
});

test("a type that nobody knows is not priced, counted with every tenant's, and in no sum", () => {
  const unknown: Written = ["AWS::Redshift::Cluster", { NumberOfNodes: 2 }];
  const estimate = estimateOf([unknown, unknown], {
    tiers: { silo: { resources: [unknown] } },
    tenants: { one: ["silo"], two: ["silo"], three: ["silo"] },
    usage: { egressGiBPerTenant: 0, crossZoneGiBPerTenant: 0, keyRequestsPerRequest: 0 },
  });
  expect(estimate.unpriced).toEqual([
    {
      type: "AWS::Redshift::Cluster",
      what: "AWS::Redshift::Cluster",
      because: "this type of resource has no price yet",
      count: 5,
      resources: ["data/Cluster0", "data/Cluster1", "tenant-silo/Cluster0"],
    },
  ]);
  expect(estimate.monthlyMicroUsd).toBe(0);
});

test("what the price list does not have is not priced either, and never free", () => {
  const estimate = estimateOf([["AWS::DocDB::DBInstance", { DBInstanceClass: "db.x9.huge" }]]);
  expect(rowsOf(estimate)).toEqual([]);
  expect(estimate.unpriced).toMatchObject([
    { what: "docdb: db.x9.huge", because: "the price list has no price of it in us-east-1", count: 1 },
  ]);
});

test("the price of another region is marked, wherever it stands in", () => {
  const shared = [{ id: "data", region: "sa-east-1", resources: [["AWS::KMS::Key"] as const] }];
  const [line] = estimateCost(pricedShipment({ shared })).lines;
  expect(line).toMatchObject({
    region: "sa-east-1",
    marks: ["other-region"],
    price: { region: "us-east-1" },
  });
});

test("a resource whose properties are not known is not priced", () => {
  const unknown = "⟨unknown:no parameter⟩";
  const estimate = estimateOf([
    ["AWS::RDS::DBInstance", { Engine: "postgres", DBInstanceClass: unknown, AllocatedStorage: "20" }],
    ["AWS::ElastiCache::ReplicationGroup", { CacheNodeType: unknown }],
    ...fargateService("web", { Cpu: unknown }),
  ]);
  expect(rowsOf(estimate)).toEqual([]);
  expect(estimate.unpriced.map(({ because }) => because)).toEqual([
    "DBInstanceClass is not known",
    "CacheNodeType is not known",
    "Cpu or Memory of its task is not known",
  ]);
});

test("tasks are processors and memory, by the architecture that they run on", () => {
  const arm = { RuntimePlatform: { CpuArchitecture: "ARM64" }, Cpu: "512", Memory: "4096" };
  expect(rowsOf(estimateOf(fargateService("web", arm)))).toEqual([
    ["Linux ARM vCPU", 2 * 0.5 * 730, 23.6374],
    ["Linux ARM memory", 2 * 4 * 730, 20.7904],
  ]);
});

test("storage of a task above 20 GiB is charged for", () => {
  const rows = rowsOf(estimateOf(fargateService("web", { EphemeralStorage: { SizeInGiB: 50 } })));
  expect(rows.at(-1)).toEqual(["Ephemeral storage above 20 GB", 2 * 30 * 730, 4.8618]);
});

test("the part of the tasks that is on Spot has the price of Spot, and that of ARM is no more than on demand", () => {
  const mixed = {
    CapacityProviderStrategy: [
      { CapacityProvider: "FARGATE", Weight: 1 },
      { CapacityProvider: "FARGATE_SPOT", Weight: 3 },
    ],
  };
  const rows = rowsOf(estimateOf(fargateService("web", {}, mixed)));
  expect(rows.map(([item, quantity]) => [item, quantity])).toEqual([
    ["Linux x86 vCPU", 0.5 * 730],
    ["Linux x86 memory", 730],
    ["Spot Linux x86 vCPU", 1.5 * 730],
    ["Spot Linux x86 memory", 3 * 730],
  ]);
  const [first, second] = mixed.CapacityProviderStrategy;
  const based = { CapacityProviderStrategy: [{ ...first, Base: 1 }, { ...second }] };
  // One of the two tasks is the base, and a quarter of the other beside it.
  expect(rowsOf(estimateOf(fargateService("web", {}, based))).map(([, quantity]) => quantity)).toEqual([
    1.25 * 730,
    2.5 * 730,
    0.75 * 730,
    1.5 * 730,
  ]);
  const arm = estimateOf(fargateService("web", { RuntimePlatform: { CpuArchitecture: "ARM64" } }, mixed));
  expect(arm.lines.filter(({ marks }) => marks.includes("caution"))).toMatchObject([
    { item: "Linux ARM vCPU", quantity: 1.5 * 730 },
    { item: "Linux ARM memory" },
  ]);
});

test("a service on machines of its own is not priced as if it ran on Fargate", () => {
  const machines = { CapacityProviderStrategy: [{ CapacityProvider: "machines", Weight: 1 }] };
  const estimate = estimateOf(fargateService("web", {}, machines));
  expect(estimate.unpriced).toMatchObject([{ what: "tasks", count: 1 }]);
});

test("what goes to the internet costs less by the GiB the more it is", () => {
  const { lines } = estimateOf([["AWS::KMS::Key"]], { usage: { egressGiBPerTenant: 60 * 1024 } });
  const egress = lines.filter(({ item }) => item.startsWith("Internet egress"));
  expect(egress.map(({ quantity, unitPriceUsd }) => [quantity, unitPriceUsd])).toEqual([
    [10 * 1024, 0.09],
    [40 * 1024, 0.085],
    [10 * 1024, 0.07],
  ]);
});

test("a load balancer is charged for that of which it uses most", () => {
  const balancer: Written = [
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    { Scheme: "internal", Subnets: ["a", "b"] },
  ];
  const unitsOf = (usage: Readonly<Record<string, number>>) => {
    const line = estimateOf([balancer], { usage }).lines.find(({ item }) => item === "ALB LCU");
    return [line?.quantity.toFixed(3), line?.basis.split("; ")[1]];
  };
  expect(unitsOf({ egressGiBPerTenant: 7300 })).toEqual(["7300.000", "most in bytes"]);
  const many = { egressGiBPerTenant: 0, requestsPerTenant: 2_628_000_000, requestsPerConnection: 1 };
  // 1,000 connections a second are 40 units.
  expect(unitsOf(many)).toEqual([(40 * 730).toFixed(3), "most in new connections"]);
});

test("tenants' rules at a load balancer count towards its units", () => {
  const rules = Array.from({ length: 4 }, (): Written => ["AWS::ElasticLoadBalancingV2::ListenerRule"]);
  const tenants = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`t${index}`, ["silo", 1] as const]),
  );
  const { lines } = estimateCost(
    pricedShipment({
      shared: [{ id: "cell-1", cell: 1, resources: [["AWS::ElasticLoadBalancingV2::LoadBalancer"]] }],
      tiers: { silo: { resources: rules } },
      tenants,
      usage: { requestsPerTenant: 2_628_000, egressGiBPerTenant: 0 },
    }),
  );
  // 50 requests a second, each held against half of 200 rules, the first ten of which are free.
  const units = lines.find(({ item }) => item === "ALB LCU");
  expect([units?.quantity.toFixed(3), units?.basis.split("; ")[1]]).toEqual([
    (((50 * (100 - 10)) / 1000) * 730).toFixed(3),
    "most in evaluated rules",
  ]);
});

test("a database in two zones costs twice, and one whose rows need more than is allocated costs what they need", () => {
  const instance = (more: object): Written => [
    "AWS::RDS::DBInstance",
    {
      Engine: "postgres",
      DBInstanceClass: "db.t3.small",
      AllocatedStorage: "20",
      StorageType: "gp3",
      ...more,
    },
  ];
  expect(rowsOf(estimateOf([instance({ MultiAZ: true })]))).toEqual([
    ["PostgreSQL db.t3.small Single-AZ", 1460, 52.56],
    ["Storage gp3", 40, 4.6],
  ]);
  const large = estimateOf([instance({})], { usage: { databaseGiBPerTenant: 50 } });
  expect(rowsOf(large)[1]).toEqual(["Storage gp3", 50, 5.75]);
  expect(large.lines[1]?.assumes).toEqual(["databaseGiBPerTenant"]);
});

test("more operations a second than the storage has, and an I/O-Optimized cluster, cost more", () => {
  const rows = rowsOf(
    estimateOf([
      [
        "AWS::RDS::DBInstance",
        {
          Engine: "postgres",
          DBInstanceClass: "db.t3.small",
          AllocatedStorage: "20",
          StorageType: "gp3",
          Iops: 4000,
        },
      ],
      [
        "AWS::RDS::DBCluster",
        { Engine: "aurora-postgresql", DBClusterIdentifier: "fast", StorageType: "aurora-iopt1" },
      ],
      [
        "AWS::RDS::DBInstance",
        { Engine: "aurora-postgresql", DBInstanceClass: "db.t3.medium", DBClusterIdentifier: "fast" },
      ],
    ]),
  );
  expect(rows.slice(2)).toEqual([
    ["gp3 IOPS above 3,000", 1000, 20],
    // 5 GiB, and no reads and writes.
    ["Storage (I/O-Optimized)", 5, 1.125],
    ["Backup storage", expect.closeTo(5 * 0.2 * (1 / 30), 9), 0.0007],
    ["Aurora PostgreSQL db.t3.medium", 949, 77.818],
  ]);
});

test("engines and storage without a price are not taken for others", () => {
  const estimate = estimateOf([
    ["AWS::RDS::DBInstance", { Engine: "mysql", DBInstanceClass: "db.t3.small" }],
    ["AWS::RDS::DBCluster", { Engine: "aurora-mysql" }],
    [
      "AWS::RDS::DBInstance",
      { Engine: "aurora-postgresql", DBInstanceClass: "db.serverless", DBClusterIdentifier: "x" },
    ],
    [
      "AWS::RDS::DBInstance",
      { Engine: "postgres", DBInstanceClass: "db.t3.small", AllocatedStorage: "20", StorageType: "io2" },
    ],
    ["AWS::ElasticLoadBalancingV2::LoadBalancer", { Type: "network" }],
  ]);
  expect(estimate.unpriced).toHaveLength(5);
  expect(rowsOf(estimate)).toEqual([["PostgreSQL db.t3.small Single-AZ", 730, 26.28]]);
});

test("Shield Advanced is charged for where something is protected with it, once, and covers WAF at CloudFront", () => {
  const acl: Written = ["AWS::WAFv2::WebACL", { Scope: "CLOUDFRONT", Rules: [{ Name: "a" }] }];
  const withShield = estimateOf([acl, ["AWS::Shield::Protection"], ["AWS::Shield::Protection"]]);
  expect(rowsOf(withShield)).toEqual([["Advanced subscription", 1, 3000]]);
  expect(withShield.lines.find(({ component }) => component === "protection")?.caution).toContain(
    "one for all accounts",
  );
  expect(rowsOf(estimateOf([acl])).map(([item]) => item)).toEqual(["Web ACL", "Rule", "Requests"]);
});

test("a figure that somebody gave is not marked as assumed, a default is", () => {
  const log: Written = ["AWS::Logs::LogGroup", { LogGroupName: "x", RetentionInDays: 30 }];
  expect(estimateOf([log]).lines[0]?.marks).toEqual(["assumed"]);
  expect(estimateOf([log], { usage: { logGiBPerStore: 3 } }).lines[0]?.marks).toEqual([]);
});

test("logs without an end, and buckets that keep every version, are counted for a year", () => {
  const rows = rowsOf(
    estimateOf(
      [
        ["AWS::Logs::LogGroup", { LogGroupName: "x" }],
        [
          "AWS::S3::Bucket",
          { BucketName: "shop-production-files", VersioningConfiguration: { Status: "Enabled" } },
        ],
      ],
      { stores: { files: { kind: "bucket", bucket: "shop-production-files" } } },
    ),
  );
  expect(rows[1]).toEqual(["Logs storage", 365 / 30, 0.365]);
  expect(rows[2]?.[1]).toBeCloseTo(10 * (1 + 0.2 * (365 / 30)), 6);
});

test("what makes no sense in an edited platform.json is a problem and not a figure", () => {
  const shipment = pricedShipment({
    shared: [{ id: "data", resources: [["AWS::KMS::Key"]] }],
    usage: { requestsPerTenant: -5, egressGiBPerTenant: Number.NaN },
    tiers: { constructor: { monthlyPriceUsd: 1e300, usage: { storageGiBPerTenant: -1 } } },
    tenants: { a: ["constructor"], b: ["__proto__"], c: ["nobody"] },
    allocation: { keys: "by-chance" },
  });
  const estimate = estimateCost(shipment);
  expect(estimate.problems.map(({ missing }) => missing.split(" ")[0])).toEqual([
    "cost.usage.requestsPerTenant",
    "cost.usage.egressGiBPerTenant",
    "tiers.constructor.monthlyPriceUsd",
    "tiers.constructor.usage.storageGiBPerTenant",
  ]);
  expect(estimate.tenants.map(({ priceMicroUsd }) => priceMicroUsd)).toEqual([null, null, null]);
});
