import { defineErrors } from "@tenantry/base";

/** What a platform may ask for that AWS does not hold. */
export const errors = defineErrors({
  AWS_TEMPLATE_TOO_LARGE: {
    message: (p: {
      readonly file: string;
      readonly what: string;
      readonly count: number;
      readonly limit: number;
    }) => `${p.file} has ${p.count} ${p.what}, and CloudFormation takes ${p.limit}`,
    fix: () => "give the environment fewer services and stores, or divide it into two platforms",
    retriable: false,
  },
  AWS_CELL_CAPACITY: {
    message: (p: {
      readonly capacity: number;
      readonly tenants: number;
      readonly quota: string;
      readonly value: number;
      readonly code: string | null;
    }) =>
      `a cell is to hold ${p.capacity} tenants, but "${p.quota}" (${p.value}) leaves room for ${p.tenants}`,
    fix: (p: { readonly tenants: number; readonly code: string | null }) =>
      p.code === null
        ? `set cells.capacity to ${p.tenants} or less; AWS does not raise this quota`
        : `set cells.capacity to ${p.tenants} or less, or have the quota ${p.code} raised and say so in cells.quotas`,
    retriable: false,
  },
});
