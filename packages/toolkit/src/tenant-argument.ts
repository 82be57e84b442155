import { isTenantId, reservedTenantIds, type TenantId } from "@tenantry/model";
import { errors } from "./errors.ts";

/** @throws TOOLKIT_TENANT_ID_INVALID for what cannot be a tenant's id */
export function requireTenantId(tenant: string): TenantId {
  if (!isTenantId(tenant)) throw errors.TOOLKIT_TENANT_ID_INVALID({ tenant });
  return tenant;
}

/** @throws TOOLKIT_TENANT_ID_RESERVED for an id whose host is the platform's own; see the model */
export function requireFreeTenantId(tenant: string): TenantId {
  if (reservedTenantIds.includes(tenant)) throw errors.TOOLKIT_TENANT_ID_RESERVED({ tenant });
  return requireTenantId(tenant);
}
