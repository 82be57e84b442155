import type { Resource } from "../artifacts/shipment.ts";
import { type Charge, everybody, type Idle, type Sharers } from "./charge.ts";
import { shieldAdvanced } from "./components/edge.ts";
import { costOfRegionTraffic } from "./components/network.ts";
import type { CostLine, CostMark, UnpricedItem } from "./cost-line.ts";
import { consultedKinds, type CostModel, countNames, type ModelStack } from "./cost-model.ts";
import { isAssumed } from "./cost-settings.ts";
import {
  type Census,
  demandOf,
  demandOfTenant,
  tenantsOfCell,
  tenantsOfTier,
  withoutTraffic,
} from "./demand.ts";
import { microUsd } from "./money.ts";
import { type FoundPrice, type PriceList, unitSize } from "./prices/price-list.ts";
import { pricedKinds } from "./priced-kinds.ts";
import type { RegionFacts, Site } from "./site.ts";

export interface PricedStacks {
  readonly lines: readonly CostLine[];
  readonly unpriced: readonly UnpricedItem[];
}

/** A stack as it is priced: that of a cell which does not exist yet is one that does, with another number. */
interface PlacedStack extends ModelStack {
  readonly copies: number;
}

/** Every amount of a platform with so many tenants. */
export function priceStacks(model: CostModel, census: Census, prices: PriceList): PricedStacks {
  const stacks = placedStacks(model, census);
  const facts = new Map<string, RegionFacts>();
  const factsOf = (region: string): RegionFacts => {
    const known = facts.get(region) ?? regionFacts(region, stacks, census);
    facts.set(region, known);
    return known;
  };
  const lines: CostLine[] = [];
  const unpriced = unpricedList();
  const take = (outcome: ReturnType<typeof outcomesOf>[number]): void => {
    const { kind, placed, resource, type } = outcome;
    if (kind === "charge") {
      const line = toLine(outcome.charge, resource, placed, model, prices, census);
      if ("because" in line) unpriced.add(type, line.what, line.because, resource, placed.copies);
      else lines.push(line);
    } else unpriced.add(type, outcome.what, outcome.because, resource, placed.copies);
  };
  for (const placed of stacks) {
    const site = siteOf(placed, model, census, factsOf(placed.region));
    for (const outcome of outcomesOf(placed, site)) take(outcome);
  }
  for (const outcome of platformOutcomes(stacks, model, census, factsOf)) take(outcome);
  return { lines, unpriced: unpriced.list() };
}

type PlacedOutcome = {
  readonly placed: PlacedStack;
  readonly resource: string;
  readonly type: string;
} & (
  | { readonly kind: "charge"; readonly charge: Charge }
  | { readonly kind: "not-priced"; readonly what: string; readonly because: string }
);

function outcomesOf(placed: PlacedStack, site: Site): readonly PlacedOutcome[] {
  return placed.resources.flatMap((resource): readonly PlacedOutcome[] => {
    const about = { placed, resource: keyOf(resource, placed), type: resource.type };
    const costOf = pricedKinds.get(resource.type);
    if (costOf === undefined) {
      return consultedKinds.has(resource.type)
        ? []
        : [
            {
              ...about,
              kind: "not-priced",
              what: resource.type,
              because: "this type of resource has no price yet",
            },
          ];
    }
    return costOf(resource, site).flatMap((outcome): readonly PlacedOutcome[] => {
      // What nobody uses at all, such as traffic of a region that waits, is no line of a bill either.
      if (outcome.kind === "no-charge" || (outcome.kind === "charge" && outcome.quantity === 0)) return [];
      return outcome.kind === "charge"
        ? [{ ...about, kind: "charge", charge: outcome }]
        : [{ ...about, kind: "not-priced", what: outcome.what, because: outcome.because }];
    });
  });
}

