import type { Platform } from "@tenantry/model";
import type { CfnWebACL } from "aws-cdk-lib/aws-wafv2";

type Waf = NonNullable<Platform["edge"]["waf"]>;
type ManagedRule = Waf["managedRules"][number];
type RateRule = Waf["rateRules"][number];
type Rule = Omit<CfnWebACL.RuleProperty, "priority">;

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const groups: Readonly<Record<ManagedRule, string>> = {
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

/** Rules that only count, by group. */
const counted: Readonly<Partial<Record<ManagedRule, readonly string[]>>> = {
  // It blocks bodies above 8 KiB, so every upload and every larger document. Services bound their bodies themselves.
  common: ["SizeRestrictions_BODY"],
};

export function managedRule(rule: ManagedRule): Rule {
  const name = groups[rule];
  return {
    name: rule,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ...(rule === "bot-control"
          ? {
              // The targeted level asks browsers for proofs, and costs ten times as much.
              managedRuleGroupConfigs: [{ awsManagedRulesBotControlRuleSet: { inspectionLevel: "COMMON" } }],
            }
          : {}),
        ...(counted[rule] === undefined
          ? {}
          : {
              ruleActionOverrides: counted[rule].map((one) => ({ name: one, actionToUse: { count: {} } })),
            }),
      },
    },
    visibilityConfig: visibility(rule),
  };
}

/** Blocks a source that asks too often, with the status that says so. */
export function rateRule(rule: RateRule): Rule {
  return {
    name: rule.name,
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          responseHeaders: [{ name: "Retry-After", value: String(rule.windowSeconds) }],
        },
      },
    },
    statement: {
      rateBasedStatement: {
        limit: rule.requests,
        evaluationWindowSec: rule.windowSeconds,
        ...sourceOf(rule.by),
        ...(rule.path === "/" ? {} : { scopeDownStatement: pathsBelow(rule.path) }),
      },
    },
    visibilityConfig: visibility(rule.name),
  };
}

function sourceOf(by: RateRule["by"]): Omit<CfnWebACL.RateBasedStatementProperty, "limit"> & {
  readonly aggregateKeyType: string;
} {
  switch (by) {
    case "ip":
      return { aggregateKeyType: "IP" };
    case "forwarded-ip":
      return {
        aggregateKeyType: "FORWARDED_IP",
        // Whoever leaves the header out or writes nonsense into it is counted as one source, and does not go free.
        forwardedIpConfig: { headerName: "X-Forwarded-For", fallbackBehavior: "MATCH" },
      };
    case "host":
      return {
        aggregateKeyType: "CUSTOM_KEYS",
        customKeys: [{ header: { name: "host", textTransformations: [{ priority: 0, type: "LOWERCASE" }] } }],
      };
  }
}

/** The path as the program will see it: written with percent signs it is the same path. */
function pathsBelow(path: string): CfnWebACL.StatementProperty {
  return {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: "STARTS_WITH",
      searchString: path,
      textTransformations: [
        { priority: 0, type: "URL_DECODE" },
        { priority: 1, type: "NORMALIZE_PATH" },
      ],
    },
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
