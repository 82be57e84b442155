import type { Resource, Shipment, ShippedFiles, ShippedStack } from "../artifacts/shipment.ts";
import { countNames, type NameCount } from "./name-lengths.ts";
import { type CountOptions, stackUses } from "./usage/stack-uses.ts";
import { type Container, inCell, KnownResources, type Miss, type Use, viewOf } from "./usage/stack-view.ts";

/** What is used of a quota in one container. */
export interface Tally {
  readonly quota: string;
  readonly container: Container;
  /** By stacks that all share, those of cells left out. */
  readonly fixed: number;
  /** By the stacks of each cell, by its number. */
  readonly cells: ReadonlyMap<number, number>;
  /** By today's tenants. */
  readonly tenants: number;
  /** By one more tenant, by tier. */
  readonly perTenant: ReadonlyMap<string, number>;
}

/** The fullest container of those that each tenant has for itself. */
export interface Largest {
  readonly quota: string;
  readonly container: Container;
  readonly amount: number;
}

export interface QuotaUsage {
  readonly tallies: readonly Tally[];
  /** Of what stands in one tenant's stacks, where one more tenant adds nothing: every one that is full, and the fullest. */
  readonly own: ReadonlyMap<string, readonly Largest[]>;
  readonly misses: readonly Miss[];
  readonly names: Readonly<NameCount>;
  /** Tiers that make something in AWS. */
  readonly stackTiers: readonly string[];
  readonly cells: readonly number[];
  /** Today's tenants, by tier. */
  readonly tenantsByTier: ReadonlyMap<string, number>;
}

/** A tenant that is there though no placement names it. */
export interface FurtherTenant {
  readonly tier: string;
  readonly cell: number;
}

export interface UsageOptions {
  readonly files?: ShippedFiles | undefined;
  readonly further?: readonly FurtherTenant[] | undefined;
}

/** Own containers that are kept of each quota: enough to name those that are too full. */
const ownMax = 25;

/** Counts everything that is shipped, once. */
export function countUsage(shipment: Shipment, { files, further = [] }: UsageOptions): QuotaUsage {
  const tenantIdLength = shipment.definition.tenantIdLengthMax;
  const options = { tenantIdLength, files };
  const count = new Count(options);
  const shared = shipment.shared.map((stack) => ({ stack, resources: stack.resources() }));
  const known = new KnownResources(shared.flatMap(({ resources }) => resources));
  for (const { stack, resources } of shared) count.shared(stack, resources, known);
  for (const tier of shipment.tiers) count.anyTenant(tier.tier, tier.anyTenant("a"), known);
  const tenantsByTier = new Map<string, number>();
  const tally = (tier: string) => tenantsByTier.set(tier, (tenantsByTier.get(tier) ?? 0) + 1);
  for (const { tier, stacks } of shipment.tenants.values()) {
    tally(tier);
    for (const stack of stacks) count.tenant(stack, known);
  }
  for (const tenant of further) {
    tally(tenant.tier);
    count.further(tenant);
  }
  const cells = [...new Set(shipment.shared.flatMap(({ cell }) => cell ?? []))].sort((a, b) => a - b);
  const stackTiers = [...new Set(shipment.tiers.map(({ tier }) => tier))];
  return { ...count.result(), stackTiers, cells, tenantsByTier };
}

interface OpenTally {
  readonly quota: string;
  readonly container: Container;
  fixed: number;
  readonly cells: Map<number, number>;
  tenants: number;
  readonly perTenant: Map<string, number>;
}

class Count {
  readonly #options: CountOptions;
  readonly #tallies = new Map<string, OpenTally>();
  readonly #own = new Map<string, Largest[]>();
  readonly #misses: Miss[] = [];
  readonly #names: NameCount = { named: 0, tooLong: 0, findings: [] };

  constructor(options: CountOptions) {
    this.#options = options;
  }

  result(): Pick<QuotaUsage, "tallies" | "own" | "misses" | "names"> {
    const tallies = [...this.#tallies.values()];
    return { tallies, own: this.#own, misses: this.#misses, names: this.#names };
  }

  shared(stack: ShippedStack, resources: readonly Resource[], known: KnownResources): void {
    for (const use of this.#usesOf(stack, resources, known)) {
      const tally = this.#tally(use);
      if (stack.cell === null) tally.fixed += use.amount;
      else tally.cells.set(stack.cell, (tally.cells.get(stack.cell) ?? 0) + use.amount);
    }
  }

  anyTenant(tier: string, stack: ShippedStack, known: KnownResources): void {
    for (const use of this.#tenantUses(stack, known)) {
      const { perTenant } = this.#tally(use);
      perTenant.set(tier, (perTenant.get(tier) ?? 0) + use.amount);
    }
  }

  tenant(stack: ShippedStack, known: KnownResources): void {
    for (const use of this.#tenantUses(stack, known)) this.#tally(use).tenants += use.amount;
  }

  /** Counts a tenant as any tenant of its tier, which stands in the first cell. */
  further({ tier, cell }: FurtherTenant): void {
    for (const { quota, container, perTenant } of this.#tallies.values()) {
      const amount = perTenant.get(tier);
      if (amount === undefined) continue;
      const key = container.level === "cell" ? inCell(container.key, cell) : container.key;
      this.#tally({ quota, container: { ...container, key } }).tenants += amount;
    }
  }

  /** What a tenant's stack uses of what others use too. What it has for itself is held apart: it does not grow with tenants. */
  #tenantUses(stack: ShippedStack, known: KnownResources): readonly Use[] {
    const uses = this.#usesOf(stack, stack.resources(), known);
    const own = Map.groupBy(
      uses.filter(({ container }) => container.level === "tenant"),
      ({ quota, container }) => `${quota} ${container.key}`,
    );
    for (const of of own.values()) {
      const [first] = of;
      if (first === undefined) continue;
      const amount = of.reduce((sum, use) => sum + use.amount, 0);
      this.#keep({ quota: first.quota, container: first.container, amount });
    }
    return uses.filter(({ container }) => container.level !== "tenant");
  }

  #usesOf(stack: ShippedStack, resources: readonly Resource[], known: KnownResources): readonly Use[] {
    countNames(stack, resources, this.#options.tenantIdLength, this.#names);
    return stackUses(viewOf(stack, resources, known, this.#misses), resources.length, this.#options);
  }

  #keep(one: Largest): void {
    const kept = this.#own.get(one.quota) ?? [];
    kept.push(one);
    if (kept.length > ownMax) kept.sort((a, b) => b.amount - a.amount).pop();
    this.#own.set(one.quota, kept);
  }

  #tally({ quota, container }: Pick<Use, "quota" | "container">): OpenTally {
    const key = `${quota} ${container.key}`;
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      tally = { quota, container, fixed: 0, cells: new Map(), tenants: 0, perTenant: new Map() };
      this.#tallies.set(key, tally);
    }
    return tally;
  }
}
