// Quotas: their values and what a shipment uses of them. Apart from the index, because a server that only audits its database
// loads that.
export type { TenantLimit, TierCapacity } from "./quotas/capacity.ts";
export { checkQuotas, type QuotaOptions } from "./quotas/check-quotas.ts";
export type { Quota } from "./quotas/quota.ts";
export { quotaDataVersion, quotaOf, quotas } from "./quotas/quota-data.ts";
export type { MixCapacity, QuotaReport, QuotaUse } from "./quotas/quota-report.ts";
export { countUsage, type FurtherTenant, type QuotaUsage } from "./quotas/quota-usage.ts";
export { quotaUses } from "./quotas/quota-uses.ts";
export type { QuotaOverrides } from "./quotas/quota-value.ts";
