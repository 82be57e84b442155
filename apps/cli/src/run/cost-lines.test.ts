import type { CostComparison, CostEstimate, CostLine } from "@tenantry/assurance/cost";
import { expect, test } from "vitest";
import { comparisonLines } from "./cost-comparison-lines.ts";
import { costLines } from "./cost-lines.ts";

const plain = (_style: unknown, text: string) => text;
const everything = { tenants: true, lines: true };

const line: CostLine = {
  component: "services",
  resource: "services/WebService",
  item: "Linux ARM vCPU",
  region: "us-east-1",
  role: "primary",
  tier: null,
  copies: 1,
  quantity: 2336,
  unit: "vCPU-hour",
  unitPriceUsd: 0.03238,
  monthlyMicroUsd: 75_639_680,
  nature: "fixed",
  basis: "3.2 tasks: MinCapacity 2 and 20 % of the way to MaxCapacity 8, each Cpu 1024",
  assumes: ["averageScalingPercent"],
  marks: ["assumed"],
  caution: null,
  price: { asOf: "2026-09-23", source: "a note", confidence: "seen", region: "us-east-1" },
  sharers: { kind: "service", name: "web" },
  idle: { monthlyMicroUsd: 51_000_000, because: "tasks-above-need" },
};
const perTenant: CostLine = {
  ...line,
  component: "secrets",
  resource: "tenant-silo/Secret",
  item: "Secret",
  tier: "silo",
  copies: 2,
  quantity: 1,
  unit: "secret-month",
  unitPriceUsd: 0.4,
  monthlyMicroUsd: 400_000,
  basis: "one secret",
  assumes: [],
  marks: ["other-region", "caution"],
  caution: "twice while it moves",
  idle: null,
};
const notification: CostLine = { ...line, component: "notifications", monthlyMicroUsd: 320, nature: "usage" };

const estimate: CostEstimate = {
  platform: "shop",
  environment: "production",
  monthlyMicroUsd: 76_440_000,
  fixedMicroUsd: 76_439_680,
  usageMicroUsd: 320,
  budgetMicroUsd: 50_000_000,
  components: [
    {
      component: "secrets",
      title: "Secrets",
      monthlyMicroUsd: 800_000,
      usageMicroUsd: 0,
      allocation: "equally",
      marks: ["caution", "other-region"],
    },
    {
      component: "services",
      title: "Services (Fargate)",
      monthlyMicroUsd: 75_639_680,
      usageMicroUsd: 0,
      allocation: "by-requests",
      marks: ["assumed"],
    },
    {
      component: "notifications",
      title: "Notifications",
      monthlyMicroUsd: 320,
      usageMicroUsd: 320,
      allocation: "equally",
      marks: ["assumed"],
    },
  ],
  regions: [{ region: "us-east-1", monthlyMicroUsd: 76_440_000 }],
  split: {
    directMicroUsd: 800_000,
    sharedMicroUsd: 24_639_680,
    platformMicroUsd: 320,
    idleMicroUsd: 51_000_000,
    unallocatedMicroUsd: 0,
  },
  idle: [{ because: "tasks-above-need", monthlyMicroUsd: 51_000_000 }],
  tiers: [
    {
      tier: "silo",
      tenants: 2,
      priceMicroUsd: 900_000_000,
      totalMicroUsd: 25_440_000,
      revenueMicroUsd: 1_800_000_000,
      nextMicroUsd: 12_400_000,
      nextNeedsCell: true,
    },
    {
      tier: "pool",
      tenants: 0,
      priceMicroUsd: null,
      totalMicroUsd: 0,
      revenueMicroUsd: null,
      nextMicroUsd: 0,
      nextNeedsCell: false,
    },
  ],
  tenants: ["acme-corp", "globex-inc"].map((id, index) => ({
    id,
    tier: "silo",
    directMicroUsd: 400_000,
    sharedMicroUsd: 12_319_840,
    platformMicroUsd: 160 + index,
    totalMicroUsd: 12_720_000 + index,
    priceMicroUsd: 900_000_000,
    marginMicroUsd: 887_280_000 - index,
  })),
  lines: [line, perTenant, notification],
  unpriced: [
    {
      type: "AWS::Redshift::Cluster",
      what: "AWS::Redshift::Cluster",
      because: "this type of resource has no price yet",
      count: 2,
      resources: ["data/Warehouse", "data/Archive"],
    },
  ],
  assumptions: [
    { key: "averageScalingPercent", value: 20, isAssumed: true, tiers: {} },
    { key: "requestsPerTenant", value: 5_000_000, isAssumed: false, tiers: { silo: 12_000_000 } },
    { key: "fileReadsPerRequest", value: 0.1, isAssumed: true, tiers: {} },
  ],
  problems: [{ subject: "data/Main", missing: "the parameter Size has no value" }],
};

