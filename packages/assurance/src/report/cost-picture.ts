import type { CostEstimate } from "../cost/estimate-cost.ts";
import type { CostBar, CostPicture } from "./check-report.ts";

/** More tenants than this are told by tier. */
const tenantsMax = 12;

/** The picture of an estimate. Its sums are the estimate's. */
export function costPicture({
  monthlyMicroUsd,
  components,
  tenants,
  tiers,
  unpriced,
}: CostEstimate): CostPicture {
  const bars =
    tenants.length <= tenantsMax
      ? tenants.map(({ id, totalMicroUsd }) => ({ name: id, monthlyMicroUsd: totalMicroUsd }))
      : tiers.map((one) => ({
          name: `${one.tier}, ${one.tenants} tenants`,
          monthlyMicroUsd: one.totalMicroUsd,
        }));
  return {
    monthlyMicroUsd,
    components: dearestFirst(components.map(({ title, ...one }) => ({ ...one, name: title }))),
    tenants: dearestFirst(bars),
    unpriced: unpriced.length,
  };
}

function dearestFirst(bars: readonly CostBar[]): readonly CostBar[] {
  return bars
    .map(({ name, monthlyMicroUsd }) => ({ name, monthlyMicroUsd }))
    .toSorted(
      (one, other) => other.monthlyMicroUsd - one.monthlyMicroUsd || (one.name < other.name ? -1 : 1),
    );
}
