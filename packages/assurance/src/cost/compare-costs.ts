import type { CostComponent } from "./charge.ts";
import { componentTable } from "./component-table.ts";
import type { CostEstimate } from "./estimate-cost.ts";
import type { MicroUsd } from "./money.ts";

/** What the monthly cost changes by from one estimate to another. */
export interface CostComparison {
  readonly before: MicroUsd;
  readonly after: MicroUsd;
  /** Positive where it becomes dearer. */
  readonly changeMicroUsd: MicroUsd;
  /** The change for each tenant there is afterwards; null where there is none. */
  readonly perTenantMicroUsd: MicroUsd | null;
  readonly tenants: { readonly before: number; readonly after: number };
  /** Components whose cost differs, the greatest change first. */
  readonly components: readonly CostChange<CostComponent>[];
  readonly regions: readonly CostChange<string>[];
  /** What has no price on one side only: the change may be another by that. */
  readonly unpriced: readonly { readonly what: string; readonly side: "before" | "after" }[];
}

interface CostChange<Name> {
  readonly name: Name;
  readonly title: string;
  readonly before: MicroUsd;
  readonly after: MicroUsd;
  readonly changeMicroUsd: MicroUsd;
}

export function compareCosts(before: CostEstimate, after: CostEstimate): CostComparison {
  const change = after.monthlyMicroUsd - before.monthlyMicroUsd;
  const tenants = after.tenants.length;
  return {
    before: before.monthlyMicroUsd,
    after: after.monthlyMicroUsd,
    changeMicroUsd: change,
    perTenantMicroUsd: tenants === 0 ? null : Math.round(change / tenants),
    tenants: { before: before.tenants.length, after: tenants },
    components: changesOf(
      before.components.map(({ component, monthlyMicroUsd }) => [component, monthlyMicroUsd]),
      after.components.map(({ component, monthlyMicroUsd }) => [component, monthlyMicroUsd]),
      (component) => componentTable[component].title,
    ),
    regions: changesOf(
      before.regions.map(({ region, monthlyMicroUsd }) => [region, monthlyMicroUsd]),
      after.regions.map(({ region, monthlyMicroUsd }) => [region, monthlyMicroUsd]),
      (region) => region,
    ),
    unpriced: [
      ...unpricedOnly(before, after).map((what) => ({ what, side: "before" as const })),
      ...unpricedOnly(after, before).map((what) => ({ what, side: "after" as const })),
    ],
  };
}

type Amounts<Name> = readonly (readonly [Name, MicroUsd])[];

function changesOf<Name extends string>(
  before: Amounts<Name>,
  after: Amounts<Name>,
  titleOf: (name: Name) => string,
): readonly CostChange<Name>[] {
  const [was, is] = [new Map(before), new Map(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((name) => {
      const [one, other] = [was.get(name) ?? 0, is.get(name) ?? 0];
      return { name, title: titleOf(name), before: one, after: other, changeMicroUsd: other - one };
    })
    .filter(({ changeMicroUsd }) => changeMicroUsd !== 0)
    .sort((a, b) => Math.abs(b.changeMicroUsd) - Math.abs(a.changeMicroUsd) || (a.name < b.name ? -1 : 1));
}

function unpricedOnly({ unpriced }: CostEstimate, other: CostEstimate): readonly string[] {
  const known = new Set(other.unpriced.map(({ what }) => what));
  return unpriced.filter(({ what }) => !known.has(what)).map(({ what, type }) => `${what} (${type})`);
}
