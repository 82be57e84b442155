import { costComponents } from "@tenantry/model";
import type { Shipment } from "../artifacts/shipment.ts";
import { type Allocation, allocate } from "./allocate.ts";
import type { CostComponent, UsageKey } from "./charge.ts";
import { type AllocationKey, componentTable } from "./component-table.ts";
import type { CostLine, CostMark, UnpricedItem } from "./cost-line.ts";
import { type CostModel, costModel } from "./cost-model.ts";
import { isAssumed, tierUsageKeys } from "./cost-settings.ts";
import { type Census, tenantsOfCell, tenantsOfTier } from "./demand.ts";
import { type MicroUsd, sumOfAmounts } from "./money.ts";
import { type PriceList, shippedPrices } from "./prices/price-list.ts";
import { priceStacks } from "./price-stacks.ts";

/** What a platform costs each month, on demand, before taxes, discounts and free tiers. */
export interface CostEstimate {
  readonly platform: string;
  readonly environment: string;
  readonly monthlyMicroUsd: MicroUsd;
  /** What is there without a single request, and what follows from use. */
  readonly fixedMicroUsd: MicroUsd;
  readonly usageMicroUsd: MicroUsd;
  /** What the definition says that a month may cost; null where it does not. */
  readonly budgetMicroUsd: MicroUsd | null;
  /** Those that cost anything, in the order of the table; their sum is the whole. */
  readonly components: readonly ComponentCost[];
  /** In the order of their cost; their sum is the whole. */
  readonly regions: readonly { readonly region: string; readonly monthlyMicroUsd: MicroUsd }[];
  /** Who bears it; the sum is the whole. */
  readonly split: CostSplit;
  readonly idle: Allocation["idle"];
  readonly tiers: readonly TierCost[];
  readonly tenants: Allocation["tenants"];
  readonly lines: readonly CostLine[];
  /** What costs money and is in none of these sums. */
  readonly unpriced: readonly UnpricedItem[];
  readonly assumptions: readonly Assumption[];
  /** What could not be read or resolved: with it the estimate may be wrong. */
  readonly problems: Shipment["problems"];
}

export interface ComponentCost {
  readonly component: CostComponent;
  readonly title: string;
  readonly monthlyMicroUsd: MicroUsd;
  readonly usageMicroUsd: MicroUsd;
  /** How it is split among tenants, and why so. */
  readonly allocation: AllocationKey;
  readonly marks: readonly CostMark[];
}

export interface CostSplit {
  readonly directMicroUsd: MicroUsd;
  readonly sharedMicroUsd: MicroUsd;
  readonly platformMicroUsd: MicroUsd;
  readonly idleMicroUsd: MicroUsd;
  readonly unallocatedMicroUsd: MicroUsd;
}

export interface TierCost {
  readonly tier: string;
  readonly tenants: number;
  readonly priceMicroUsd: MicroUsd | null;
  /** What all its tenants cost and pay together. */
  readonly totalMicroUsd: MicroUsd;
  readonly revenueMicroUsd: MicroUsd | null;
  /** What one more tenant adds to the whole. */
  readonly nextMicroUsd: MicroUsd;
  /** Whether it would need a cell that is not there yet, which is part of what it adds. */
  readonly nextNeedsCell: boolean;
}

/** A figure that the estimate is made from. */
export interface Assumption {
  readonly key: UsageKey;
  readonly value: number;
  /** Whether it is a default that nobody changed. */
  readonly isAssumed: boolean;
  /** Tiers that say another figure for their tenants. */
  readonly tiers: Readonly<Record<string, number>>;
}

/** Prices what a shipment would deploy. The list of prices is the one that comes with this package, unless another is given. */
export function estimateCost(shipment: Shipment, prices: PriceList = shippedPrices): CostEstimate {
  const model = costModel(shipment);
  const { settings, census } = model;
  const { lines, unpriced } = priceStacks(model, census, prices);
  const total = sumOf(lines);
  const allocation = allocate(lines, model.tenants, settings);
  const { tenants, idle, unallocatedMicroUsd } = allocation;
  const usageMicroUsd = sumOf(lines.filter(({ nature }) => nature === "usage"));
  return {
    platform: shipment.platform,
    environment: shipment.environment,
    monthlyMicroUsd: total,
    fixedMicroUsd: total - usageMicroUsd,
    usageMicroUsd,
    budgetMicroUsd: settings.budgetMicroUsd,
    components: componentCosts(lines, model),
    regions: regionCosts(lines),
    split: {
      directMicroUsd: tenants.reduce((sum, tenant) => sum + tenant.directMicroUsd, 0),
      sharedMicroUsd: tenants.reduce((sum, tenant) => sum + tenant.sharedMicroUsd, 0),
      platformMicroUsd: tenants.reduce((sum, tenant) => sum + tenant.platformMicroUsd, 0),
      idleMicroUsd: idle.reduce((sum, one) => sum + one.monthlyMicroUsd, 0),
      unallocatedMicroUsd,
    },
    idle,
    tiers: [...settings.tiers.keys()].map((tier) => tierCost(tier, total, allocation, model, prices)),
    tenants,
    lines,
    unpriced,
    assumptions: assumptionsOf(lines, model),
    problems: model.problems,
  };
}