/** What is charged for by region or by platform, and no single resource is. */
function platformOutcomes(
  stacks: readonly PlacedStack[],
  model: CostModel,
  census: Census,
  factsOf: (region: string) => RegionFacts,
): readonly PlacedOutcome[] {
  const { region, recovery } = model.platform;
  const traffic = [region, ...(recovery === null ? [] : [recovery.region])].flatMap((one) => {
    if (!stacks.some((stack) => stack.region === one)) return [];
    const placed = noStack(one, one === region ? "primary" : "recovery");
    return costOfRegionTraffic(siteOf(placed, model, census, factsOf(one))).map((charge) =>
      ofNoResource(placed, `region ${one}`, charge),
    );
  });
  return model.facts.hasShieldAdvanced
    ? [...traffic, ofNoResource(noStack(region, "primary"), "organization", shieldAdvanced)]
    : traffic;
}

function ofNoResource(placed: PlacedStack, resource: string, charge: Charge): PlacedOutcome {
  return { placed, resource, type: resource, kind: "charge", charge };
}

function noStack(region: string, role: PlacedStack["role"]): PlacedStack {
  return { id: region, region, role, cell: null, tier: null, resources: [], counts: new Map(), copies: 1 };
}

function placedStacks({ shared, tenantStacks }: CostModel, census: Census): readonly PlacedStack[] {
  const known = new Set(shared.map(({ cell }) => cell));
  const last = Math.max(...shared.map(({ cell }) => cell ?? 0));
  const added = census
    .filter(({ cell }) => !known.has(cell))
    .flatMap(({ cell }) =>
      shared
        .filter((stack) => stack.cell === last)
        .map((stack) => ({ ...stack, cell, id: stack.id.replace(/\d+$/, String(cell)), copies: 1 })),
    );
  const ofTenants = tenantStacks.map((stack) => ({
    ...stack,
    copies: stack.tier === null ? 0 : tenantsOfTier(census, stack.tier),
  }));
  return [
    ...shared.map((stack) => ({ ...stack, copies: 1 })),
    ...added,
    ...ofTenants.filter(({ copies }) => copies > 0),
  ];
}

function regionFacts(region: string, stacks: readonly PlacedStack[], census: Census): RegionFacts {
  const here = stacks.filter((stack) => stack.region === region);
  const count = (name: string): number =>
    here.reduce((sum, { counts, copies }) => sum + (counts.get(name) ?? 0) * copies, 0);
  const rules = "AWS::ElasticLoadBalancingV2::ListenerRule";
  const sharedRules = here
    .filter(({ tier }) => tier === null)
    .reduce((sum, { counts }) => sum + (counts.get(rules) ?? 0), 0);
  const rulesOfTier = (tier: string): number =>
    here
      .filter((stack) => stack.tier === tier)
      .reduce((sum, { counts }) => sum + (counts.get(rules) ?? 0), 0);
  return {
    resources: count(countNames.all),
    services: count("AWS::ECS::Service"),
    natGateways: count("AWS::EC2::NatGateway"),
    interfaceEndpoints: count(countNames.interfaceEndpoints),
    vpcs: count("AWS::EC2::VPC"),
    databaseCores: count(countNames.databaseCores),
    hasContainerInsights: count(countNames.insights) > 0,
    listenerRules: (cell) => {
      const tenants = [...(census.find((one) => one.cell === cell)?.tenants ?? [])];
      const own = tenants.reduce((sum, [tier, count]) => sum + rulesOfTier(tier) * count, 0);
      return own + sharedRules / Math.max(1, census.length);
    },
  };
}

function siteOf(placed: PlacedStack, model: CostModel, census: Census, inRegion: RegionFacts): Site {
  const { platform, settings } = model;
  const isStandby = placed.role === "recovery" && platform.recovery?.strategy !== "active-active";
  return {
    platform,
    usage: settings.usage,
    region: placed.region,
    isStandby,
    cell: placed.cell,
    isTenants: placed.tier !== null,
    peers: placed.resources,
    demand: (sharers) => {
      const demand =
        placed.tier === null ? demandOf(settings, census, sharers) : demandOfTenant(settings, placed.tier);
      // Who asks, asks the primary region: what is active in two is counted once.
      return placed.role === "recovery" ? withoutTraffic(demand) : demand;
    },
    inRegion,
    inPlatform: model.facts,
  };
}

