import type { Platform } from "@tenantry/model";
import { CfnBucket, CfnBucketPolicy } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { denyWithoutTls, policyDocument, type Statement } from "../policy/policy-document.ts";
import { protectData } from "../stack/data-protection.ts";

export interface RecordBucketProps {
  /** Days after which records are deleted. */
  readonly retentionDays: number;
  /** ARN of a KMS key; null for keys of S3 (SSE-S3). */
  readonly key: string | null;
  /** Name of the bucket that gets the access log of this one; null for none. */
  readonly logBucket: string | null;
  readonly dataProtection: Platform["dataProtection"];
  /** Who writes, for the bucket with this ARN. */
  readonly writers: (bucketArn: string) => readonly Statement[];
}

/**
 * A private bucket that services of AWS write records into. CloudFormation names it, because a bucket's name is unique in
 * the world and one that is kept when its stack goes must not stand in the way of the next.
 */
export class RecordBucket extends Construct {
  readonly bucket: CfnBucket;
  readonly policy: CfnBucketPolicy;
  readonly arn: string;
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: RecordBucketProps) {
    super(scope, id);
    const { key, logBucket } = props;
    this.bucket = new CfnBucket(this, "Resource", {
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: "BucketOwnerEnforced" }] },
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          {
            serverSideEncryptionByDefault:
              key === null ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
          },
        ],
      },
      // Who overwrites or deletes a record leaves the old one behind.
      versioningConfiguration: { status: "Enabled" },
      lifecycleConfiguration: {
        rules: [
          {
            id: "end-of-retention",
            status: "Enabled",
            expirationInDays: props.retentionDays,
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      ...(logBucket === null
        ? {}
        : {
            loggingConfiguration: {
              destinationBucketName: logBucket,
              logFilePrefix: `s3/${id.toLowerCase()}/`,
            },
          }),
    });
    protectData(this.bucket, props.dataProtection, "retain");
    this.arn = this.bucket.attrArn;
    this.bucketName = this.bucket.ref;
    this.policy = new CfnBucketPolicy(this, "Policy", {
      bucket: this.bucketName,
      policyDocument: policyDocument(
        denyWithoutTls("s3:*", [this.arn, `${this.arn}/*`]),
        ...props.writers(this.arn),
      ),
    });
    protectData(this.policy, props.dataProtection, "retain");
  }
}
