// Written by tools/generate-client.ts: change the API, and run that.

import type { Routes } from "../../route.ts";
import type { NoInput, Operation } from "./schemas.ts";

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

/** The tier that the tenant moves to. */
export interface Move {
  readonly tier: string;
}

/** A tenant to set up. Without a tier it gets the platform's default tier. */
export interface NewTenant {
  readonly id: string;
  readonly tier?: string | undefined;
}

/** confirm repeats the id of the tenant. Until graceDays are over (30 unless said) it can be cancelled; then everything is deleted, and the export as well unless keepExport says otherwise. */
export interface Offboarding {
  readonly confirm: string;
  readonly graceDays?: number | undefined;
  readonly keepExport?: boolean | undefined;
}

/** Why the tenant is shut out, for the audit trail. */
export interface Suspension {
  readonly reason?: string | undefined;
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
    readonly input: {
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: NewTenant;
    };
    readonly output: ControlTenant | Operation;
  };
  /** Read a tenant */
  readonly getTenant: {
    readonly input: { readonly id: string };
    readonly output: ControlTenant;
  };
  /** Export a tenant */
  readonly exportTenant: {
    readonly input: {
      readonly id: string;
      /** wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240). */
      readonly prefer?: string | undefined;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: NoInput;
    };
    readonly output: Operation;
  };
  /** Move a tenant to another tier */
  readonly moveTenant: {
    readonly input: {
      readonly id: string;
      /** wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240). */
      readonly prefer?: string | undefined;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: Move;
    };
    readonly output: Operation;
  };
  /** Remove a tenant for good */
  readonly offboardTenant: {
    readonly input: {
      readonly id: string;
      /** wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240). */
      readonly prefer?: string | undefined;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: Offboarding;
    };
    readonly output: Operation;
  };
  /** Let a suspended tenant in again */
  readonly resumeTenant: {
    readonly input: {
      readonly id: string;
      /** wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240). */
      readonly prefer?: string | undefined;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: NoInput;
    };
    readonly output: Operation;
  };
  /** Shut a tenant out */
  readonly suspendTenant: {
    readonly input: {
      readonly id: string;
      /** wait=<seconds>, at most 28: answers once the operation has ended, or after that time (RFC 7240). */
      readonly prefer?: string | undefined;
      /** Makes it safe to send the request again: within a day, the same key with the same request has the effect once and gets the same answer. */
      readonly idempotencyKey?: string | undefined;
      readonly body: Suspension;
    };
    readonly output: Operation;
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
    parameters: { idempotencyKey: ["header", "Idempotency-Key"] },
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
  exportTenant: {
    method: "POST",
    path: "/control/v1/tenants/{id}/export",
    parameters: {
      id: ["path", "id"],
      prefer: ["header", "Prefer"],
      idempotencyKey: ["header", "Idempotency-Key"],
    },
    body: "application/json",
    answers: "json",
  },
  moveTenant: {
    method: "POST",
    path: "/control/v1/tenants/{id}/move",
    parameters: {
      id: ["path", "id"],
      prefer: ["header", "Prefer"],
      idempotencyKey: ["header", "Idempotency-Key"],
    },
    body: "application/json",
    answers: "json",
  },
  offboardTenant: {
    method: "POST",
    path: "/control/v1/tenants/{id}/offboard",
    parameters: {
      id: ["path", "id"],
      prefer: ["header", "Prefer"],
      idempotencyKey: ["header", "Idempotency-Key"],
    },
    body: "application/json",
    answers: "json",
  },
  resumeTenant: {
    method: "POST",
    path: "/control/v1/tenants/{id}/resume",
    parameters: {
      id: ["path", "id"],
      prefer: ["header", "Prefer"],
      idempotencyKey: ["header", "Idempotency-Key"],
    },
    body: "application/json",
    answers: "json",
  },
  suspendTenant: {
    method: "POST",
    path: "/control/v1/tenants/{id}/suspend",
    parameters: {
      id: ["path", "id"],
      prefer: ["header", "Prefer"],
      idempotencyKey: ["header", "Idempotency-Key"],
    },
    body: "application/json",
    answers: "json",
  },
} as const satisfies Routes;
