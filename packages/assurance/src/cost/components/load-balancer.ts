import {
  type CostOutcome,
  countText,
  everybody,
  fixed,
  hoursPerMonth,
  notPriced,
  secondsPerMonth,
  type Sharers,
  usage,
} from "../charge.ts";
import { listAt, objectsAt, textAt } from "../property.ts";
import type { Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";

/*
 * What one capacity unit of an Application Load Balancer holds; that of which most is used is what counts.
 * https://aws.amazon.com/elasticloadbalancing/pricing/
 */
const connectionsPerSecond = 25;
const gibPerHour = 1;
const evaluationsPerSecond = 1000;
/** So many rules are evaluated for each request without charge. */
const includedRules = 10;

export const costOfLoadBalancer: CostOf = ({ properties }, site) => {
  const type = textAt(properties, "Type") ?? "application";
  if (type !== "application")
    return [notPriced(`load balancer of type ${type}`, "only application load balancers are priced")];
  const sharers: Sharers = site.cell === null ? everybody : { kind: "cell", cell: site.cell };
  const isPublic = (textAt(properties, "Scheme") ?? "internet-facing") === "internet-facing";
  const zones = Math.max(
    listAt(properties, "Subnets").length,
    objectsAt(properties, "SubnetMappings").length,
  );
  return [
    fixed(
      "load-balancers",
      { service: "alb", item: "ALB hour" },
      {
        quantity: hoursPerMonth,
        basis: `one load balancer, ${hoursPerMonth} hours`,
        sharers,
      },
    ),
    capacityUnits(site, sharers),
    ...(isPublic && zones > 0
      ? [
          fixed(
            "network",
            { service: "ec2", item: "Public IPv4 address" },
            {
              quantity: zones * hoursPerMonth,
              basis: `an address in each of ${zones} subnets`,
              sharers,
            },
          ),
        ]
      : []),
  ];
};

function capacityUnits(site: Site, sharers: Sharers): CostOutcome {
  const { requests, egressGiB } = site.demand(sharers);
  const perSecond = requests / secondsPerMonth;
  // A request is held against the rules in their order until one fits: against half of them on average.
  const rules = (site.cell === null ? 0 : site.inRegion.listenerRules(site.cell)) / 2;
  const dimensions = [
    [perSecond / site.usage.requestsPerConnection / connectionsPerSecond, "new connections"],
    [egressGiB / hoursPerMonth / gibPerHour, "bytes"],
    [(perSecond * Math.max(0, rules - includedRules)) / evaluationsPerSecond, "evaluated rules"],
  ] as const;
  const [units, most] = dimensions.reduce((a, b) => (b[0] > a[0] ? b : a));
  return usage(
    "load-balancers",
    { service: "alb", item: "ALB LCU" },
    {
      quantity: units * hoursPerMonth,
      basis: `${countText(requests)} requests and ${countText(egressGiB)} GiB a month; most in ${most}`,
      assumes: ["requestsPerTenant", "requestsPerConnection", "egressGiBPerTenant"],
      sharers,
    },
  );
}
