import type { Isolation, TenantId } from "@tenantry/model";
import type { Tenant, TenantStatus } from "./tenant.ts";

/** A row of the registry. */
export interface TenantRow {
  readonly tenant_id: string;
  readonly tier: string;
  readonly isolation: Isolation;
  readonly status: TenantStatus;
  readonly cell: number;
  readonly slot: number;
  readonly schema_version: number;
  readonly created_at: Date;
  readonly sealed_with: string;
  readonly last_error: string | null;
  readonly object_name: string | null;
  readonly life: number;
  readonly writes: "open" | "fenced";
  readonly other_isolation: Isolation | null;
  readonly other_object_name: string | null;
}

export const tenantColumns =
  "tenant_id, tier, isolation, status, cell, slot, schema_version, created_at, sealed_with, last_error, " +
  "object_name, life, writes, other_isolation, other_object_name";

export function tenantOf(row: TenantRow): Tenant {
  return Object.freeze({
    id: row.tenant_id as TenantId,
    tier: row.tier,
    isolation: row.isolation,
    status: row.status,
    placement: Object.freeze({ cell: row.cell, slot: row.slot }),
    schemaVersion: row.schema_version,
    createdAt: row.created_at.toISOString(),
    objectName: row.object_name,
    life: row.life,
    writes: row.writes,
  });
}
