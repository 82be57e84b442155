import type { Platform, PlatformStore } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { CfnBucket, CfnBucketPolicy } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { denyWithoutTls, policyDocument, type Statement } from "../policy/policy-document.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { protectData } from "../stack/data-protection.ts";
import { bucketLifecycle } from "./bucket-lifecycle.ts";
import { BucketReplication, type ReplicationTarget } from "./bucket-replication.ts";
import { onlyForTenant } from "./tenant-bucket-policy.ts";

export type BucketStore = Extract<PlatformStore, { kind: "bucket" }>;

export interface BucketProps {
  /** Its name in S3; may hold tokens. */
  readonly bucketName: string;
  readonly store: Pick<BucketStore, "lifecycle" | "versioning" | "servedByCloudFront">;
  /** ARN of the key; null takes the keys of S3 (SSE-S3). */
  readonly keyArn: string | null;
  /** Name of the bucket that its access logs go to; null for none. */
  readonly logBucket: string | null;
  /** Where it is copied to; null for nowhere. */
  readonly replication: ReplicationTarget | null;
  /** The tenant whose own it is: only that tenant's roles reach its objects. Null for a shared one. */
  readonly tenantId: string | null;
  /** ARN of the permissions boundary of its role; null for none. */
  readonly permissionsBoundaryArn: string | null;
  readonly dataProtection: Platform["dataProtection"];
}

/** A bucket that nobody reaches without IAM and TLS, encrypted, with the access log in the log bucket. */
export class Bucket extends Construct {
  readonly bucketName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { store, keyArn, logBucket } = props;
    const replication =
      props.replication === null
        ? null
        : new BucketReplication(this, "Replication", {
            ...props,
            bucket: props.bucketName,
            target: props.replication,
          });
    const bucket = new CfnBucket(this, "Resource", {
      bucketName: props.bucketName,
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          keyArn === null
            ? { serverSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                bucketKeyEnabled: true,
                serverSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              },
        ],
      },
      ...(store.versioning ? { versioningConfiguration: { status: "Enabled" } } : {}),
      lifecycleConfiguration: bucketLifecycle(store.lifecycle, store.versioning),
      ...(logBucket === null
        ? {}
        : {
            loggingConfiguration: {
              destinationBucketName: logBucket,
              logFilePrefix: `s3/${props.bucketName}/`,
            },
          }),
      ...(replication === null ? {} : { replicationConfiguration: replication.configuration }),
    });
    protectData(bucket, props.dataProtection, "retain");
    if (logBucket === null)
      acknowledge(bucket, "AwsSolutions-S1", "The definition wants no access logs of this bucket.");
    this.bucketName = bucket.ref;
    this.arn = bucket.attrArn;
    const policy = new CfnBucketPolicy(this, "Policy", {
      bucket: bucket.ref,
      policyDocument: policyDocument(...this.#statements(props)),
    });
    // The policy is the bucket's only guard besides IAM, so it stays where the bucket stays.
    protectData(policy, props.dataProtection, "retain");
  }

  #statements({ store, tenantId }: BucketProps): readonly Statement[] {
    return [
      denyWithoutTls("s3:*", [this.arn, `${this.arn}/*`]),
      ...(tenantId === null ? [] : onlyForTenant(this.arn, tenantId)),
      ...(store.servedByCloudFront ? [this.#readByCloudFront()] : []),
    ];
  }

  /** Any distribution of the account: the one of the platform is made after the bucket, and needs its name. */
  #readByCloudFront(): Statement {
    const { partition, account } = Stack.of(this);
    return {
      Sid: "AllowCloudFront",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${this.arn}/*`,
      Condition: { ArnLike: { "aws:SourceArn": `arn:${partition}:cloudfront::${account}:distribution/*` } },
    };
  }
}
