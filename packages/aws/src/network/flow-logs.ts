import type { Platform, PlatformNetwork } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { CfnFlowLog } from "aws-cdk-lib/aws-ec2";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { assumedBy, policyDocument } from "../policy/policy-document.ts";
import { protectData } from "../stack/data-protection.ts";

export interface FlowLogsProps {
  readonly vpcId: string;
  readonly settings: NonNullable<PlatformNetwork["flowLogs"]>;
  readonly logGroupName: string;
  /** ARN of the KMS key that encrypts the log group; null for AWS's own. */
  readonly logKey: string | null;
  readonly dataProtection: Platform["dataProtection"];
  /** ARN of the role's permissions boundary; null for none. */
  readonly permissionsBoundary: string | null;
}

/** Flow logs of a VPC in a CloudWatch log group, each line covering up to 10 minutes. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { settings, logKey } = props;
    const { account, partition, region } = Stack.of(this);
    const group = new CfnLogGroup(this, "Group", {
      logGroupName: props.logGroupName,
      retentionInDays: settings.retentionDays,
      ...(logKey === null ? {} : { kmsKeyId: logKey }),
    });
    protectData(group, props.dataProtection, "retain");
    const role = new CfnRole(this, "Role", {
      description: "Writes the flow logs of the VPC.",
      assumeRolePolicyDocument: assumedBy("vpc-flow-logs.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
      }),
      ...(props.permissionsBoundary === null ? {} : { permissionsBoundary: props.permissionsBoundary }),
      policies: [
        {
          policyName: "write-flow-logs",
          policyDocument: policyDocument({
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            // The ARN of a log group ends with ":*", which stands for its streams.
            Resource: group.attrArn,
          }),
        },
      ],
    });
    new CfnFlowLog(this, "FlowLog", {
      resourceId: props.vpcId,
      resourceType: "VPC",
      trafficType: settings.traffic.toUpperCase(),
      logDestinationType: "cloud-watch-logs",
      logGroupName: group.ref,
      deliverLogsPermissionArn: role.attrArn,
    });
  }
}
