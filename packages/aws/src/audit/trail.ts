import type { Platform } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { CfnTrail } from "aws-cdk-lib/aws-cloudtrail";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { assumedBy, policyDocument, type Statement } from "../policy/policy-document.ts";
import { protectData } from "../stack/data-protection.ts";
import type { RecordBucket } from "./record-bucket.ts";

export interface TrailProps {
  readonly trailName: string;
  /** Where the log files go; its policy has `trailWriters`. */
  readonly bucket: RecordBucket;
  /** The log group in which the newest events can be searched. */
  readonly logGroupName: string;
  /** Days that log files are kept; the log group keeps at most 90 of them. */
  readonly retentionDays: number;
  /** ARN of the KMS key of the log files; null for AWS's own. */
  readonly key: string | null;
  /** ARN of the KMS key of the log group; null for AWS's own. */
  readonly logKey: string | null;
  readonly dataProtection: Platform["dataProtection"];
  /** ARN of the role's permissions boundary; null for none. */
  readonly permissionsBoundary: string | null;
}

/** A CloudTrail trail of every region, with files that prove that nobody changed them. */
export class Trail extends Construct {
  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { key, logKey, bucket } = props;
    const group = new CfnLogGroup(this, "Group", {
      logGroupName: props.logGroupName,
      retentionInDays: searchableDays(props.retentionDays),
      ...(logKey === null ? {} : { kmsKeyId: logKey }),
    });
    protectData(group, props.dataProtection, "retain");
    const role = this.#role(group, props);
    const trail = new CfnTrail(this, "Resource", {
      trailName: props.trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: bucket.bucketName,
      ...(key === null ? {} : { kmsKeyId: key }),
      cloudWatchLogsLogGroupArn: group.attrArn,
      cloudWatchLogsRoleArn: role.attrArn,
    });
    trail.addResourceDependency(bucket.policy);
  }

  #role(group: CfnLogGroup, { trailName, permissionsBoundary }: TrailProps): CfnRole {
    return new CfnRole(this, "Role", {
      description: "Writes the events of the trail into its log group.",
      assumeRolePolicyDocument: assumedBy("cloudtrail.amazonaws.com", {
        StringEquals: { "aws:SourceArn": trailArn(this, trailName) },
      }),
      ...(permissionsBoundary === null ? {} : { permissionsBoundary }),
      policies: [
        {
          policyName: "write-events",
          policyDocument: policyDocument({
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            // The ARN of a log group ends with ":*", which stands for its streams.
            Resource: group.attrArn,
          }),
        },
      ],
    });
  }
}

/** What the policy of a trail's bucket must allow. `scope` is in the region of the trail. */
export function trailWriters(scope: Construct, trailName: string, bucketArn: string): readonly Statement[] {
  const ofTheTrail = { "aws:SourceArn": trailArn(scope, trailName) };
  const writer = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" } } as const;
  return [
    {
      Sid: "TrailChecks",
      ...writer,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: ofTheTrail },
    },
    {
      Sid: "TrailWrites",
      ...writer,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${Stack.of(scope).account}/*`,
      Condition: { StringEquals: { ...ofTheTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}

function trailArn(scope: Construct, trailName: string): string {
  const { account, partition, region } = Stack.of(scope);
  return `arn:${partition}:cloudtrail:${region}:${account}:trail/${trailName}`;
}

/** The longest of what CloudWatch offers that is no longer than the retention. */
function searchableDays(retentionDays: number): number {
  return [90, 60, 30, 14, 7, 5, 3].find((days) => days <= retentionDays) ?? 1;
}
