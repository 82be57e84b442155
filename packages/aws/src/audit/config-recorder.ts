import { Stack } from "aws-cdk-lib";
import { CfnConfigRule, CfnConfigurationRecorder, CfnDeliveryChannel } from "aws-cdk-lib/aws-config";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { assumedBy, policyDocument, type Statement } from "../policy/policy-document.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import type { RecordBucket } from "./record-bucket.ts";

export interface ConfigRecorderProps {
  /** Where snapshots and histories go; its policy has `configWriters`. */
  readonly bucket: RecordBucket;
  /** ARN of the KMS key of the bucket; null for keys of S3. */
  readonly key: string | null;
  /** Days after which an access key of a person must have been renewed. */
  readonly credentialRotationDays: number;
}

/**
 * AWS Config: records every resource of the region, those of IAM among them, and judges them by managed rules.
 *
 * The recorder's role has no permissions boundary, as it must be able to read all there is: AWS keeps its list of what to read, and only
 * AWS Config can assume it.
 */
export class ConfigRecorder extends Construct {
  constructor(scope: Construct, id: string, props: ConfigRecorderProps) {
    super(scope, id);
    const recorder = new CfnConfigurationRecorder(this, "Recorder", {
      roleArn: this.#role(props).attrArn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    });
    // The recorder and the channel wait for each other while they are made, so neither may depend on the other.
    const channel = new CfnDeliveryChannel(this, "DeliveryChannel", {
      s3BucketName: props.bucket.bucketName,
      ...(props.key === null ? {} : { s3KmsKeyArn: props.key }),
      configSnapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
    });
    channel.addResourceDependency(props.bucket.policy);
    for (const [name, { description, parameters }] of Object.entries(rules(props))) {
      const rule = new CfnConfigRule(this, `Rule-${name}`, {
        description,
        source: { owner: "AWS", sourceIdentifier: name.replaceAll("-", "_").toUpperCase() },
        ...(parameters === undefined ? {} : { inputParameters: parameters }),
      });
      rule.addResourceDependency(recorder);
    }
  }

  #role({ bucket, key }: ConfigRecorderProps): CfnRole {
    const { account, partition } = Stack.of(this);
    const managedPolicy = `arn:${partition}:iam::aws:policy/service-role/AWS_ConfigRole`;
    const delivers: readonly Statement[] = [
      { Effect: "Allow", Action: "s3:GetBucketAcl", Resource: bucket.arn },
      {
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: `${bucket.arn}/AWSLogs/${account}/Config/*`,
        Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
      ...(key === null
        ? []
        : [{ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key } as const]),
    ];
    const role = new CfnRole(this, "Role", {
      description: "Reads what AWS Config records, and delivers it.",
      assumeRolePolicyDocument: assumedBy("config.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": account },
      }),
      managedPolicyArns: [managedPolicy],
      policies: [
        {
          policyName: "deliver",
          policyDocument: policyDocument(...delivers),
        },
      ],
    });
    acknowledge(
      role,
      `AwsSolutions-IAM4[Policy::${managedPolicy.replace(partition, "<AWS::Partition>")}]`,
      "AWS adds to its list of what a recorder reads whenever Config learns a new type; all of it is reading.",
    );
    acknowledgeWildcards(role, delivers, "The wildcard stands for the files that the recorder delivers.");
    return role;
  }
}

/** What the policy of the recorder's bucket must allow to AWS Config itself, which delivers where the role cannot. */
export function configWriters(scope: Construct, bucketArn: string): readonly Statement[] {
  const { account } = Stack.of(scope);
  const writer = { Effect: "Allow", Principal: { Service: "config.amazonaws.com" } } as const;
  const ofTheAccount = { "aws:SourceAccount": account };
  return [
    {
      Sid: "ConfigChecks",
      ...writer,
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: bucketArn,
      Condition: { StringEquals: ofTheAccount },
    },
    {
      Sid: "ConfigWrites",
      ...writer,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${account}/Config/*`,
      Condition: { StringEquals: { ...ofTheAccount, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}

interface Rule {
  readonly description: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Managed rules by their names, which in capitals are their identifiers:
 * https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */
function rules({ credentialRotationDays }: ConfigRecorderProps): Readonly<Record<string, Rule>> {
  return {
    "access-keys-rotated": {
      description: `Access keys are renewed within ${credentialRotationDays} days.`,
      parameters: { maxAccessKeyAge: String(credentialRotationDays) },
    },
    "cloud-trail-enabled": { description: "A trail records the account." },
    "cloud-trail-log-file-validation-enabled": { description: "Log files prove that nobody changed them." },
    "cmk-backing-key-rotation-enabled": { description: "Keys rotate." },
    "encrypted-volumes": { description: "Volumes are encrypted." },
    "iam-root-access-key-check": { description: "The root user has no access key." },
    "mfa-enabled-for-iam-console-access": { description: "People sign in with a second factor." },
    "rds-instance-public-access-check": { description: "No database is public." },
    "rds-storage-encrypted": { description: "Databases are encrypted." },
    "root-account-mfa-enabled": { description: "The root user signs in with a second factor." },
    "s3-bucket-public-read-prohibited": { description: "Nobody outside reads a bucket." },
    "s3-bucket-public-write-prohibited": { description: "Nobody outside writes to a bucket." },
    "s3-bucket-ssl-requests-only": { description: "Buckets refuse requests without TLS." },
    "vpc-default-security-group-closed": { description: "The default security groups have no rules." },
    "vpc-flow-logs-enabled": { description: "VPCs have flow logs." },
  };
}
