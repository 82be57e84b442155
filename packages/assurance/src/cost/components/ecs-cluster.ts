import type { Resource } from "../../artifacts/shipment.ts";
import { fixed, noCharge, notPriced } from "../charge.ts";
import { objectsAt, textAt } from "../property.ts";
import type { CostOf } from "./cost-of.ts";

/** Container Insights reports so many metrics of each cluster. https://aws.amazon.com/cloudwatch/pricing/ */
const metricsPerCluster = 8;

/** A cluster itself costs nothing; what Container Insights tells of it does. */
export const costOfEcsCluster: CostOf = (cluster) => {
  const setting = containerInsightsOf(cluster);
  if (setting === "enabled") {
    return [
      fixed(
        "monitoring",
        { service: "cloudwatch", item: "Custom metric first 10k" },
        {
          quantity: metricsPerCluster,
          basis: `Container Insights: ${metricsPerCluster} metrics of the cluster`,
        },
      ),
    ];
  }
  return setting === "enhanced"
    ? [
        notPriced(
          "Container Insights with enhanced observability",
          "how many observations it makes is not assumed",
        ),
      ]
    : [noCharge("a cluster without Container Insights costs nothing")];
};

/** "enabled", "enhanced" or "disabled". */
export function containerInsightsOf({ properties }: Resource): string {
  const setting = objectsAt(properties, "ClusterSettings").find(
    (one) => textAt(one, "Name") === "containerInsights",
  );
  return (setting === undefined ? null : textAt(setting, "Value")) ?? "disabled";
}
