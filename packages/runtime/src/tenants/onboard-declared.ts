import { isCodedError } from "@tenantry/base";
import type { Platform, PlatformTenant, TenantId } from "@tenantry/model";
import type { TenantDatabase } from "../database/tenant-database.ts";
import type { TenantStatus } from "./tenant.ts";

/** A declared tenant that stays as it is: it was moved, or shut out, or has left. */
export interface TenantLeftAlone {
  readonly kind: "tenant-left-alone";
  readonly tenant: TenantId;
  readonly status: TenantStatus | "offboarded";
  readonly tier: string;
  readonly declaredTier: string;
}

type OnLeftAlone = (event: TenantLeftAlone) => void;

const onboardingConcurrency = 4;

/**
 * Makes the tenants that the definition declares and that are not there yet. A few at a time: each
 * creates roles, schemas or databases, which take locks of the whole server.
 */
export async function onboardDeclared(
  platform: Platform,
  database: TenantDatabase,
  onLeftAlone: OnLeftAlone,
): Promise<void> {
  const queue = Object.values(platform.tenants);
  const worker = async () => {
    for (let tenant = queue.shift(); tenant; tenant = queue.shift()) {
      const { id, tier, placement } = tenant;
      if (await isLeftAlone(tenant, database, onLeftAlone)) continue;
      const { tenantStore } = platform;
      const isolation = tenantStore === null ? undefined : platform.tiers[tier]?.stores[tenantStore];
      try {
        await database.onboard({ id, tier, isolation: isolation ?? "pool", placement });
      } catch (error) {
        // An operation that a crash has interrupted goes on as soon as the operations are open.
        if (!isCodedError(error) || error.code !== "RUNTIME_TENANT_BUSY") throw error;
        const status = (await database.registry.find(id))?.status ?? "offboarding";
        onLeftAlone({ kind: "tenant-left-alone", tenant: id, status, tier, declaredTier: tier });
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: onboardingConcurrency }, worker));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/**
 * What was done to a tenant counts for more than what was once declared: one that was moved stays
 * where it is, one that was shut out stays out, and one that has left is not made again.
 */
async function isLeftAlone(
  { id, tier }: PlatformTenant,
  database: TenantDatabase,
  onLeftAlone: OnLeftAlone,
): Promise<boolean> {
  const found = await database.registry.find(id);
  if (found === undefined) {
    if (!(await database.hasLeft(id))) return false;
    onLeftAlone({ kind: "tenant-left-alone", tenant: id, status: "offboarded", tier, declaredTier: tier });
    return true;
  }
  const { status } = found;
  if (status === "provisioning" || status === "failed") return false;
  if (status !== "active" || found.tier !== tier)
    onLeftAlone({ kind: "tenant-left-alone", tenant: id, status, tier: found.tier, declaredTier: tier });
  return true;
}
