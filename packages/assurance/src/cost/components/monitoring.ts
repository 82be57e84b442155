import { countText, everybody, fixed, noCharge, usage } from "../charge.ts";
import { isTrueAt, numberAt, objectsAt, textAt } from "../property.ts";
import type { Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";

/** An alarm is charged for each metric that it looks at, and more where it looks more often than each minute. */
export const costOfAlarm: CostOf = ({ properties }) => {
  const queries = objectsAt(properties, "Metrics");
  const metrics = Math.max(1, queries.filter((one) => one["MetricStat"] !== undefined).length);
  const bands = queries.some((one) => textAt(one, "Expression")?.includes("ANOMALY_DETECTION_BAND") === true);
  // A band is a metric of its upper and one of its lower edge.
  const count = bands ? metrics + 2 : metrics;
  const periods = [properties, ...queries].map(
    (one) => numberAt(one, "Period") ?? numberAt(one, "MetricStat", "Period"),
  );
  const isHigh = periods.some((seconds) => seconds !== null && seconds < 60);
  return [
    fixed(
      "monitoring",
      { service: "cloudwatch", item: `Alarm ${isHigh ? "high" : "standard"} resolution` },
      {
        quantity: count,
        basis: `looks at ${count} metric${count === 1 ? "" : "s"}`,
      },
    ),
  ];
};

export const costOfCompositeAlarm: CostOf = () => [
  fixed(
    "monitoring",
    { service: "cloudwatch", item: "Composite alarm" },
    { quantity: 1, basis: "one alarm" },
  ),
];

export const costOfDashboard: CostOf = () => [
  fixed("monitoring", { service: "cloudwatch", item: "Dashboard" }, { quantity: 1, basis: "one dashboard" }),
];

export const costOfMetricFilter: CostOf = ({ properties }) => {
  const metrics = Math.max(1, objectsAt(properties, "MetricTransformations").length);
  return [
    fixed(
      "monitoring",
      { service: "cloudwatch", item: "Custom metric first 10k" },
      {
        quantity: metrics,
        basis: `makes ${metrics} metric${metrics === 1 ? "" : "s"} of a log`,
      },
    ),
  ];
};

/** The rule for all paths says how many requests leave a trace. */
export const costOfSamplingRule: CostOf = ({ properties }, site) => {
  if (textAt(properties, "SamplingRule", "URLPath") !== "*") {
    return [noCharge("samples a path that only the platform itself asks for, such as a health check")];
  }
  const traces = tracesOf(numberAt(properties, "SamplingRule", "FixedRate") ?? 0, site);
  return traces === 0
    ? [noCharge("nobody is traced while its region waits")]
    : [
        usage(
          "tracing",
          { service: "xray", item: "Traces recorded" },
          {
            quantity: traces,
            basis: `${countText(traces)} of the requests, by the FixedRate of the rule for every path`,
            assumes: ["requestsPerTenant"],
          },
        ),
      ];
};

export const costOfTraceGroup: CostOf = ({ properties }, site) => {
  if (!isTrueAt(properties, "InsightsConfiguration", "InsightsEnabled")) {
    return [noCharge("a group without insights costs nothing")];
  }
  const rates = site.peers
    .filter(({ type }) => type === "AWS::XRay::SamplingRule")
    .filter((rule) => textAt(rule.properties, "SamplingRule", "URLPath") === "*")
    .map((rule) => numberAt(rule.properties, "SamplingRule", "FixedRate") ?? 0);
  const traces = tracesOf(Math.max(0, ...rates), site);
  return traces === 0
    ? [noCharge("nobody is traced while its region waits")]
    : [
        usage(
          "tracing",
          { service: "xray", item: "Insights traces" },
          {
            quantity: traces,
            basis: `${countText(traces)} recorded traces, which insights read`,
            assumes: ["requestsPerTenant"],
          },
        ),
      ];
};

function tracesOf(rate: number, site: Site): number {
  return site.demand(everybody).requests * rate;
}
