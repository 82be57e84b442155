import type { TenantId } from "@tenantry/model";
import type { Tenant } from "./tenant.ts";

/** What the gateway and the control plane know of tenants. */
export interface TenantRegistry {
  /** One tenant; served from a bounded cache that forgets a tenant as soon as it changes. */
  find(id: string): Promise<Tenant | undefined>;
  /** The same where the cache knows it; undefined where the database has to be asked. */
  cached?(id: TenantId): Tenant | undefined;
  /** A page of tenants in the order of their ids. */
  list(page: { readonly limit: number; readonly after?: TenantId }): Promise<{
    readonly tenants: readonly Tenant[];
    /** Whether more follow. */
    readonly more: boolean;
  }>;
  /** How many tenants there are. */
  count(): Promise<number>;
}
