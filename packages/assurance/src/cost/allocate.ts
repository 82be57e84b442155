import { assert } from "@tenantry/base";
import type { IdleReason, Sharers } from "./charge.ts";
import { type AllocationKey, componentTable } from "./component-table.ts";
import type { CostLine } from "./cost-line.ts";
import type { ModelTenant } from "./cost-model.ts";
import { type CostSettings, isSharer } from "./cost-settings.ts";
import { demandOfTenant } from "./demand.ts";
import { type MicroUsd, splitByWeight, type Weighted } from "./money.ts";

/** What one tenant costs, and what it pays. */
export interface TenantCost {
  readonly id: string;
  readonly tier: string;
  /** What it has to itself. */
  readonly directMicroUsd: MicroUsd;
  /** Its share of what tenants use together. */
  readonly sharedMicroUsd: MicroUsd;
  /** Its share of what the platform is run with. */
  readonly platformMicroUsd: MicroUsd;
  readonly totalMicroUsd: MicroUsd;
  /** The tier's `monthlyPriceUsd`; null where it has none. */
  readonly priceMicroUsd: MicroUsd | null;
  readonly marginMicroUsd: MicroUsd | null;
}

/** Why nobody bears an amount: capacity that nobody uses, or something whose users are not there. */
export type UnusedReason = IdleReason | "without-tenants";

export interface Allocation {
  readonly tenants: readonly TenantCost[];
  readonly idle: readonly { readonly because: UnusedReason; readonly monthlyMicroUsd: MicroUsd }[];
  /** Shared cost of a platform that has no tenants to share it among. */
  readonly unallocatedMicroUsd: MicroUsd;
}

/** An amount that the same tenants share in the same way. */
interface Pot {
  readonly share: "shared" | "platform";
  readonly key: AllocationKey;
  readonly sharers: Sharers;
  amount: MicroUsd;
}

/**
 * Says who bears each amount: what is in a tenant's own stack is its own, what is shared is split by the key of its
 * component among those who share it, and what nobody uses stays apart. The parts are exactly the whole.
 */
export function allocate(
  lines: readonly CostLine[],
  tenants: readonly ModelTenant[],
  settings: CostSettings,
): Allocation {
  const direct = new Map<string, MicroUsd>();
  const idle = new Map<UnusedReason, MicroUsd>();
  const pots = new Map<string, Pot>();
  for (const line of lines) {
    if (line.tier !== null) {
      direct.set(line.tier, (direct.get(line.tier) ?? 0) + line.monthlyMicroUsd);
      continue;
    }
    if (line.idle !== null) addTo(idle, line.idle.because, line.idle.monthlyMicroUsd);
    addToPot(pots, line, settings);
  }
  const shares = { shared: new Map<string, MicroUsd>(), platform: new Map<string, MicroUsd>() };
  let unallocated = 0;
  for (const pot of pots.values()) {
    const sharing = tenants.filter((tenant) => isSharing(pot, tenant, settings));
    if (tenants.length === 0) unallocated += pot.amount;
    else if (sharing.length === 0) addTo(idle, "without-tenants", pot.amount);
    else {
      const parts = splitByWeight(
        pot.amount,
        sharing.map((tenant) => weighted(tenant, pot.key, settings)),
      );
      for (const [index, { id }] of sharing.entries()) addTo(shares[pot.share], id, parts[index] ?? 0);
    }
  }
  const costs = tenants.map((tenant) => {
    const own = direct.get(tenant.tier) ?? 0;
    return tenantCost(
      tenant,
      own,
      shares.shared.get(tenant.id) ?? 0,
      shares.platform.get(tenant.id) ?? 0,
      settings.tiers.get(tenant.tier)?.priceMicroUsd ?? null,
    );
  });
  const allocation = {
    tenants: costs,
    idle: [...idle].map(([because, monthlyMicroUsd]) => ({ because, monthlyMicroUsd })),
    unallocatedMicroUsd: unallocated,
  };
  assertWhole(allocation, lines);
  return allocation;
}

function addTo<Key>(amounts: Map<Key, MicroUsd>, key: Key, amount: MicroUsd): void {
  if (amount !== 0) amounts.set(key, (amounts.get(key) ?? 0) + amount);
}

function addToPot(pots: Map<string, Pot>, line: CostLine, { allocation }: CostSettings): void {
  const info = componentTable[line.component];
  const key = allocation.get(line.component) ?? info.key;
  const name = `${info.share} ${key} ${JSON.stringify(line.sharers)}`;
  const pot = pots.get(name) ?? { share: info.share, key, sharers: line.sharers, amount: 0 };
  pot.amount += line.monthlyMicroUsd - (line.idle?.monthlyMicroUsd ?? 0);
  pots.set(name, pot);
}

function isSharing({ sharers }: Pot, { tier, cell }: ModelTenant, settings: CostSettings): boolean {
  return sharers.kind === "cell" ? sharers.cell === cell : isSharer(settings, tier, sharers);
}

function weighted({ id, tier }: ModelTenant, key: AllocationKey, settings: CostSettings): Weighted {
  return { name: id, weight: weightOf(tier, key, settings) };
}

function weightOf(tier: string, key: AllocationKey, settings: CostSettings): number {
  const demand = demandOfTenant(settings, tier);
  switch (key) {
    case "equally":
      return 1;
    case "by-weight":
      return settings.tiers.get(tier)?.weight ?? 1;
    case "by-requests":
      return demand.requests;
    case "by-storage":
      return demand.storageGiB + demand.databaseGiB;
    case "by-egress":
      return demand.egressGiB;
  }
}

function tenantCost(
  { id, tier }: ModelTenant,
  direct: MicroUsd,
  shared: MicroUsd,
  platform: MicroUsd,
  price: MicroUsd | null,
): TenantCost {
  const total = direct + shared + platform;
  return {
    id,
    tier,
    directMicroUsd: direct,
    sharedMicroUsd: shared,
    platformMicroUsd: platform,
    totalMicroUsd: total,
    priceMicroUsd: price,
    marginMicroUsd: price === null ? null : price - total,
  };
}

/** Nothing is lost and nothing is made on the way from lines to tenants. */
function assertWhole({ tenants, idle, unallocatedMicroUsd }: Allocation, lines: readonly CostLine[]): void {
  const whole = lines.reduce((sum, { monthlyMicroUsd, copies }) => sum + monthlyMicroUsd * copies, 0);
  const parts =
    tenants.reduce((sum, { totalMicroUsd }) => sum + totalMicroUsd, 0) +
    idle.reduce((sum, { monthlyMicroUsd }) => sum + monthlyMicroUsd, 0) +
    unallocatedMicroUsd;
  assert(whole === parts, `${parts} of ${whole} are allocated`);
}
