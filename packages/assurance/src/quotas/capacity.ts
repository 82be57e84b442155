import { count, isLiftedByCell, liftOf } from "./lift.ts";
import type { Quota } from "./quota.ts";
import { quotaOf } from "./quota-data.ts";
import type { QuotaUsage, Tally } from "./quota-usage.ts";
import { type QuotaOverrides, quotaValue, tolerance } from "./quota-value.ts";

/** How many tenants of a tier one quota lets in. */
export interface TenantLimit {
  readonly quota: Quota;
  /** The resource, region or account it holds for. */
  readonly subject: string;
  readonly level: Tally["container"]["level"];
  readonly value: number;
  /** What is used whether tenants come or not: by what all share, and by the first cell. */
  readonly fixed: number;
  readonly perTenant: number;
  /** Tenants of this tier and no other: in one cell where a cell has its own, else in all cells together. */
  readonly tenants: number;
  readonly lift: string;
}

/** How many tenants of one tier a platform holds, were all of them of this tier. */
export interface TierCapacity {
  readonly tier: string;
  /** Whether a tenant of it makes anything in AWS. */
  readonly hasStack: boolean;
  /** In one cell; null where no quota ends it. */
  readonly inOneCell: number | null;
  /** In as many cells as it takes; null where no quota ends it. */
  readonly inAllCells: number | null;
  /** What ends one cell, the narrowest first. */
  readonly cellLimits: readonly TenantLimit[];
  /** What further cells do not lift, the narrowest first. */
  readonly platformLimits: readonly TenantLimit[];
  /** The same in words. */
  readonly sentence: string;
}

/** More tenants than any quota lets in. */
const tenantsMax = 1_000_000;

/**
 * @param tenantsPerCell what the definition lets a cell hold
 */
export function tierCapacity(
  tier: string,
  usage: QuotaUsage,
  overrides: QuotaOverrides,
  tenantsPerCell: number,
): TierCapacity {
  const counted = usage.tallies.flatMap((tally) => countedFor(tier, tally, overrides));
  const cellLimits = sorted(
    counted
      .filter(({ tally }) => isLiftedByCell(tally.container.level))
      // What stands in a second cell is made of the same template as what stands in the first, which shared services use besides.
      .filter(({ tally }) => isOfFirstCell(tally))
      .map((one) => limitOf(one, Math.floor((one.value - one.fixed) / one.perTenant + tolerance))),
  );
  const cellMax = Math.max(1, Math.min(tenantsPerCell, ...cellLimits.map(({ tenants }) => tenants)));
  const platformLimits = sorted(
    counted
      .filter(({ tally }) => !isLiftedByCell(tally.container.level))
      .map((one) => limitOf(one, tenantsUntil(one, cellMax))),
  );
  const inAllCells = platformLimits[0]?.tenants ?? null;
  // One cell is ended by what a cell has, and by what the platform has too.
  const [first] = cellLimits;
  const ends = [first?.tenants, inAllCells].filter((one) => typeof one === "number");
  const inOneCell = ends.length === 0 ? null : Math.min(...ends);
  const hasStack = usage.stackTiers.includes(tier);
  const said = { tier, hasStack, inOneCell, inAllCells, cellLimits, platformLimits };
  return { ...said, sentence: sentenceOf(said, tenantsPerCell) };
}

interface Counted {
  readonly tally: Tally;
  readonly quota: Quota;
  readonly value: number;
  /** With one cell. */
  readonly fixed: number;
  readonly perCell: number;
  readonly perTenant: number;
}

function countedFor(tier: string, tally: Tally, overrides: QuotaOverrides): readonly Counted[] {
  const perTenant = tally.perTenant.get(tier) ?? 0;
  const quota = quotaOf(tally.quota);
  const { value, advisory } = quotaValue(quota, tally.container, overrides);
  if (perTenant <= 0 || value === null || advisory !== null) return [];
  const perCell = tally.cells.get(1) ?? 0;
  return [{ tally, quota, value, fixed: tally.fixed + perCell, perCell, perTenant }];
}

const isOfFirstCell = ({ container }: Tally): boolean => / cell 1 /.test(container.key);

/** The most tenants for which the cells they need and they themselves fit: it only ever gets fuller, so it is halved. */
function tenantsUntil({ value, fixed, perCell, perTenant }: Counted, cellMax: number): number {
  const fits = (tenants: number): boolean => {
    const furtherCells = Math.max(0, Math.ceil(tenants / cellMax) - 1);
    return fixed + furtherCells * perCell + tenants * perTenant <= value + tolerance;
  };
  if (!fits(0)) return 0;
  let [most, tooMany] = [0, tenantsMax];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(middle)) most = middle;
    else tooMany = middle;
  }
  return most;
}

function limitOf({ tally, quota, value, fixed, perTenant }: Counted, tenants: number): TenantLimit {
  const { subject, level } = tally.container;
  const lift = liftOf(quota, level);
  return { quota, subject, level, value, fixed, perTenant, tenants: Math.max(0, tenants), lift };
}

/** The narrowest of each quota, the narrowest quota first. */
function sorted(limits: readonly TenantLimit[]): readonly TenantLimit[] {
  const narrowest = new Map<string, TenantLimit>();
  for (const limit of limits) {
    const known = narrowest.get(limit.quota.id);
    if (known === undefined || limit.tenants < known.tenants) narrowest.set(limit.quota.id, limit);
  }
  return [...narrowest.values()].toSorted(
    (a, b) => a.tenants - b.tenants || (a.quota.id < b.quota.id ? -1 : 1),
  );
}

function sentenceOf(
  { tier, hasStack, inOneCell, cellLimits, platformLimits }: Omit<TierCapacity, "sentence">,
  tenantsPerCell: number,
): string {
  if (!hasStack)
    return `a tenant of the tier ${tier} makes nothing in AWS: no quota ends how many there are, but what they share must carry them`;
  const [first, ...others] = [...cellLimits, ...platformLimits].toSorted((a, b) => a.tenants - b.tenants);
  if (first === undefined || inOneCell === null)
    return `no quota ends how many tenants of the tier ${tier} there are`;
  const next = others.find(({ level }) => !(isLiftedByCell(first.level) && isLiftedByCell(level)));
  const declared =
    tenantsPerCell < inOneCell ? `, of which cells.capacity lets in ${count(tenantsPerCell)}` : "";
  const then = next === undefined ? "" : `; what binds next: ${named(next)} at ${count(next.tenants)}`;
  return `one cell holds ${count(first.tenants)} tenants of the tier ${tier}${declared}; first limit: ${named(first)}; what lifts it: ${first.lift}${then}`;
}

function named({ quota, value, subject }: TenantLimit): string {
  const most = quota.max === null ? "" : ` up to ${count(quota.max)}`;
  const adjustable =
    quota.code === null && !quota.adjustable
      ? "not adjustable"
      : `${quota.code ?? "adjustable"}${quota.code === null ? "" : ", adjustable"}${most}`;
  const where = quota.per === "subnet" || quota.per === "database" ? ` of ${subject}` : "";
  return `${quota.name}${where} (${count(value)}${where === "" ? `, ${adjustable}` : ""})`;
}
