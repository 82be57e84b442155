import type { Isolation, TenantId } from "@tenantry/model";

/** A tenant as the registry knows it. */
export interface Tenant {
  readonly id: TenantId;
  readonly tier: string;
  /** Where the tenant's rows are: shared tables, a schema of its own, a database of its own. */
  readonly isolation: Isolation;
  readonly status: TenantStatus;
  readonly placement: { readonly cell: number; readonly slot: number };
  /** The migration that the tenant's tables have reached. */
  readonly schemaVersion: number;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** The schema and role, or database and role, that it has to itself; absent and null in the pool. */
  readonly objectName?: string | null;
  /** How many tenants have had this id, this one included; the first where absent. */
  readonly life?: number;
  /** While a tenant moves its rows are read and not written; "open" where absent. */
  readonly writes?: "open" | "fenced";
}

/**
 * absent ──▶ provisioning ──▶ active ◀──▶ suspended
 *              │    ▲            │            │
 *              ▼    │            └─────┬──────┘
 *             failed                   ▼
 *                                 offboarding ──▶ absent, with a certificate
 *
 * A suspended tenant is shut out and keeps its data. One that is offboarding is shut out for good
 * unless that is cancelled within its grace period.
 */
export const tenantStatuses = ["provisioning", "active", "suspended", "offboarding", "failed"] as const;
export type TenantStatus = (typeof tenantStatuses)[number];
