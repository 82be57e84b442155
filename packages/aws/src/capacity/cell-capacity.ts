import { type CellLimit, cellLimits } from "./cell-limits.ts";

/** As much of a template as counting takes. */
interface CountedTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

/** How many tenants a limit leaves room for in one cell. */
export interface CellRoom {
  readonly limit: CellLimit;
  /** What the cell and the services that all share use of it. */
  readonly fixed: number;
  /** What the most demanding tier uses of it for each tenant. */
  readonly perTenant: number;
  readonly tenants: number;
}

/**
 * How many tenants a cell holds by each limit that tenants use up, the narrowest first.
 *
 * @param shared templates whose resources stand in the first cell whether tenants come or not
 * @param perTenant the templates of the tiers
 * @param raised quotas that AWS has raised for the account, by code
 */
export function cellRooms(
  shared: readonly CountedTemplate[],
  perTenant: readonly CountedTemplate[],
  raised: Readonly<Record<string, number>>,
): readonly CellRoom[] {
  return cellLimits
    .map((known) => {
      const limit = { ...known, value: raised[known.code ?? ""] ?? known.value };
      const fixed = shared.reduce((sum, template) => sum + count(template, limit), 0);
      const each = Math.max(0, ...perTenant.map((template) => count(template, limit)));
      const left = Math.max(0, limit.value - fixed);
      const tenants = each === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / each);
      return { limit, fixed, perTenant: each, tenants };
    })
    .filter(({ tenants }) => Number.isFinite(tenants))
    .toSorted((a, b) => a.tenants - b.tenants);
}

function count({ Resources }: CountedTemplate, { counts }: CellLimit): number {
  return Object.values(Resources).filter(({ Type }) => counts.includes(Type)).length;
}
