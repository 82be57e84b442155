import { type CfnResource, Fn, Stack } from "aws-cdk-lib";
import { CfnSecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CfnRotationSchedule } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { excludedCharacters } from "./database-secret.ts";

/** Where the function that rotates a database's secrets runs. */
export interface RotationPlace {
  /** Name of the function, by which it rotates the secrets of users in other stacks as well. */
  readonly functionName: string;
  /** Subnets from which it reaches the database and Secrets Manager. */
  readonly subnetIds: readonly string[];
}

export interface HostedRotationProps extends RotationPlace {
  readonly secretArn: string;
  /** ARN of the key of the secrets; null for AWS's own. */
  readonly keyArn: string | null;
  readonly days: number;
  readonly type: "PostgreSQLSingleUser" | "MongoDBSingleUser";
  readonly vpcId: string;
  /** The group that the database lets in. */
  readonly clientSecurityGroup: string;
  /** What must be there before: the instance that takes the new password, and its address in the secret. */
  readonly after: readonly CfnResource[];
}

/**
 * Rotates a secret by AWS's own function, which the transform AWS::SecretsManager-2024-09-16 puts into a nested
 * stack; so a deployment needs CAPABILITY_AUTO_EXPAND.
 *
 * Not by RDS itself (ManageMasterUserPassword): that makes no read replica, neither here nor in the
 * recovery region (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html), and its secret has a
 * name of RDS's choosing and not the definition's.
 */
export class HostedRotation extends Construct {
  readonly schedule: CfnRotationSchedule;

  constructor(scope: Construct, id: string, props: HostedRotationProps) {
    super(scope, id);
    Stack.of(this).addTransform("AWS::SecretsManager-2024-09-16");
    const group = new CfnSecurityGroup(this, "FunctionGroup", {
      groupDescription: "The function that rotates the secrets of a database",
      vpcId: props.vpcId,
      securityGroupEgress: [
        {
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIp: "0.0.0.0/0",
          description: "To Secrets Manager, by an endpoint or the NAT gateway",
        },
      ],
    });
    this.schedule = new CfnRotationSchedule(this, "Schedule", {
      secretId: props.secretArn,
      hostedRotationLambda: {
        rotationType: props.type,
        excludeCharacters: excludedCharacters,
        vpcSubnetIds: Fn.join(",", [...props.subnetIds]),
        vpcSecurityGroupIds: Fn.join(",", [props.clientSecurityGroup, group.attrGroupId]),
        rotationLambdaName: props.functionName,
        ...(props.keyArn === null ? {} : { kmsKeyArn: props.keyArn }),
      },
      rotateImmediatelyOnUpdate: false,
      rotationRules: { automaticallyAfterDays: props.days },
    });
    for (const resource of props.after) this.schedule.addResourceDependency(resource);
  }
}

export interface UserRotationProps {
  readonly secretArn: string;
  readonly functionArn: string;
  readonly days: number;
}

/**
 * Lets the function of a database rotate the secret of one of its users. Not at once: the user is made in
 * the database after the stack.
 */
export function rotateUser(
  scope: Construct,
  id: string,
  { secretArn, functionArn, days }: UserRotationProps,
): CfnRotationSchedule {
  return new CfnRotationSchedule(scope, id, {
    secretId: secretArn,
    rotationLambdaArn: functionArn,
    rotateImmediatelyOnUpdate: false,
    rotationRules: { automaticallyAfterDays: days },
  });
}

/** ARN of a function of the stack's region, by its name. */
export function rotationFunctionArn(stack: Stack, functionName: string): string {
  return `arn:${stack.partition}:lambda:${stack.region}:${stack.account}:function:${functionName}`;
}
