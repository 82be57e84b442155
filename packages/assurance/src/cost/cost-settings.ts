import { allocationKeys, costComponents, type Platform, usageDefaults } from "@tenantry/model";
import type { ShipmentProblem } from "../artifacts/shipment.ts";
import type { CostComponent, Sharers, Usage, UsageKey } from "./charge.ts";
import type { AllocationKey } from "./component-table.ts";
import { type MicroUsd, microUsd, usdMax } from "./money.ts";

/** What of a platform its cost is made from. Anybody may have edited it: what makes no sense is as if it were not said. */
export interface CostSettings {
  readonly usage: Usage;
  readonly allocation: ReadonlyMap<CostComponent, AllocationKey>;
  readonly tiers: ReadonlyMap<string, TierSettings>;
  /** What a month may cost; null where nobody says. */
  readonly budgetMicroUsd: MicroUsd | null;
  /** Tenants that a cell holds. */
  readonly capacity: number;
  /** What is said and makes no sense. */
  readonly problems: readonly ShipmentProblem[];
}

export interface TierSettings {
  /** Figures of the tier's own. */
  readonly usage: Readonly<Partial<Record<TierUsageKey, number>>>;
  /** Its share of what is split by weight. */
  readonly weight: number;
  readonly priceMicroUsd: MicroUsd | null;
  /** Services and stores that each of its tenants has to itself. */
  readonly ownServices: ReadonlySet<string>;
  readonly ownStores: ReadonlySet<string>;
}

/** Figures that a tier may say for its own tenants. */
export const tierUsageKeys = [
  "requestsPerTenant",
  "storageGiBPerTenant",
  "databaseGiBPerTenant",
  "egressGiBPerTenant",
  "crossZoneGiBPerTenant",
] as const satisfies readonly UsageKey[];
export type TierUsageKey = (typeof tierUsageKeys)[number];

/** Far beyond what any figure of use means anything. */
const figureMax = 1e12;

export function costSettings(platform: Platform): CostSettings {
  const problems: ShipmentProblem[] = [];
  const cost = objectOf(platform.cost);
  const figures = objectOf(cost["usage"]);
  const figure = (at: string, value: unknown, max: number): number | null => {
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && value >= 0 && value <= max) return value;
    problems.push({ subject: "platform.json", missing: `${at} is no number from 0 to ${max}` });
    return null;
  };
  const usage = Object.fromEntries(
    (Object.keys(usageDefaults) as UsageKey[]).map((key) => [
      key,
      figure(`cost.usage.${key}`, figures[key], figureMax) ?? usageDefaults[key],
    ]),
  ) as Usage;
  const tiers = Object.entries(platform.tiers).map(([name, tier]) => {
    const own = objectOf(tier.usage);
    const price = figure(`tiers.${name}.monthlyPriceUsd`, tier.monthlyPriceUsd, usdMax);
    return [
      name,
      {
        usage: Object.fromEntries(
          tierUsageKeys.flatMap((key) => {
            const value = figure(`tiers.${name}.usage.${key}`, own[key], figureMax);
            return value === null ? [] : [[key, value]];
          }),
        ),
        weight: figure(`tiers.${name}.costWeight`, tier.costWeight, 1_000_000) ?? 1,
        priceMicroUsd: price === null ? null : microUsd(price),
        ownServices: siloOf(tier.services),
        ownStores: siloOf(tier.stores),
      },
    ] as const;
  });
  const budget = figure("cost.budget.monthlyUsd", objectOf(cost["budget"])["monthlyUsd"], usdMax);
  return {
    usage,
    budgetMicroUsd: budget === null ? null : microUsd(budget),
    allocation: allocationOf(objectOf(cost["allocation"])),
    tiers: new Map(tiers),
    capacity: Math.max(1, platform.cells.capacity),
    problems,
  };
}

/** Whether nobody said a figure, so that its default is what the estimate is made from. */
export function isAssumed({ usage, tiers }: CostSettings, key: UsageKey): boolean {
  if (usage[key] !== usageDefaults[key]) return false;
  const ofTier = tierUsageKeys.find((name) => name === key);
  if (ofTier === undefined || tiers.size === 0) return true;
  return [...tiers.values()].some((tier) => tier.usage[ofTier] === undefined);
}

/** Whether tenants of a tier use something shared, wherever they are. One of a tier that is not known does. */
export function isSharer({ tiers }: CostSettings, tier: string, sharers: Sharers): boolean {
  const known = tiers.get(tier);
  if (sharers.kind === "service") return known?.ownServices.has(sharers.name) !== true;
  return sharers.kind === "store" ? known?.ownStores.has(sharers.name) !== true : true;
}

function allocationOf(written: Readonly<Record<string, unknown>>): CostSettings["allocation"] {
  return new Map(
    costComponents.flatMap((component) => {
      const key = allocationKeys.find((one) => one === written[component]);
      return key === undefined ? [] : [[component, key]];
    }),
  );
}

function siloOf(isolations: Readonly<Record<string, string>>): ReadonlySet<string> {
  return new Set(
    Object.entries(isolations).flatMap(([name, isolation]) => (isolation === "silo" ? [name] : [])),
  );
}

/** The own fields of an object; of anything else none. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const own: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  return typeof value === "object" && value !== null ? Object.assign(own, value) : own;
}
