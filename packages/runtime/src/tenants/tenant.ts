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
}

export type TenantStatus = "provisioning" | "active" | "failed";
