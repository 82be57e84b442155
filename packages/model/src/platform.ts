import type { TenantId } from "./tenant-id.ts";

/** How much of a thing a tenant has to itself: shared, a part of its own in a shared one, its own. */
export type Isolation = "pool" | "bridge" | "silo";

/** The definition resolved for one environment: complete, frozen, plain data. */
export interface Platform {
  readonly kind: "platform";
  readonly name: string;
  readonly environment: string;
  readonly domain: string;
  readonly tiers: Readonly<Record<string, Tier>>;
  /** The tier of a tenant that is added without one; null where the platform has no tiers. */
  readonly defaultTier: string | null;
  /** The declared tenants, by id. */
  readonly tenants: Readonly<Record<string, PlatformTenant>>;
  readonly services: Readonly<Record<string, PlatformService>>;
  /** The store that holds the tenants' documents: the name of a postgres store; null without one. */
  readonly tenantStore: string | null;
}

export interface Tier {
  readonly name: string;
  readonly services: Readonly<Record<string, Isolation>>;
  readonly stores: Readonly<Record<string, Isolation>>;
  readonly limits: { readonly requestsPerMinute: number };
  readonly monthlyPriceUsd: number | null;
}

export interface PlatformTenant {
  readonly id: TenantId;
  readonly tier: string;
  readonly placement: { readonly cell: number; readonly slot: number };
}

export interface PlatformService {
  readonly name: string;
  readonly port: number;
  readonly health: { readonly path: string };
  /** How the service runs on this machine; null where only an image exists. */
  readonly local: LocalCommand | null;
}

export interface LocalCommand {
  /** Program and arguments; run without a shell, from the folder of the definition, with PORT set. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}