function sumOf(lines: readonly CostLine[]): MicroUsd {
  return sumOfAmounts(lines.map(({ monthlyMicroUsd, copies }) => monthlyMicroUsd * copies));
}

function componentCosts(lines: readonly CostLine[], { settings }: CostModel): readonly ComponentCost[] {
  return costComponents.flatMap((component) => {
    const own = lines.filter((line) => line.component === component);
    if (own.length === 0) return [];
    return [
      {
        component,
        title: componentTable[component].title,
        monthlyMicroUsd: sumOf(own),
        usageMicroUsd: sumOf(own.filter(({ nature }) => nature === "usage")),
        allocation: settings.allocation.get(component) ?? componentTable[component].key,
        marks: [...new Set(own.flatMap(({ marks }) => marks))].sort(),
      },
    ];
  });
}

function regionCosts(lines: readonly CostLine[]): CostEstimate["regions"] {
  return [...new Set(lines.map(({ region }) => region))]
    .map((region) => ({ region, monthlyMicroUsd: sumOf(lines.filter((line) => line.region === region)) }))
    .sort((a, b) => b.monthlyMicroUsd - a.monthlyMicroUsd || (a.region < b.region ? -1 : 1));
}

function tierCost(
  tier: string,
  total: MicroUsd,
  { tenants }: Allocation,
  model: CostModel,
  prices: PriceList,
): TierCost {
  const own = tenants.filter((tenant) => tenant.tier === tier);
  const price = model.settings.tiers.get(tier)?.priceMicroUsd ?? null;
  const { census, needsCell } = withOneMore(model.census, tier, model.settings.capacity);
  return {
    tier,
    tenants: own.length,
    priceMicroUsd: price,
    totalMicroUsd: own.reduce((sum, tenant) => sum + tenant.totalMicroUsd, 0),
    revenueMicroUsd: price === null ? null : sumOfAmounts([price * own.length]),
    nextMicroUsd: sumOf(priceStacks(model, census, prices).lines) - total,
    nextNeedsCell: needsCell,
  };
}

/** The next tenant goes into the first cell that has room, and into a new one where none has. */
function withOneMore(
  census: Census,
  tier: string,
  capacity: number,
): { readonly census: Census; readonly needsCell: boolean } {
  const at = census.findIndex(({ cell }) => tenantsOfCell(census, cell) < capacity);
  if (at === -1) {
    const cell = Math.max(0, ...census.map((one) => one.cell)) + 1;
    return { census: [...census, { cell, tenants: new Map([[tier, 1]]) }], needsCell: true };
  }
  const grown = census.map((one, index) =>
    index === at
      ? { ...one, tenants: new Map(one.tenants).set(tier, (one.tenants.get(tier) ?? 0) + 1) }
      : one,
  );
  return { census: grown, needsCell: false };
}

/** The figures that something in the estimate depends on. */
function assumptionsOf(lines: readonly CostLine[], { settings, census }: CostModel): readonly Assumption[] {
  const used = new Set(lines.flatMap(({ assumes }) => assumes));
  // No amount follows from these, and yet how much of it is idle.
  if (lines.some(({ component, tier }) => component === "services" && tier === null)) {
    used.add("requestsPerSecondPerTask").add("peakFactor");
  }
  return (Object.keys(settings.usage) as UsageKey[])
    .filter((key) => used.has(key))
    .map((key) => ({
      key,
      value: settings.usage[key],
      isAssumed: isAssumed(settings, key),
      tiers: Object.fromEntries(tierFigures(key, settings, census)),
    }));
}

function tierFigures(
  key: UsageKey,
  { tiers }: CostModel["settings"],
  census: Census,
): readonly (readonly [tier: string, value: number])[] {
  const ofTier = tierUsageKeys.find((name) => name === key);
  if (ofTier === undefined) return [];
  return [...tiers].flatMap(([tier, { usage }]) => {
    const own = usage[ofTier];
    return own === undefined || tenantsOfTier(census, tier) === 0 ? [] : [[tier, own] as const];
  });
}
