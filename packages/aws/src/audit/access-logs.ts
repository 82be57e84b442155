import type { Platform } from "@tenantry/model";
import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { Statement } from "../policy/policy-document.ts";
import { acknowledge } from "../stack/acknowledge.ts";
import { RecordBucket } from "./record-bucket.ts";

export interface AccessLogsProps {
  /** Days after which access logs are deleted. */
  readonly retentionDays: number;
  /** Whether CloudFront delivers its logs here as well (standard logging, version 2). */
  readonly hasCloudFront: boolean;
  readonly dataProtection: Platform["dataProtection"];
}

/**
 * The bucket for access logs of load balancers, buckets and CloudFront in this region. Load balancers and S3 deliver only
 * into buckets with keys of S3 (SSE-S3):
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class AccessLogs extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    const { bucket, bucketName } = new RecordBucket(this, "Bucket", {
      retentionDays: props.retentionDays,
      key: null,
      logBucket: null,
      dataProtection: props.dataProtection,
      writers: (arn) => [
        loadBalancers(arn, { account, partition, region }),
        buckets(arn, account),
        ...(props.hasCloudFront ? [cloudFront(arn, { account, partition })] : []),
      ],
    });
    acknowledge(
      bucket,
      "AwsSolutions-S1",
      "A bucket that logs the access to itself into itself never comes to rest.",
    );
    this.bucketName = bucketName;
  }
}

function loadBalancers(
  arn: string,
  {
    account,
    partition,
    region,
  }: { readonly account: string; readonly partition: string; readonly region: string },
): Statement {
  return {
    Sid: "LoadBalancers",
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: "s3:PutObject",
    // A load balancer may have a prefix of its own before this.
    Resource: `${arn}/*AWSLogs/${account}/*`,
    Condition: {
      ArnLike: {
        "aws:SourceArn": `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/*`,
      },
    },
  };
}

function buckets(arn: string, account: string): Statement {
  return {
    Sid: "Buckets",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${arn}/*`,
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html */
function cloudFront(
  arn: string,
  { account, partition }: { readonly account: string; readonly partition: string },
): Statement {
  return {
    Sid: "CloudFront",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${arn}/*AWSLogs/${account}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control" },
      // CloudFront delivers from us-east-1, wherever the bucket is.
      ArnLike: { "aws:SourceArn": `arn:${partition}:logs:us-east-1:${account}:delivery-source:*` },
    },
  };
}
