import { type Finding, notApplicable, refuted } from "../../rule.ts";
import type { PostureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { listAt, textAt, valueAt } from "../read-value.ts";

/** Rule groups by their names in the definition: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const ruleGroups: Readonly<Record<string, string>> = {
  common: "AWSManagedRulesCommonRuleSet",
  "known-bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet",
  "sql-injection": "AWSManagedRulesSQLiRuleSet",
  "ip-reputation": "AWSManagedRulesAmazonIpReputationList",
  "anonymous-ip": "AWSManagedRulesAnonymousIpList",
  linux: "AWSManagedRulesLinuxRuleSet",
  unix: "AWSManagedRulesUnixRuleSet",
  "admin-protection": "AWSManagedRulesAdminProtectionRuleSet",
  "bot-control": "AWSManagedRulesBotControlRuleSet",
};

export const firewallAsAsked: PostureRule = {
  id: "posture/firewall-as-asked",
  why: "A web ACL that stands in front of nothing, or only counts, keeps nobody out.",
  fix: "Attach the web ACL where edge.waf says, with its rule groups, and let them block.",
  judge: (posture) => {
    const { definition, ofType, shipment } = posture;
    const { waf } = definition.edge;
    if (waf === null) return [notApplicable(shipment.environment, "the definition has no edge.waf")];
    const acls = ofType("AWS::WAFv2::WebACL");
    if (acls.length === 0) return [refuted(shipment.environment, "no web ACL is shipped")];
    return [
      ...acls.flatMap((acl) => {
        const rules = listAt(acl.properties, "Rules");
        const named = rules.map((rule) => textAt(rule, "Statement", "ManagedRuleGroupStatement", "Name"));
        const counting = rules.filter((rule) =>
          ["OverrideAction", "Action"].some((action) => valueAt(rule, action, "Count") !== undefined),
        );
        return [
          ...waf.managedRules
            .map((group) => ruleGroups[group] ?? group)
            .filter((name) => !named.includes(name))
            .map((name) => refuted(acl.key, `${name} is missing`)),
          ...counting.map((rule) =>
            refuted(acl.key, `the rule ${textAt(rule, "Name") ?? ""} counts and blocks nothing`),
          ),
          ...(rules.filter((rule) => valueAt(rule, "Statement", "RateBasedStatement") !== undefined).length <
          waf.rateRules.length
            ? [
                refuted(
                  acl.key,
                  `it has fewer limits per source than the ${waf.rateRules.length} of the definition`,
                ),
              ]
            : []),
        ];
      }),
      ...judgeAttachment(posture, waf.attachTo),
    ];
  },
};

function judgeAttachment({ ofType }: Posture, attachTo: "cloudfront" | "load-balancer"): readonly Finding[] {
  if (attachTo === "cloudfront")
    return ofType("AWS::CloudFront::Distribution")
      .filter(({ properties }) => {
        const acl = textAt(properties, "DistributionConfig", "WebACLId");
        return acl === undefined || acl === "";
      })
      .map(({ key }) => refuted(key, "WebACLId is missing: requests reach it unfiltered"));
  const attached = ofType("AWS::WAFv2::WebACLAssociation").map(({ properties }) =>
    textAt(properties, "ResourceArn"),
  );
  return ofType("AWS::ElasticLoadBalancingV2::LoadBalancer")
    .filter(({ physicalId, stack }) => stack.role === "primary" && !attached.includes(physicalId))
    .map(({ key }) => refuted(key, "no web ACL is attached: requests reach it unfiltered"));
}
