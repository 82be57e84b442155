import type { Properties } from "../../artifacts/shipment.ts";
import {
  type Charge,
  type CostOutcome,
  countText,
  everybody,
  fixed,
  graduated,
  noCharge,
  notPriced,
  usage,
} from "../charge.ts";
import { isObject, objectsAt, textAt, valueAt } from "../property.ts";
import type { CostOf } from "./cost-of.ts";

/** https://aws.amazon.com/cloudfront/pricing/: the prices of the United States and Europe, where it is cheapest. */
const dataSteps = [
  { upTo: 10 * 1024, item: "Data out first 10 TB" },
  { upTo: 50 * 1024, item: "Data out next 40 TB" },
  { upTo: Number.POSITIVE_INFINITY, item: "Data out next 100 TB" },
];

export const costOfDistribution: CostOf = (_distribution, site) => {
  const { egressGiB, requests } = site.demand(everybody);
  const caution = "at the prices of the United States and Europe; other continents cost more";
  return [
    ...graduated(egressGiB, dataSteps).map(({ item, quantity }) =>
      usage(
        "edge",
        { service: "cloudfront", item },
        {
          quantity,
          basis: `${countText(egressGiB)} GiB to the internet a month`,
          assumes: ["egressGiBPerTenant"],
          caution,
        },
      ),
    ),
    usage(
      "edge",
      { service: "cloudfront", item: "HTTPS requests" },
      {
        quantity: requests,
        basis: `${countText(requests)} requests a month`,
        assumes: ["requestsPerTenant"],
        caution,
      },
    ),
  ];
};

/** Groups of rules that AWS charges for besides the rule. */
const chargedGroups = /^AWSManagedRules(BotControl|ATP|ACFP|AntiDDoS)/;

export const costOfWebAcl: CostOf = ({ properties }, site) => {
  if (textAt(properties, "Scope") === "CLOUDFRONT" && site.inPlatform.hasShieldAdvanced) {
    return [noCharge("Shield Advanced covers WAF for what it protects")];
  }
  const rules = objectsAt(properties, "Rules");
  const { requests } = site.demand(everybody);
  const charged = rules.map(chargedGroup).filter((name) => name !== null);
  const perRequest = usage(
    "edge",
    { service: "waf", item: "Requests" },
    {
      quantity: requests,
      basis: `${countText(requests)} requests a month`,
      assumes: ["requestsPerTenant"],
    },
  );
  return [
    fixed("edge", { service: "waf", item: "Web ACL" }, { quantity: 1, basis: "one web ACL" }),
    ...(rules.length === 0
      ? []
      : [
          fixed(
            "edge",
            { service: "waf", item: "Rule" },
            {
              quantity: rules.length,
              basis: `${rules.length} rules and managed groups`,
            },
          ),
        ]),
    ...(requests > 0 ? [perRequest] : []),
    ...charged.map((name): CostOutcome =>
      notPriced(name, "AWS charges for this group of rules besides the rule"),
    ),
  ];
};

function chargedGroup(rule: Properties): string | null {
  const group = valueAt(rule, "Statement", "ManagedRuleGroupStatement");
  const name = isObject(group) ? textAt(group, "Name") : null;
  return name !== null && chargedGroups.test(name) ? name : null;
}

export const costOfHostedZone: CostOf = () => [
  fixed(
    "dns",
    { service: "route53", item: "Hosted zone" },
    {
      quantity: 1,
      basis: "one zone; questions that lead to AWS cost nothing",
    },
  ),
];

export const costOfHealthCheck: CostOf = ({ properties }) => {
  const type = textAt(properties, "HealthCheckConfig", "Type") ?? "HTTP";
  const isOwn = type === "CLOUDWATCH_METRIC" || type === "CALCULATED";
  const features = isOwn
    ? []
    : [
        ...(type.startsWith("HTTPS") ? ["HTTPS"] : []),
        ...(type.endsWith("STR_MATCH") ? ["search in the answer"] : []),
        ...(valueAt(properties, "HealthCheckConfig", "RequestInterval") === 10 ? ["every 10 seconds"] : []),
        ...(valueAt(properties, "HealthCheckConfig", "MeasureLatency") === true ? ["latency"] : []),
      ];
  return [
    fixed(
      "dns",
      { service: "route53", item: "Health check, AWS endpoint" },
      {
        quantity: 1,
        basis: `one health check of type ${type}`,
      },
    ),
    ...(features.length === 0
      ? []
      : [
          fixed(
            "dns",
            { service: "route53", item: "Health check optional feature, AWS endpoint" },
            {
              quantity: features.length,
              basis: features.join(", "),
            },
          ),
        ]),
  ];
};

/** Protections exist only under a subscription, which is one for a whole organization. */
export const shieldAdvanced: Charge = fixed(
  "protection",
  { service: "shield", item: "Advanced subscription" },
  {
    quantity: 1,
    basis: "AWS::Shield::Protection needs the subscription, which is committed for a year",
    caution: "one for all accounts of an AWS organization: nothing where it is subscribed already",
  },
);
