import type { PlatformService } from "@tenantry/model";
import { CfnListenerRule, CfnTargetGroup } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { assumedBy, policyDocument } from "../policy/policy-document.ts";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";

export interface ServiceTargetsProps {
  readonly service: Pick<PlatformService, "port" | "protocol" | "health">;
  readonly vpcId: string;
  readonly listenerArn: string;
  /** Place of the rule in the listener, 1 to 50000. */
  readonly priority: number;
  readonly conditions: readonly CfnListenerRule.RuleConditionProperty[];
  /** Name of the target group; null lets CloudFormation make one. */
  readonly name: string | null;
  /** Whether releases move the traffic from one target group to another (blue/green, canary), and need two. */
  readonly shiftsTraffic: boolean;
  /** ARN of the policy beyond which the role that moves the traffic cannot go; null for none. */
  readonly permissionsBoundary: string | null;
}

/** What moves the traffic of a release. */
export interface TrafficShift {
  readonly alternateTargetGroupArn: string;
  readonly alternateTargetGroupFullName: string;
  /** ARN of the role by which ECS changes rule and targets. */
  readonly roleArn: string;
}

/** Seconds that a target still answers what it has, after it gets nothing new. */
const deregistrationSeconds = 60;

/** How the load balancer reaches a service: its target group, or two, and the rule that forwards to it. */
export class ServiceTargets extends Construct {
  readonly targetGroupArn: string;
  readonly targetGroupFullName: string;
  /** The service can only be made once the rule ties its target group to the load balancer. */
  readonly rule: CfnListenerRule;
  readonly shift: TrafficShift | null;

  constructor(scope: Construct, id: string, props: ServiceTargetsProps) {
    super(scope, id);
    const group = targetGroup(this, "TargetGroup", props, props.name);
    const alternate = props.shiftsTraffic ? targetGroup(this, "AlternateTargetGroup", props, null) : null;
    this.targetGroupArn = group.ref;
    this.targetGroupFullName = group.attrTargetGroupFullName;
    this.rule = new CfnListenerRule(this, "Rule", {
      listenerArn: props.listenerArn,
      priority: props.priority,
      conditions: [...props.conditions],
      actions: [forwardTo(group, alternate)],
    });
    this.shift =
      alternate === null
        ? null
        : {
            alternateTargetGroupArn: alternate.ref,
            alternateTargetGroupFullName: alternate.attrTargetGroupFullName,
            roleArn: this.#shiftRole([group.ref, alternate.ref], props.permissionsBoundary),
          };
  }

  /** What AWS's AmazonECSInfrastructureRolePolicyForLoadBalancers allows everywhere, for this rule and these groups alone. */
  #shiftRole(targetGroupArns: readonly string[], permissionsBoundary: string | null): string {
    const document = policyDocument(
      {
        Sid: "Look",
        Effect: "Allow",
        Action: [
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ],
        // None of them has a resource level.
        Resource: "*",
      },
      {
        Sid: "MoveTargets",
        Effect: "Allow",
        Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
        Resource: targetGroupArns,
      },
      {
        Sid: "MoveTraffic",
        Effect: "Allow",
        Action: "elasticloadbalancing:ModifyRule",
        Resource: this.rule.ref,
      },
    );
    const role = new CfnRole(this, "ShiftRole", {
      // As AWS has it, without a condition: ECS says of no account when it assumes this role.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
      assumeRolePolicyDocument: assumedBy("ecs.amazonaws.com"),
      ...(permissionsBoundary === null ? {} : { permissionsBoundary }),
      policies: [{ policyName: "ShiftTraffic", policyDocument: document }],
    });
    acknowledgeWildcards(
      role,
      document.Statement,
      "The wildcard is for what only describes, which has no resource level.",
    );
    return role.attrArn;
  }
}

/** ECS changes the weights with every release; a template that says them again would only do so where this rule changes. */
function forwardTo(group: CfnTargetGroup, alternate: CfnTargetGroup | null): CfnListenerRule.ActionProperty {
  if (alternate === null) return { type: "forward", targetGroupArn: group.ref };
  return {
    type: "forward",
    forwardConfig: {
      targetGroups: [
        { targetGroupArn: group.ref, weight: 100 },
        { targetGroupArn: alternate.ref, weight: 0 },
      ],
    },
  };
}

function targetGroup(
  scope: Construct,
  id: string,
  { service, vpcId }: ServiceTargetsProps,
  name: string | null,
): CfnTargetGroup {
  const { health, port, protocol } = service;
  const attributes = {
    "deregistration_delay.timeout_seconds": String(deregistrationSeconds),
    // Requests differ in length; who has the fewest gets the next.
    "load_balancing.algorithm.type": "least_outstanding_requests",
  };
  return new CfnTargetGroup(scope, id, {
    ...(name === null ? {} : { name }),
    vpcId,
    targetType: "ip",
    protocol: "HTTP",
    protocolVersion: protocol === "grpc" ? "GRPC" : "HTTP1",
    port,
    healthCheckEnabled: true,
    healthCheckProtocol: "HTTP",
    healthCheckPath: health.path,
    healthCheckIntervalSeconds: health.intervalSeconds,
    healthCheckTimeoutSeconds: health.timeoutSeconds,
    healthyThresholdCount: health.healthyThreshold,
    unhealthyThresholdCount: health.unhealthyThreshold,
    // gRPC has codes of its own: OK, and what a server says that lives but has no health service.
    matcher: protocol === "grpc" ? { grpcCode: "0,12" } : { httpCode: health.successCodes },
    targetGroupAttributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
  });
}
