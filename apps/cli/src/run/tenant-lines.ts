import type { TenantView } from "@tenantry/toolkit";

/** One tenant for a person: the id, then what is known of it. */
export function tenantLines(tenant: TenantView): readonly string[] {
  return [
    tenant.id,
    `  address    ${tenant.url}`,
    `  tier       ${tenant.tier}`,
    `  isolation  ${tenant.isolation}`,
    `  status     ${tenant.status}`,
    `  placement  cell ${tenant.placement.cell}, slot ${tenant.placement.slot}`,
    `  since      ${tenant.createdAt}`,
  ];
}
