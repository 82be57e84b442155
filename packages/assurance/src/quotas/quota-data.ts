import { assert } from "@tenantry/base";
import { accountQuotas } from "./data/account-quotas.ts";
import { computeQuotas } from "./data/compute-quotas.ts";
import { networkQuotas } from "./data/network-quotas.ts";
import type { Quota } from "./quota.ts";

/** A later one whenever a value, or what is said of it, changes. */
export const quotaDataVersion = "2026-11-21";

/** The quotas that a platform can come up against. Nothing else in the product says their values. */
export const quotas: readonly Quota[] = Object.freeze([...computeQuotas, ...networkQuotas, ...accountQuotas]);

const byId: ReadonlyMap<string, Quota> = new Map(quotas.map((quota) => [quota.id, quota]));

export function quotaOf(id: string): Quota {
  const quota = byId.get(id);
  assert(quota !== undefined, `there is no quota ${id}`);
  return quota;
}
