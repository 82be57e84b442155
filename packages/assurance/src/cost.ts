export type { TenantCost, UnusedReason } from "./cost/allocate.ts";
export { countText } from "./cost/charge.ts";
export { compareCosts, type CostComparison } from "./cost/compare-costs.ts";
export { type AllocationKey, type ComponentInfo, componentTable } from "./cost/component-table.ts";
export type { CostLine, CostMark, UnpricedItem } from "./cost/cost-line.ts";
export {
  type Assumption,
  type ComponentCost,
  type CostEstimate,
  type CostSplit,
  estimateCost,
  type TierCost,
} from "./cost/estimate-cost.ts";
export { formatUsd, type MicroUsd, microUsd, splitByWeight, usdOf } from "./cost/money.ts";
export { roundTogether } from "./cost/round-together.ts";
export { pricesOfOffer, withPrices } from "./cost/prices/offer-file.ts";
export { type Price, type PriceList, readPriceList, shippedPrices } from "./cost/prices/price-list.ts";
