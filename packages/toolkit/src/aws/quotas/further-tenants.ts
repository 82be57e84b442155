import type { FurtherTenant } from "@tenantry/assurance/quotas";
import type { TenantPlacements } from "@tenantry/aws";
import { type DeployedTenant, isLeaving } from "../../tenants-on-aws/deployed-tenants.ts";

/** Tenants that commands added and that the placements do not name: they use quotas too. */
export function furtherTenants(
  deployed: readonly DeployedTenant[],
  { tenants }: Pick<TenantPlacements, "tenants">,
): readonly FurtherTenant[] {
  return deployed
    .filter((tenant) => tenant.isAdded && !isLeaving(tenant) && !Object.hasOwn(tenants, tenant.id))
    .flatMap(({ tier, placement }) =>
      tier === null || placement === null ? [] : [{ tier, cell: placement.cell }],
    );
}
