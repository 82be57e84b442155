import { Stack } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { assumedBy, policyDocument, type Statement } from "../policy/policy-document.ts";

export interface MonitoringRoleProps {
  readonly permissionsBoundaryArn: string | null;
}

/** The role by which RDS writes the operating system's metrics of a database (enhanced monitoring). */
export class MonitoringRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { permissionsBoundaryArn }: MonitoringRoleProps) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    // RDS keeps these metrics in log groups of this name, and only there.
    const groups = `arn:${partition}:logs:${region}:${account}:log-group:RDS*`;
    // What AmazonRDSEnhancedMonitoringRole allows, in this region and account.
    const statements: readonly Statement[] = [
      { Effect: "Allow", Action: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], Resource: groups },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"],
        Resource: `${groups}:log-stream:*`,
      },
    ];
    const role = new CfnRole(this, "Resource", {
      description: "Enhanced monitoring of a database",
      assumeRolePolicyDocument: assumedBy("monitoring.rds.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": account },
      }),
      ...(permissionsBoundaryArn === null ? {} : { permissionsBoundary: permissionsBoundaryArn }),
      policies: [{ policyName: "metrics", policyDocument: policyDocument(...statements) }],
    });
    acknowledgeWildcards(role, statements, "RDS chooses the names of its log groups and streams: RDS…");
    this.arn = role.attrArn;
  }
}
