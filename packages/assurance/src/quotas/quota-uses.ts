import type { MixCapacity, QuotaUse } from "./quota-report.ts";
import { liftOf } from "./lift.ts";
import { quotaOf } from "./quota-data.ts";
import type { Largest, QuotaUsage, Tally } from "./quota-usage.ts";
import { type QuotaOverrides, quotaValue, tolerance } from "./quota-value.ts";

/** Everything that is used, the fullest first. */
export function quotaUses(usage: QuotaUsage, overrides: QuotaOverrides): readonly QuotaUse[] {
  const ofTallies = usage.tallies.map((tally) => useOf(tally, usage, overrides));
  const ofTenants = [...usage.own.values()].flatMap((own) => ownUse(own, overrides));
  return [...ofTallies, ...ofTenants].toSorted((a, b) => fullness(b) - fullness(a));
}

function fullness({ used, value }: QuotaUse): number {
  return value === null ? -1 : used / Math.max(1, value);
}

export function usedOf({ fixed, cells, tenants }: Tally): number {
  return fixed + [...cells.values()].reduce((sum, one) => sum + one, 0) + tenants;
}

function useOf(tally: Tally, usage: QuotaUsage, overrides: QuotaOverrides): QuotaUse {
  const quota = quotaOf(tally.quota);
  const standing = quotaValue(quota, tally.container, overrides);
  const used = usedOf(tally);
  const headroom = standing.value === null ? null : Math.max(0, standing.value - used);
  const fits = (each: number): number | null =>
    each <= 0 || headroom === null || standing.advisory !== null
      ? null
      : Math.floor(headroom / each + tolerance);
  const perTenant = perTenantIn(tally, usage);
  return {
    quota,
    ...standing,
    subject: tally.container.subject,
    level: tally.container.level,
    fixed: tally.fixed,
    perCell: Math.max(0, ...tally.cells.values()),
    perTenant,
    used,
    headroom,
    further: Object.fromEntries(usage.stackTiers.map((tier) => [tier, fits(perTenant[tier] ?? 0)])),
    furtherOfMix: fits(averageOf(perTenant, usage.tenantsByTier)),
    lift: liftOf(quota, tally.container.level),
  };
}

/** Any tenant was counted in the first cell; in another one it uses as much. */
function perTenantIn(tally: Tally, { tallies }: QuotaUsage): Readonly<Record<string, number>> {
  if (tally.container.level !== "cell") return Object.fromEntries(tally.perTenant);
  const first = tally.container.key.replace(/ cell \d+ /, " cell 1 ");
  const one = tallies.find(({ quota, container }) => quota === tally.quota && container.key === first);
  return Object.fromEntries((one ?? tally).perTenant);
}

function averageOf(
  perTenant: Readonly<Record<string, number>>,
  tenantsByTier: ReadonlyMap<string, number>,
): number {
  let [sum, tenants] = [0, 0];
  for (const [tier, number] of tenantsByTier) {
    sum += (perTenant[tier] ?? 0) * number;
    tenants += number;
  }
  return tenants === 0 ? 0 : sum / tenants;
}

/** Of what every tenant has for itself the fullest stands for all. */
function ownUse(own: readonly Largest[], overrides: QuotaOverrides): readonly QuotaUse[] {
  const [fullest] = own.toSorted((a, b) => b.amount - a.amount);
  if (fullest === undefined) return [];
  const { container, amount } = fullest;
  const quota = quotaOf(fullest.quota);
  const standing = quotaValue(quota, container, overrides);
  return [
    {
      quota,
      ...standing,
      subject: container.subject,
      level: container.level,
      fixed: 0,
      perCell: 0,
      perTenant: {},
      used: amount,
      headroom: standing.value === null ? null : Math.max(0, standing.value - amount),
      further: {},
      furtherOfMix: null,
      lift: liftOf(quota, container.level),
    },
  ];
}

/** Where a cell is full the next one takes the tenants, so the cells' room is added up. */
export function mixCapacity(uses: readonly QuotaUse[], usage: QuotaUsage): MixCapacity | null {
  if (usage.tenantsByTier.size === 0) return null;
  const ends: { readonly quota: string; readonly further: number }[] = [];
  for (const [quota, of] of Map.groupBy(uses, (use) => use.quota.id)) {
    const wide = of.filter(({ level }) => level !== "cell").flatMap(({ furtherOfMix }) => furtherOfMix ?? []);
    const cells = of
      .filter(({ level }) => level === "cell")
      .flatMap(({ furtherOfMix }) => furtherOfMix ?? []);
    ends.push(...wide.map((further) => ({ quota, further })));
    if (cells.length > 0) ends.push({ quota, further: cells.reduce((sum, one) => sum + one, 0) });
  }
  const [first] = ends.toSorted((a, b) => a.further - b.further);
  return {
    tenants: Object.fromEntries(usage.tenantsByTier),
    further: first?.further ?? null,
    quota: first?.quota ?? null,
  };
}
