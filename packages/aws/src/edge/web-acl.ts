import type { Platform } from "@tenantry/model";
import { Fn } from "aws-cdk-lib";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { CfnLoggingConfiguration, CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import { acknowledge } from "../stack/acknowledge.ts";
import { protectData } from "../stack/data-protection.ts";
import { managedRule, rateRule } from "./web-acl-rules.ts";

export interface WebAclProps {
  /** Unique in the account, region and scope. */
  readonly name: string;
  /** CLOUDFRONT stands in us-east-1 only. */
  readonly scope: "CLOUDFRONT" | "REGIONAL";
  readonly waf: NonNullable<Platform["edge"]["waf"]>;
  readonly logs: {
    readonly retentionDays: number;
    /** ARN of a key in this region; null takes AWS's own. */
    readonly keyArn: string | null;
  };
  /** Names of headers that never stand in the log, besides authorization and cookie. */
  readonly secretHeaders: readonly string[];
  readonly dataProtection: Platform["dataProtection"];
}

/** A web ACL with its log. What no rule blocks is let in. A distribution names its web ACL itself; a load balancer is associated with it. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { waf } = props;
    const rules = [...waf.rateRules.map(rateRule), ...waf.managedRules.map(managedRule)];
    const acl = new CfnWebACL(this, "Resource", {
      name: props.name,
      description: "What is kept away from the platform.",
      scope: props.scope,
      defaultAction: { allow: {} },
      // Rates come first, so that a flood is not looked at by every other rule.
      rules: rules.map((rule, priority) => ({ ...rule, priority })),
      visibilityConfig: {
        metricName: props.name,
        cloudWatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
      },
    });
    this.arn = acl.attrArn;
    this.#log(props);
  }

  #log(props: WebAclProps): void {
    const group = new CfnLogGroup(this, "Log", {
      // AWS WAF delivers into groups only that begin so.
      logGroupName: `aws-waf-logs-${props.name}`,
      retentionInDays: props.logs.retentionDays,
      ...(props.logs.keyArn === null ? {} : { kmsKeyId: props.logs.keyArn }),
    });
    protectData(group, props.dataProtection, "retain");
    const headers = new Set(["authorization", "cookie", ...props.secretHeaders]);
    new CfnLoggingConfiguration(this, "Logging", {
      resourceArn: this.arn,
      // The group's ARN ends in :*, and WAF wants it without.
      logDestinationConfigs: [Fn.select(0, Fn.split(":*", group.attrArn))],
      redactedFields: [...headers].map((header) => ({ singleHeader: { Name: header } })),
    });
    if (props.logs.keyArn === null) {
      acknowledge(
        group,
        "AwsSolutions-CW1",
        "AWS's own key encrypts it; a key of ours is in another region.",
      );
    }
  }
}