const comparison: CostComparison = {
  before: 76_440_000,
  after: 288_840_000,
  changeMicroUsd: 212_400_000,
  perTenantMicroUsd: 410_000,
  tenants: { before: 517, after: 518 },
  components: [
    {
      name: "databases",
      title: "Databases (PostgreSQL)",
      before: 0,
      after: 219_000_000,
      changeMicroUsd: 219_000_000,
    },
    { name: "logs", title: "Logs", before: 8_000_000, after: 1_400_000, changeMicroUsd: -6_600_000 },
  ],
  regions: [],
  unpriced: [{ what: "restore tests (AWS::Backup::RestoreTestingPlan)", side: "after" }],
};

test("an estimate is told with what is missing first, and with tables that add up", async () => {
  const text = [...costLines(estimate, everything, plain), ...comparisonLines(comparison, "before", plain)];
  await expect(`${text.join("\n")}\n`).toMatchFileSnapshot("cost-lines.golden.txt");
  expect(text.every((one) => one === one.trimEnd())).toBe(true);
});

test("tenants and single amounts are told only where they are asked for", () => {
  const text = costLines(estimate, { tenants: false, lines: false }, plain).join("\n");
  expect(text).not.toContain("acme-corp");
  expect(text).not.toContain("services/WebService");
});

test("what is not priced is in a colour that nobody overlooks", () => {
  const painted = costLines(estimate, everything, (style, text) => `<${String(style)}>${text}`);
  expect(painted.find((one) => one.includes("not priced"))).toBe(
    "<yellow>! not priced, and in no sum: 2 things",
  );
});

test("a budget that is kept is no warning, and where there is none nothing is said of it", () => {
  const linesWith = (budgetMicroUsd: number | null) =>
    costLines({ ...estimate, budgetMicroUsd }, everything, (style, text) => `<${String(style)}>${text}`);
  expect(linesWith(100_000_000)).toContain("<dim>the budget is 100.00 USD");
  expect(linesWith(null).join()).not.toContain("budget");
  expect(linesWith(50_000_000)).toContain("<yellow>! the budget is 50.00 USD, which this is 26.44 above");
});

test("a change that saves says so, and one that costs nothing too", () => {
  const saved = {
    ...comparison,
    before: 300_000_000,
    after: 288_840_000,
    changeMicroUsd: -11_160_000,
    perTenantMicroUsd: null,
  };
  expect(comparisonLines(saved, "before", plain)[1]).toContain("this change saves 11.16 USD a month:");
  const none = { ...comparison, changeMicroUsd: 0, components: [], unpriced: [] };
  expect(comparisonLines(none, "before", plain)).toHaveLength(2);
});

test("an estimate of nothing is told without a division by it", () => {
  const nothing = {
    ...estimate,
    monthlyMicroUsd: 0,
    components: [],
    regions: [],
    lines: [],
    tenants: [],
    idle: [],
  };
  const split = {
    directMicroUsd: 0,
    sharedMicroUsd: 0,
    platformMicroUsd: 0,
    idleMicroUsd: 0,
    unallocatedMicroUsd: 0,
  };
  const text = costLines({ ...nothing, split }, everything, plain).join("\n");
  expect(text).toContain("total");
  expect(text).not.toContain("NaN");
});
