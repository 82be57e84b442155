import { type PolicyDocument, policyDocument, type Statement } from "../policy/policy-document.ts";

/** What a key lets a service of AWS do by itself, besides what IAM policies allow principals of the account. */
export type KeyUse = "logs" | "notifications" | "audit" | "cloudfront";

export interface KeyPlace {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

const forData = ["kms:Decrypt", "kms:GenerateDataKey*"];

/**
 * The policy of a key. IAM decides for the principals of the account, which is how RDS, ElastiCache, DocumentDB, ECR, Secrets
 * Manager, S3 and AWS Backup get in: they act for the principal that calls them, by grants. Services that come on their own are
 * named, each held to this account.
 */
export function keyPolicy(uses: readonly KeyUse[], place: KeyPlace): PolicyDocument {
  return policyDocument(
    {
      Sid: "AccountByIam",
      Effect: "Allow",
      Principal: { AWS: `arn:${place.partition}:iam::${place.account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    ...uses.flatMap((use) => statementsOf[use](place)),
  );
}

const statementsOf: Readonly<Record<KeyUse, (place: KeyPlace) => readonly Statement[]>> = {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  logs: ({ account, partition, region }) => [
    {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:log-group:*`,
        },
      },
    },
  ],
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
  notifications: ({ account, partition, region }) => {
    const topics = {
      "kms:EncryptionContext:aws:sns:topicArn": `arn:${partition}:sns:${region}:${account}:*`,
    };
    return [
      {
        Sid: "PublishersOfThisAccount",
        Effect: "Allow",
        Principal: {
          Service: [
            "backup.amazonaws.com",
            "budgets.amazonaws.com",
            "cloudwatch.amazonaws.com",
            "costalerts.amazonaws.com",
          ],
        },
        Action: forData,
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": account }, ArnLike: topics },
      },
      {
        // EventBridge does not say for which account it asks, so only the topic can be checked.
        Sid: "EventBridge",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: forData,
        Resource: "*",
        Condition: { ArnLike: topics },
      },
    ];
  },
  audit: ({ account, partition }) => {
    const trails = `arn:${partition}:cloudtrail:*:${account}:trail/*`;
    return [
      // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
      {
        Sid: "CloudTrailEncrypts",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        // A bucket with bucket keys would ask with its own encryption context; the audit bucket has none.
        Action: "kms:GenerateDataKey*",
        Resource: "*",
        Condition: {
          ArnLike: { "aws:SourceArn": trails, "kms:EncryptionContext:aws:cloudtrail:arn": trails },
        },
      },
      {
        Sid: "CloudTrailDescribes",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "kms:DescribeKey",
        Resource: "*",
        Condition: { ArnLike: { "aws:SourceArn": trails } },
      },
      // https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
      {
        Sid: "Config",
        Effect: "Allow",
        Principal: { Service: "config.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ];
  },
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
  cloudfront: ({ account, partition }) => [
    {
      Sid: "CloudFrontReads",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { ArnLike: { "aws:SourceArn": `arn:${partition}:cloudfront::${account}:distribution/*` } },
    },
  ],
};
