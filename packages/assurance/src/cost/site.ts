import type { Platform } from "@tenantry/model";
import type { Resource } from "../artifacts/shipment.ts";
import type { Sharers, Usage } from "./charge.ts";
import type { Demand } from "./demand.ts";

/** What a resource is priced with: the stack around it, and what the platform is assumed to do there. */
export interface Site {
  readonly platform: Platform;
  readonly usage: Usage;
  readonly region: string;
  /** Whether it stands in a region that waits for a failover. */
  readonly isStandby: boolean;
  /** The cell that the stack is, or is of; null for what all cells share. */
  readonly cell: number | null;
  /** Whether the stack is one tenant's own. */
  readonly isTenants: boolean;
  /** The other resources of the stack. */
  readonly peers: readonly Resource[];
  /**
   * What those who share something ask for in a month. In a tenant's own stack that is the tenant, whoever would share
   * it elsewhere; in a region that waits nobody asks anything, and there is only data.
   */
  readonly demand: (sharers: Sharers) => Demand;
  readonly inRegion: RegionFacts;
  readonly inPlatform: PlatformFacts;
}

/** What the resources of a region are together, those of all tenants included. */
export interface RegionFacts {
  readonly resources: number;
  /** ECS services. */
  readonly services: number;
  readonly natGateways: number;
  readonly interfaceEndpoints: number;
  readonly vpcs: number;
  /** Virtual processors of databases that run PostgreSQL or MySQL. */
  readonly databaseCores: number;
  readonly hasContainerInsights: boolean;
  /** Rules of the listeners that tenants' own services have in a cell. */
  readonly listenerRules: (cell: number) => number;
}

export interface PlatformFacts {
  /** Whether CloudFront stands before the load balancers, so that they send nothing to the internet themselves. */
  readonly hasDistribution: boolean;
  readonly hasShieldAdvanced: boolean;
  /** The database with this ARN, or this physical id in the region; null where it is not in the shipment. */
  readonly database: (identity: string, region: string) => Resource | null;
  /** The bucket with this ARN. */
  readonly bucket: (arn: string) => Resource | null;
}

/** What one tenant's share of a store is, where there are several of its kind. */
function storesOf(platform: Platform, ...kinds: readonly Platform["stores"][string]["kind"][]): number {
  return Math.max(1, Object.values(platform.stores).filter(({ kind }) => kinds.includes(kind)).length);
}

/** GiB of rows in one database of those who share it. */
export function databaseGiB(site: Site, sharers: Sharers): number {
  return site.demand(sharers).databaseGiB / storesOf(site.platform, "postgres", "documentdb");
}

/** GiB in one bucket of those who share it. */
export function bucketGiB(site: Site, sharers: Sharers): number {
  return site.demand(sharers).storageGiB / storesOf(site.platform, "bucket");
}

/**
 * Who shares a store, by the name that the store's resource has: `{platform}-{environment}-{store}…`. Where a name says
 * no store, everybody does.
 */
export function sharersOfStore({ platform }: Site, name: string | null): Sharers {
  if (name === null) return { kind: "everybody" };
  const prefix = `${platform.name}-${platform.environment}-`;
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : null;
  const store = Object.values(platform.stores)
    .filter((one) => isNamed(rest, one.name) || (one.kind === "bucket" && isNamed(name, one.bucket)))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return store === undefined ? { kind: "everybody" } : { kind: "store", name: store.name };
}

function isNamed(text: string | null, name: string | null): boolean {
  return text !== null && name !== null && (text === name || text.startsWith(`${name}-`));
}
