import { Stack } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import type { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";
import { assumedBy, policyDocument, type Statement } from "../policy/policy-document.ts";

export interface ReplicationTarget {
  /** Name of the bucket, which must be there, and versioned. */
  readonly bucket: string;
  readonly region: string;
  /** ARN of a key of that region; null where AWS's own keys are used. */
  readonly keyArn: string | null;
  /** Whether deletions are copied; old versions never are deleted there. */
  readonly deletions: boolean;
}

export interface BucketReplicationProps {
  /** Name of the bucket that is copied. */
  readonly bucket: string;
  readonly keyArn: string | null;
  readonly permissionsBoundaryArn: string | null;
  readonly target: ReplicationTarget;
}

/** The role by which S3 copies a bucket to another region, and what it copies. */
export class BucketReplication extends Construct {
  readonly configuration: CfnBucket.ReplicationConfigurationProperty;

  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { target } = props;
    const statements = statementsOf(stack, props);
    const role = new CfnRole(this, "Role", {
      description: "Copies a bucket to the recovery region",
      // S3 does not say for which account it copies. It takes a role of the bucket's own account only.
      assumeRolePolicyDocument: assumedBy("s3.amazonaws.com"),
      ...(props.permissionsBoundaryArn === null ? {} : { permissionsBoundary: props.permissionsBoundaryArn }),
      policies: [{ policyName: "replication", policyDocument: policyDocument(...statements) }],
    });
    acknowledgeWildcards(role, statements, "All objects of the one bucket are copied to the other.");
    this.configuration = {
      role: role.attrArn,
      rules: [
        {
          id: "to-recovery",
          priority: 1,
          status: "Enabled",
          filter: { prefix: "" },
          deleteMarkerReplication: { status: target.deletions ? "Enabled" : "Disabled" },
          destination: {
            bucket: bucketArn(stack, target.bucket),
            // Bytes pending and latency in CloudWatch: the recovery point of the objects.
            metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
            ...(target.keyArn === null
              ? {}
              : { encryptionConfiguration: { replicaKmsKeyId: target.keyArn } }),
          },
          ...(target.keyArn === null
            ? {}
            : { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } }),
        },
      ],
    };
  }
}

export function bucketArn(stack: Stack, bucket: string): string {
  return `arn:${stack.partition}:s3:::${bucket}`;
}

/** Lets a key be used through S3 and for one bucket only, though it serves others. */
export function forBucket(stack: Stack, region: string, arn: string): NonNullable<Statement["Condition"]> {
  return {
    StringEquals: { "kms:ViaService": `s3.${region}.${stack.urlSuffix}` },
    // S3 names the bucket where it has a bucket key, and the object where whoever wrote it asked to do without.
    StringLike: { "kms:EncryptionContext:aws:s3:arn": [arn, `${arn}/*`] },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
function statementsOf(
  stack: Stack,
  { bucket, keyArn, target }: BucketReplicationProps,
): readonly Statement[] {
  const from = bucketArn(stack, bucket);
  const to = bucketArn(stack, target.bucket);
  const key = (
    Action: string | readonly string[],
    arn: string,
    region: string,
    bucketOfKey: string,
  ): Statement => ({
    Effect: "Allow",
    Action,
    Resource: arn,
    Condition: forBucket(stack, region, bucketOfKey),
  });
  return [
    { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: from },
    {
      Effect: "Allow",
      Action: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
      Resource: `${from}/*`,
    },
    {
      Effect: "Allow",
      Action: [...(target.deletions ? ["s3:ReplicateDelete"] : []), "s3:ReplicateObject", "s3:ReplicateTags"],
      Resource: `${to}/*`,
    },
    ...(keyArn === null ? [] : [key("kms:Decrypt", keyArn, stack.region, from)]),
    ...(target.keyArn === null
      ? []
      : [key(["kms:Encrypt", "kms:GenerateDataKey"], target.keyArn, target.region, to)]),
  ];
}
