import type { ThemeResult } from "../theme-result.ts";
import type { TierCapacity } from "./capacity.ts";
import type { Quota } from "./quota.ts";
import type { QuotaValue } from "./quota-value.ts";
import type { Container } from "./usage/stack-view.ts";

/** What is used of one quota in one account, region, load balancer, subnet … */
export interface QuotaUse extends QuotaValue {
  readonly quota: Quota;
  /** The resource, region or account it holds for. */
  readonly subject: string;
  readonly level: Container["level"];
  /** By what all share, cells left out. */
  readonly fixed: number;
  /** By one cell. */
  readonly perCell: number;
  /** By one tenant of each tier. */
  readonly perTenant: Readonly<Record<string, number>>;
  /** By everything that is shipped, with today's tenants. */
  readonly used: number;
  /** What is left; null where the value is not known. Never below 0. */
  readonly headroom: number | null;
  /** How many more tenants of each tier fit beside today's, in the cells that there are; null where it does not end them. */
  readonly further: Readonly<Record<string, number | null>>;
  /** How many more tenants fit if they are of today's mix of tiers; null where it does not end them. */
  readonly furtherOfMix: number | null;
  /** What makes room. */
  readonly lift: string;
}

/** How many more tenants fit of today's mix of tiers, in the cells that there are. */
export interface MixCapacity {
  /** Today's tenants by tier. */
  readonly tenants: Readonly<Record<string, number>>;
  /** Null where no quota ends it. */
  readonly further: number | null;
  /** Id of the quota that ends it. */
  readonly quota: string | null;
}

/** What the check of quotas says. */
export interface QuotaReport extends ThemeResult {
  /** Of the values of quotas. */
  readonly dataVersion: string;
  readonly uses: readonly QuotaUse[];
  readonly tiers: readonly TierCapacity[];
  /** Null where there are no tenants. */
  readonly mix: MixCapacity | null;
  /** For people, the tightest first. */
  readonly summary: readonly string[];
}
