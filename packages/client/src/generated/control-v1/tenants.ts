// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";

/** A tenant as the operator sees it. */
export interface ControlTenant {
  readonly createdAt: string;
  readonly id: string;
  readonly isolation: "pool" | "bridge" | "silo";
  readonly placement: {
    readonly cell: number;
    readonly slot: number;
  };
  readonly schemaVersion: number;
  readonly status: "provisioning" | "active" | "suspended" | "offboarding" | "failed";
  readonly tier: string;
}

/** Tenants in the order of their ids, and how many there are on all pages. */
export interface ControlTenantPage {
  readonly items: readonly ControlTenant[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** A tenant to set up. Without a tier it gets the platform's default tier. */
export interface NewTenant {
  readonly id: string;
  readonly tier?: string | undefined;
}

export interface TenantsOperations {
  /** List the tenants */
  readonly listTenants: {
    readonly input: {
      /** How many items the page holds at most, 1 to 200. */
      readonly limit?: number | undefined;
      /** Where the page begins: nextCursor of the page before. */
      readonly cursor?: string | undefined;
    };
    readonly output: ControlTenantPage;
  };
  /** Add a tenant */
  readonly addTenant: {
    readonly input: { readonly body: NewTenant };
    readonly output: ControlTenant;
  };
  /** Read a tenant */
  readonly getTenant: {
    readonly input: { readonly id: string };
    readonly output: ControlTenant;
  };
}

export const tenantsRoutes = {
  listTenants: {
    method: "GET",
    path: "/control/v1/tenants",
    parameters: { limit: ["query", "limit"], cursor: ["query", "cursor"] },
    body: null,
    answers: "json",
  },
  addTenant: {
    method: "POST",
    path: "/control/v1/tenants",
    parameters: {},
    body: "application/json",
    answers: "json",
  },
  getTenant: {
    method: "GET",
    path: "/control/v1/tenants/{id}",
    parameters: { id: ["path", "id"] },
    body: null,
    answers: "json",
  },
} as const satisfies Routes;
