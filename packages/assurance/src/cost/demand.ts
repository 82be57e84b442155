import type { Sharers } from "./charge.ts";
import { type CostSettings, isSharer, type TierUsageKey } from "./cost-settings.ts";

/** How many tenants of each tier are in each cell. */
export type Census = readonly CellCensus[];

export interface CellCensus {
  readonly cell: number;
  readonly tenants: ReadonlyMap<string, number>;
}

/** What tenants together ask of a platform in a month. */
export interface Demand {
  readonly tenants: number;
  readonly requests: number;
  readonly storageGiB: number;
  readonly databaseGiB: number;
  readonly egressGiB: number;
  readonly crossZoneGiB: number;
}

/** What one tenant of a tier asks for; without a tier what is assumed of every tenant. */
export function demandOfTenant({ usage, tiers }: CostSettings, tier: string | null): Demand {
  const own = tier === null ? undefined : tiers.get(tier)?.usage;
  const figure = (key: TierUsageKey): number => own?.[key] ?? usage[key];
  return {
    tenants: 1,
    requests: figure("requestsPerTenant"),
    storageGiB: figure("storageGiBPerTenant"),
    databaseGiB: figure("databaseGiBPerTenant"),
    egressGiB: figure("egressGiBPerTenant"),
    crossZoneGiB: figure("crossZoneGiBPerTenant"),
  };
}

/** What all who share something ask for together. A platform without tiers counts as one tenant. */
export function demandOf(settings: CostSettings, census: Census, sharers: Sharers): Demand {
  if (settings.tiers.size === 0) return demandOfTenant(settings, null);
  let sum: Demand = { tenants: 0, requests: 0, storageGiB: 0, databaseGiB: 0, egressGiB: 0, crossZoneGiB: 0 };
  for (const { cell, tenants } of census) {
    if (sharers.kind === "cell" && sharers.cell !== cell) continue;
    for (const [tier, count] of tenants) {
      if (isSharer(settings, tier, sharers)) sum = add(sum, demandOfTenant(settings, tier), count);
    }
  }
  return sum;
}

/** How many tenants a tier has. */
export function tenantsOfTier(census: Census, tier: string): number {
  return census.reduce((sum, { tenants }) => sum + (tenants.get(tier) ?? 0), 0);
}

/** How many tenants a cell has. */
export function tenantsOfCell(census: Census, cell: number): number {
  const counts = census.find((one) => one.cell === cell)?.tenants.values() ?? [];
  return [...counts].reduce((sum, count) => sum + count, 0);
}

/** What reaches a region that only waits: data is copied there, and nobody asks anything. */
export function withoutTraffic(demand: Demand): Demand {
  return { ...demand, requests: 0, egressGiB: 0, crossZoneGiB: 0 };
}

function add(sum: Demand, one: Demand, count: number): Demand {
  return {
    tenants: sum.tenants + one.tenants * count,
    requests: sum.requests + one.requests * count,
    storageGiB: sum.storageGiB + one.storageGiB * count,
    databaseGiB: sum.databaseGiB + one.databaseGiB * count,
    egressGiB: sum.egressGiB + one.egressGiB * count,
    crossZoneGiB: sum.crossZoneGiB + one.crossZoneGiB * count,
  };
}
