import { Aws } from "aws-cdk-lib";
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { type PolicyDocument, policyDocument, type Statement } from "../policy/policy-document.ts";

export interface PermissionsBoundaryProps {
  readonly platform: string;
  readonly environment: string;
  /** The region of the stack; part of the policy's name, because IAM's names are the account's. */
  readonly region: string;
  /** AWS regions in which the platform stands: the primary one and the one that recovers it. */
  readonly regions: readonly string[];
}

/**
 * The most that a role made by the platform can ever do: `permissionsBoundary` of each of them. It grants nothing by itself;
 * a role can do what its own policies and the boundary both allow.
 *
 * A deployment may make roles only with this boundary on them, and may not touch the boundary
 * (see `deploymentPolicy`). So an administrator deploys it, first and whenever it changes.
 */
export class PermissionsBoundary extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: PermissionsBoundaryProps) {
    super(scope, id);
    const policy = new CfnManagedPolicy(this, "Policy", {
      managedPolicyName: `${boundaryPrefix(props.platform, props.environment)}${props.region}`,
      description: `The most that roles of ${props.platform} in ${props.environment} can do.`,
      policyDocument: boundaryPolicy(props),
    });
    const reason =
      "A boundary grants nothing: it says what roles may be granted, and their own policies name actions and resources.";
    acknowledgeWildcards(policy, allowed(props), reason);
    for (const action of allowed(props).flatMap(({ Action }) => Action ?? [])) {
      if (action.includes("*")) acknowledge(policy, `AwsSolutions-IAM5[Action::${action}]`, reason);
    }
    this.arn = policy.ref;
  }
}

/** What the names of an environment's boundaries begin with; one follows for each region. */
export function boundaryPrefix(platform: string, environment: string): string {
  return `${platform}-${environment}-boundary-`;
}

export function boundaryPolicy(props: PermissionsBoundaryProps): PolicyDocument {
  return policyDocument(...allowed(props), ...denied(props));
}

/** What tasks, functions and AWS's own services do for a platform, in terms of data: nothing that makes or removes resources. */
function allowed({ platform, environment }: PermissionsBoundaryProps): readonly Statement[] {
  return [
    {
      Sid: "Data",
      Effect: "Allow",
      Action: [
        "dynamodb:*Item",
        "dynamodb:Query",
        "elasticache:Connect",
        "es:ESHttp*",
        "rds-db:connect",
        "s3:*Object*",
        "s3:AbortMultipartUpload",
        "s3:Get*",
        "s3:List*",
        "s3:PutInventoryConfiguration",
        "s3:PutBucketNotification",
        "s3:Replicate*",
        "sns:Publish",
        "sqs:*Message*",
        "sqs:Get*",
      ],
      Resource: "*",
    },
    {
      Sid: "Secrets",
      Effect: "Allow",
      Action: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ListGrants",
        "kms:ReEncrypt*",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
        "ssm:GetParameter*",
        "ssm:PutParameter",
      ],
      Resource: "*",
    },
    {
      Sid: "Telemetry",
      Effect: "Allow",
      Action: [
        "aps:*Metric*",
        "aps:GetLabels",
        "aps:GetSeries",
        "aps:RemoteWrite",
        "cloudwatch:*Metric*",
        "cloudwatch:DescribeAlarms*",
        "config:Put*",
        "logs:Create*",
        "logs:Describe*",
        "logs:FilterLogEvents",
        "logs:Get*",
        "logs:Put*",
        "logs:StartQuery",
        "xray:Get*",
        "xray:Put*",
      ],
      Resource: "*",
    },
    {
      Sid: "Run",
      Effect: "Allow",
      Action: [
        "ec2:*NetworkInterface*",
        "ec2:Describe*",
        "ecr:Batch*",
        "ecr:Describe*",
        "ecr:Get*",
        "ecs:*Task*",
        "ecs:Describe*",
        "ecs:UpdateService",
        "elasticloadbalancing:*Target*",
        "elasticloadbalancing:Describe*",
        "elasticloadbalancing:Modify*",
        "events:PutEvents",
        "lambda:Invoke*",
        "servicediscovery:DiscoverInstances*",
        "servicediscovery:*Instance",
        "ssmmessages:Create*",
        "ssmmessages:Open*",
        "states:StartExecution",
        "tag:GetResources",
      ],
      Resource: "*",
    },
    {
      // AWS Backup restores databases and buckets by the role it is given, and so needs to make them.
      Sid: "BackUp",
      Effect: "Allow",
      Action: [
        "backup:Copy*",
        "backup:Describe*",
        "backup:Get*",
        "backup:List*",
        "backup:Start*",
        "backup:TagResource",
        "backup-storage:*",
        "ec2:CreateTags",
        "rds:*Snapshot*",
        "rds:*TagsToResource",
        "rds:CreateDB*",
        "rds:DeleteDB*",
        "rds:Describe*",
        "rds:FailoverGlobalCluster",
        "rds:ListTagsForResource",
        "rds:ModifyDB*",
        "rds:PromoteReadReplica*",
        "rds:Restore*",
        "rds:SwitchoverGlobalCluster",
        "s3:CreateBucket",
        "s3:PutBucket*",
      ],
      Resource: "*",
    },
    {
      Sid: "PassOwnRoles",
      Effect: "Allow",
      Action: ["iam:GetRole", "iam:PassRole"],
      Resource: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${platform}-${environment}-*`,
    },
  ];
}

/** Services whose requests count as us-east-1's wherever they come from. */
const globalServices = ["cloudfront:*", "iam:*", "route53:*", "sts:*"] as const;

/** Denied by name, so that no later line of what is allowed brings it back. */
function denied({ regions }: PermissionsBoundaryProps): readonly Statement[] {
  return [
    {
      Sid: "DenyAccessChanges",
      Effect: "Deny",
      // Reading and handing over roles is the whole use that roles have of IAM.
      NotAction: ["iam:GetRole", "iam:PassRole"],
      Resource: `arn:${Aws.PARTITION}:iam::*:*`,
    },
    {
      Sid: "DenyAccountChanges",
      Effect: "Deny",
      Action: [
        "account:*",
        "aws-portal:*",
        "billing:*",
        "cloudtrail:Delete*",
        "cloudtrail:Stop*",
        "cloudtrail:Update*",
        "config:Delete*",
        "config:Stop*",
        "guardduty:Delete*",
        "guardduty:Disassociate*",
        "guardduty:Update*",
        "kms:DisableKey*",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "logs:DeleteLogGroup",
        "organizations:*",
        "s3:BypassGovernanceRetention",
        "s3:DeleteBucket*",
        "s3:PutAccountPublicAccessBlock",
        "s3:PutBucketAcl",
        "s3:PutBucketPublicAccessBlock",
        "sso:*",
      ],
      Resource: "*",
    },
    {
      Sid: "DenyOtherRegions",
      Effect: "Deny",
      NotAction: globalServices,
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": [...new Set(regions)].sort() } },
    },
  ];
}
