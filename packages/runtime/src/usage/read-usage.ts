import type { TenantId } from "@tenantry/model";
import type { StoreOptions, TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import type { UsageMeter } from "./usage-meter.ts";
import { readUsageRows } from "./usage-queries.ts";
import { type UsagePeriod, type UsageReport, usageReport } from "./usage-report.ts";

/** What one tenant used, with what this process has not written yet where its meter is given. */
export async function readTenantUsage(
  store: TenantStore,
  tenant: Tenant,
  period: UsagePeriod,
  options: StoreOptions & { readonly meter?: Pick<UsageMeter, "withUnwritten"> },
): Promise<UsageReport> {
  const read = () => readUsageRows(store, tenant, period, options);
  if (options.meter === undefined) return usageReport(period, await read());
  const { rows, unwritten } = await options.meter.withUnwritten(tenant, read);
  return usageReport(period, rows, unwritten);
}

/** What one of many tenants used. */
export interface TenantUsage {
  readonly tenant: Tenant;
  /** Null where the tenant is not active, so that its data is not read. */
  readonly usage: UsageReport | null;
}

const readsAtOnce = 4;

/**
 * What the tenants of a page used, in the order of their ids. Each tenant's rows are read through
 * the door, a few at once, because no role that serves requests reads across tenants. It is as old
 * as the last write of each process, which is ten seconds at most.
 */
export async function readUsage(
  store: TenantStore,
  registry: TenantRegistry,
  period: UsagePeriod,
  page: { readonly limit: number; readonly after?: TenantId },
  options: StoreOptions = {},
): Promise<{ readonly tenants: readonly TenantUsage[]; readonly more: boolean }> {
  const { tenants, more } = await registry.list(page);
  const found: TenantUsage[] = [];
  const indices = tenants.keys();
  const work = async () => {
    for (const index of indices) {
      const tenant = tenants[index] as Tenant;
      const usage = tenant.status === "active" ? await readTenantUsage(store, tenant, period, options) : null;
      found[index] = { tenant, usage };
    }
  };
  await Promise.all(Array.from({ length: readsAtOnce }, work));
  return { tenants: found, more };
}
