import { Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { assumedBy, policyDocument } from "../policy/policy-document.ts";
import { alarmChanges } from "./operational-events.ts";

export interface ForwardedAlarmsProps {
  /** Full names of the alarms of this region. */
  readonly alarmNames: readonly string[];
  /** AWS region whose event bus gets their changes. */
  readonly region: string;
  /** ARN of the boundary of the role; null without one. */
  readonly permissionsBoundary: string | null;
}

/**
 * Sends changes of alarms to another region, where the topics are, so that people confirm their subscriptions once and secrets
 * stay where they are.
 */
export class ForwardedAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ForwardedAlarmsProps) {
    super(scope, id);
    const { partition, account, region } = Stack.of(this);
    const bus = `arn:${partition}:events:${props.region}:${account}:event-bus/default`;
    const role = new CfnRole(this, "Role", {
      assumeRolePolicyDocument: assumedBy("events.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": account },
      }),
      policies: [
        {
          policyName: "forward-events",
          policyDocument: policyDocument({ Effect: "Allow", Action: "events:PutEvents", Resource: bus }),
        },
      ],
      ...(props.permissionsBoundary === null ? {} : { permissionsBoundary: props.permissionsBoundary }),
    });
    new CfnRule(this, "Rule", {
      description: `Changes of alarms, for ${props.region}.`,
      eventPattern: alarmChanges(region, props.alarmNames),
      targets: [{ id: "EventBus", arn: bus, roleArn: role.attrArn }],
    });
  }
}
