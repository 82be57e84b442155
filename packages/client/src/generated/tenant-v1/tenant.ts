// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** A tenant as its own members see it. */
export interface Tenant {
  readonly createdAt: string;
  readonly id: string;
  readonly isolation: "pool" | "bridge" | "silo";
  readonly status: "provisioning" | "active" | "suspended" | "offboarding" | "failed";
  readonly tier: string;
}

export interface TenantOperations {
  /** The tenant of this host */
  readonly getTenant: {
    readonly input: Readonly<Record<never, never>>;
    readonly output: Tenant;
  };
}

export const tenantRoutes = {
  getTenant: { method: "GET", path: "/v1/tenant", parameters: {}, body: null, answers: "json" },
} as const satisfies Routes;
