import { fixed } from "../charge.ts";
import type { CostOf } from "./cost-of.ts";

export const costOfRegionSwitchPlan: CostOf = () => [
  fixed("recovery", { service: "arc", item: "Region switch plan" }, { quantity: 1, basis: "one plan" }),
];
