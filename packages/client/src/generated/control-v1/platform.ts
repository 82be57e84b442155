// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** A slice of a region that holds many tenants. A new tenant takes the lowest free slot of the first cell that has one. */
export interface Cell {
  readonly capacity: number;
  readonly cell: number;
  readonly free: number;
  readonly tenantsByTier: Readonly<Record<string, number>>;
  readonly used: number;
}

/** Cells up to the last one in use, and what room they have. */
export interface CellPage {
  readonly items: readonly Cell[];
  readonly nextCursor: string | null;
}

/** What a tenant used, day by day; null for a tenant that is not active, because its data is not read. */
export interface TenantUsage {
  readonly tenant: string;
  readonly tier: string;
  readonly usage: UsageReport | null;
}

/** Tenants in the order of their ids. What was used in the last seconds may be missing. */
export interface TenantUsagePage {
  readonly items: readonly TenantUsage[];
  readonly nextCursor: string | null;
}

/** A plan of isolation and capacity, as it is defined, and how many tenants have it. A limit of null is none, except for the burst, which is then a tenth of the rate. */
export interface Tier {
  readonly description: string;
  readonly isDefault: boolean;
  readonly limits: {
    readonly burst: number | null;
    readonly concurrentRequests: number | null;
    readonly keyRequestsPerMinute: number | null;
    readonly members: number | null;
    readonly requestsPerMinute: number;
    readonly storageGiB: number | null;
  };
  readonly monthlyPriceUsd: number | null;
  readonly name: string;
  readonly rpoSeconds: number | null;
  readonly rtoMinutes: number | null;
  readonly services: Readonly<Record<string, "pool" | "bridge" | "silo">>;
  readonly stores: Readonly<Record<string, "pool" | "bridge" | "silo">>;
  readonly tenants: number;
}

/** The tiers of the definition, by name. */
export interface TierPage {
  readonly items: readonly Tier[];
  readonly nextCursor: string | null;
}

/** Requests that were answered, of them those that failed for reasons of ours and those to services; requests that the limits refused; bytes on the wire; and what was stored at the end, measured now and then. */
export interface UsageAmounts {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly documents: number;
  readonly errors: number;
  readonly fileBytes: number;
  readonly refusedRequests: number;
  readonly requests: number;
  readonly serviceRequests: number;
}

/** What was used on a day in UTC. */
export interface UsageDay {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly day: string;
  readonly documents: number;
  readonly errors: number;
  readonly fileBytes: number;
  readonly refusedRequests: number;
  readonly requests: number;
  readonly serviceRequests: number;
}

/** What the tenant used, for each day that has begun, and in total; of what is stored, the total is the last value. */
export interface UsageReport {
  readonly days: readonly UsageDay[];
  readonly from: string;
  readonly to: string;
  readonly totals: UsageAmounts;
}

export interface PlatformOperations {
  /** List the cells */
  readonly listCells: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: CellPage;
  };
  /** List the tiers */
  readonly listTiers: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: TierPage;
  };
  /** What the tenants used, day by day */
  readonly listUsage: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
      /** The first day, in UTC; 29 days before the last unless said. */
      readonly from?: string | undefined;
      /** The last day, in UTC; today unless said. */
      readonly to?: string | undefined;
      /** Only what concerns this tenant. */
      readonly tenant?: string | undefined;
    };
    readonly output: TenantUsagePage;
  };
}

export const platformRoutes = {
  listCells: {
    method: "GET",
    path: "/control/v1/cells",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  listTiers: {
    method: "GET",
    path: "/control/v1/tiers",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  listUsage: {
    method: "GET",
    path: "/control/v1/usage",
    parameters: {
      limit: ["query", "limit"],
      cursor: ["query", "cursor"],
      from: ["query", "from"],
      to: ["query", "to"],
      tenant: ["query", "tenant"],
    },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;
