const own = "111111111111";
const other = "222222222222";
export const accounts = [own, own, own, other] as const;
export const tenants = ["acme", "acme-corp", "globex", "Acme"] as const;

export const texts: Readonly<Record<string, readonly string[]>> = {
  "aws:PrincipalTag/tenant": [...tenants, "*", "a?me", "$"],
  "aws:ResourceTag/tenant": [...tenants],
  "aws:RequestTag/tenant": [...tenants],
  "aws:userid": ["AROAEXAMPLEEXAMPLE:session", "AIDAEXAMPLE"],
  "aws:PrincipalOrgID": ["o-abc123", "o-xyz789"],
  "aws:RequestedRegion": ["us-east-1", "eu-west-1"],
  "aws:SourceVpc": ["vpc-1", "vpc-2"],
  "aws:SourceVpce": ["vpce-1", "vpce-2"],
  "aws:UserAgent": ["curl/8", "aws-cli/2"],
  "kms:ViaService": ["s3.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"],
  "kms:EncryptionContext:tenant": [...tenants],
  "kms:CallerAccount": [own, other],
  "s3:prefix": ["", "acme/", "acme/sub/", "globex/", "Acme/"],
  "s3:x-amz-acl": ["private", "public-read"],
  "s3:x-amz-server-side-encryption": ["aws:kms", "AES256"],
  "secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"],
  "sts:ExternalId": ["one", "two"],
  "sts:RoleSessionName": [...tenants],
  "iam:PassedToService": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"],
  "aws:PrincipalAccount": [own, other],
  "aws:ResourceAccount": [own, other],
};
export const arns: Readonly<Record<string, readonly string[]>> = {
  "aws:PrincipalArn": [
    `arn:aws:iam::${own}:role/app`,
    `arn:aws:iam::${own}:user/jo`,
    `arn:aws:iam::${other}:role/app`,
  ],
  "aws:SourceArn": [
    `arn:aws:sns:us-east-1:${own}:acme-news`,
    `arn:aws:s3:::saas-acme-data`,
    `arn:aws:ecs:us-east-1:${own}:task/a:b:c`,
  ],
};
export const arnPatterns = [
  `arn:aws:iam::${own}:role/*`,
  `arn:aws:iam::*:user/*`,
  `arn:aws:iam::${own}:role/ap?`,
  `arn:aws:*:us-east-1:${own}:*`,
  `arn:*:sns:*:${own}:acme-*`,
  `arn:aws:s3:::saas-*`,
  `arn:aws:ecs:us-east-1:${own}:task/*c`,
];
export const numbers = ["1", "10", "10.0", "100", "-5", "7.5"];
export const dates = ["2026-01-01T00:00:00Z", "2026-06-01T12:30:00Z", "2027-01-01T00:00:00Z"];
export const cidrs6 = ["2001:db8::/32", "2001:db8::1", "2001:db8:1::/48", "::/0"];
export const addresses = ["203.0.113.7", "203.0.114.9", "10.1.2.3"];
export const addresses6 = ["2001:db8::1", "2001:db8:1::ffff", "fe80::"];
export const cidrs = ["203.0.113.0/24", "203.0.113.7", "10.0.0.0/8"];
export const lists: Readonly<Record<string, readonly string[]>> = {
  "aws:TagKeys": ["tenant", "team", "Tenant"],
  "aws:CalledVia": ["cloudformation.amazonaws.com", "athena.amazonaws.com"],
  "dynamodb:LeadingKeys": [...tenants],
  "dynamodb:Attributes": ["id", "name", "secret"],
  "kms:EncryptionContextKeys": ["tenant", "aws:s3:arn"],
};
export const bools = [
  "aws:SecureTransport",
  "aws:MultiFactorAuthPresent",
  "aws:ViaAWSService",
  "aws:PrincipalIsAWSService",
];
export const numericKeys = ["s3:max-keys", "aws:MultiFactorAuthAge"];
export const dateKeys = ["aws:CurrentTime", "aws:TokenIssueTime", "aws:EpochTime"];

/** What is asked for, and the keys that belong to it. */
export interface Target {
  readonly actions: readonly string[];
  readonly arns: (account: string, tenant: string) => readonly string[];
  /** Keys of the service, beside the global ones. */
  readonly keys: readonly string[];
}

export const targets: readonly Target[] = [
  {
    actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
    arns: (_, tenant) => [`arn:aws:s3:::saas-${tenant}-data/file`, `arn:aws:s3:::shared/${tenant}/a/b`],
    keys: ["s3:x-amz-acl", "s3:x-amz-server-side-encryption"],
  },
  {
    actions: ["s3:ListBucket"],
    arns: (_, tenant) => [`arn:aws:s3:::saas-${tenant}-data`],
    keys: ["s3:prefix", "s3:max-keys"],
  },
  {
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
    arns: (account, tenant) => [
      `arn:aws:secretsmanager:us-east-1:${account}:secret:rds/${tenant}/password-AbCdEf`,
    ],
    keys: ["secretsmanager:VersionStage"],
  },
  {
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    arns: (account) => [`arn:aws:kms:us-east-1:${account}:key/0e2f4c33-3d1a-4f5a-9f07-6d3f0b8c2d11`],
    keys: [
      "kms:ViaService",
      "kms:EncryptionContext:tenant",
      "kms:EncryptionContextKeys",
      "kms:CallerAccount",
    ],
  },
  {
    actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
    arns: (account, tenant) => [`arn:aws:dynamodb:us-east-1:${account}:table/${tenant}-items`],
    keys: ["dynamodb:LeadingKeys", "dynamodb:Attributes"],
  },
  {
    actions: ["sqs:SendMessage", "sqs:ReceiveMessage"],
    arns: (account, tenant) => [`arn:aws:sqs:us-east-1:${account}:${tenant}-jobs`],
    keys: [],
  },
  {
    actions: ["sns:Publish"],
    arns: (account, tenant) => [`arn:aws:sns:us-east-1:${account}:${tenant}-news`],
    keys: [],
  },
  {
    actions: ["sts:AssumeRole"],
    arns: (account, tenant) => [`arn:aws:iam::${account}:role/tenant-${tenant}`],
    keys: ["sts:ExternalId", "sts:RoleSessionName"],
  },
  {
    actions: ["iam:PassRole"],
    arns: (account, tenant) => [`arn:aws:iam::${account}:role/tenant-${tenant}`],
    keys: ["iam:PassedToService"],
  },
  {
    actions: ["logs:PutLogEvents"],
    arns: (account, tenant) => [
      `arn:aws:logs:us-east-1:${account}:log-group:/ecs/${tenant}:log-stream:app/1`,
    ],
    keys: [],
  },
  {
    actions: ["ssm:GetParameter"],
    arns: (account, tenant) => [`arn:aws:ssm:us-east-1:${account}:parameter/saas/${tenant}/key`],
    keys: [],
  },
];