function keyOf(resource: Resource, placed: PlacedStack): string {
  return `${placed.id}/${resource.logicalId}`;
}

function toLine(
  charge: Charge,
  resource: string,
  placed: PlacedStack,
  model: CostModel,
  prices: PriceList,
  census: Census,
): CostLine | { readonly what: string; readonly because: string } {
  const region = charge.region ?? placed.region;
  const found = prices.find(region, charge.priced);
  if (found === null) {
    const { service, item } = charge.priced;
    return { what: `${service}: ${item}`, because: `the price list has no price of it in ${region}` };
  }
  const { price } = found;
  const quantity = charge.quantity / unitSize(price.unit);
  const monthlyMicroUsd = microUsd(quantity * price.usd);
  const sharers: Sharers =
    charge.sharers ??
    (placed.cell === null || placed.tier !== null ? everybody : { kind: "cell", cell: placed.cell });
  const idle = placed.tier === null ? idleOf(charge, placed, model, census) : null;
  return {
    component: charge.component,
    resource,
    item: charge.priced.item,
    region,
    role: placed.role,
    tier: placed.tier,
    copies: placed.copies,
    quantity,
    unit: price.unit,
    unitPriceUsd: price.usd,
    monthlyMicroUsd,
    nature: charge.nature,
    basis: charge.basis,
    assumes: charge.assumes,
    marks: marksOf(charge, found, model),
    caution: charge.caution ?? null,
    price: { asOf: price.asOf, source: price.source, confidence: price.confidence, region: price.region },
    sharers,
    idle:
      idle === null
        ? null
        : { monthlyMicroUsd: Math.round(monthlyMicroUsd * idle.part), because: idle.because },
  };
}

/** A region that waits is idle as a whole, but for the data that is kept there. Then slots of cells, then tasks. */
function idleOf(
  charge: Charge,
  placed: PlacedStack,
  { platform, settings }: CostModel,
  census: Census,
): Idle | null {
  if (charge.nature === "usage") return null;
  if (placed.role === "recovery" && platform.recovery?.strategy !== "active-active") {
    return { part: 1, because: "standby-region" };
  }
  if (placed.cell !== null && settings.tiers.size > 0) {
    const part = Math.max(0, 1 - tenantsOfCell(census, placed.cell) / settings.capacity);
    return part === 0 ? null : { part, because: "free-slots" };
  }
  return charge.idle ?? null;
}

function marksOf(
  charge: Charge,
  { price, isOtherRegion }: FoundPrice,
  { settings }: CostModel,
): readonly CostMark[] {
  const ofPrice = {
    "price-list": null,
    seen: null,
    "old-snapshot": "old-price",
    uncertain: "unsure-price",
    "from-memory": "from-memory",
  } as const;
  const mark = ofPrice[price.confidence];
  return [
    ...(charge.assumes.some((key) => isAssumed(settings, key)) ? (["assumed"] as const) : []),
    ...(mark === null ? [] : [mark]),
    ...(isOtherRegion ? (["other-region"] as const) : []),
    ...(charge.caution === undefined ? [] : (["caution"] as const)),
  ];
}

/** So many resources are named for each thing that has no price. */
const namedMax = 3;

function unpricedList() {
  const items = new Map<string, UnpricedItem>();
  return {
    add: (type: string, what: string, because: string, resource: string, count: number): void => {
      const key = `${type}\n${what}\n${because}`;
      const before = items.get(key);
      const resources = before?.resources ?? [];
      items.set(key, {
        type,
        what,
        because,
        count: (before?.count ?? 0) + count,
        resources: resources.length < namedMax ? [...resources, resource] : resources,
      });
    },
    list: (): readonly UnpricedItem[] => [...items.values()],
  };
}
