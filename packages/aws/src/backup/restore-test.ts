import { CfnRestoreTestingPlan, CfnRestoreTestingSelection } from "aws-cdk-lib/aws-backup";
import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CfnDBSubnetGroup } from "aws-cdk-lib/aws-rds";
import { Construct } from "constructs";
import { noEgress } from "../load-balancer/no-egress.ts";
import { shortName } from "../stack/short-name.ts";
import { pascal } from "../stack/platform-stack.ts";

/** A store whose restore is tried. */
export interface TestedStore {
  /** Name of the store. */
  readonly name: string;
  readonly arn: string;
  readonly type: "Aurora" | "RDS" | "DocumentDB" | "S3";
}

export interface RestoreTestProps {
  /** Begins the names, such as "shop-production". */
  readonly name: string;
  /** Cron expression, UTC. */
  readonly schedule: string;
  /** Days back to look for the newest recovery point: more than the plans need between two. */
  readonly selectionWindowDays: number;
  readonly vaultArn: string;
  readonly roleArn: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly stores: readonly TestedStore[];
}

/** Hours that a restored database is kept for those who look into it. */
const validationHours = 4;

/**
 * Restores that are tried on a schedule: the newest recovery point of each store, into something of its own that nothing
 * can reach, and away again. A restore that fails is an event of AWS Backup.
 */
export class RestoreTest extends Construct {
  constructor(scope: Construct, id: string, props: RestoreTestProps) {
    super(scope, id);
    // Without these it would be the default VPC, which may not be there, and the default security group, which lets in.
    const group = new CfnSecurityGroup(this, "Closed", {
      groupDescription:
        "Databases that are restored to see whether they can be: nothing comes in or goes out.",
      vpcId: props.vpcId,
      securityGroupEgress: [noEgress],
    });
    const subnets = new CfnDBSubnetGroup(this, "Subnets", {
      dbSubnetGroupDescription: "Databases that are restored to see whether they can be.",
      subnetIds: [...props.subnetIds],
    });
    const plan = new CfnRestoreTestingPlan(this, "Plan", {
      restoreTestingPlanName: testName(props.name),
      scheduleExpression: props.schedule,
      startWindowHours: 4,
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        includeVaults: [props.vaultArn],
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: props.selectionWindowDays,
      },
    });
    for (const { name, arn, type } of props.stores) {
      const selection = new CfnRestoreTestingSelection(this, `Selection-${pascal(name)}`, {
        restoreTestingPlanName: plan.restoreTestingPlanName,
        restoreTestingSelectionName: testName(name),
        protectedResourceType: type,
        protectedResourceArns: [arn],
        iamRoleArn: props.roleArn,
        validationWindowHours: validationHours,
        // https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
        ...(type === "S3"
          ? {}
          : {
              restoreMetadataOverrides: {
                dbSubnetGroupName: subnets.ref,
                vpcSecurityGroupIds: `["${group.attrGroupId}"]`,
              },
            }),
      });
      selection.addResourceDependency(plan);
    }
  }
}

/** Letters, digits and underscores, 50 at most. */
function testName(name: string): string {
  return shortName(name, 50).replaceAll("-", "_");
}
