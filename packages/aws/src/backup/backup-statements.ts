import type { Statement } from "../policy/policy-document.ts";

/** What AWS Backup's roles of an environment may touch. */
export interface BackupScope {
  readonly partition: string;
  readonly account: string;
  /** ARNs of databases: RDS instances, Aurora and DocumentDB clusters. */
  readonly databaseArns: readonly string[];
  /** ARNs of buckets; may end in a wildcard for those of tenants. */
  readonly bucketArns: readonly string[];
  /** ARNs of vaults that recovery points are written to, the recovery region's among them. */
  readonly vaultArns: readonly string[];
  /** ARNs of all customer-managed keys that data and recovery points are encrypted with. */
  readonly keyArns: readonly string[];
}

/**
 * What AWS Backup does to back up and copy, cut down from its managed policies to what the environment has:
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html and
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Backup.html
 */
export function backupStatements(scope: BackupScope): readonly Statement[] {
  const { partition, account } = scope;
  return [
    {
      Sid: "Vaults",
      Effect: "Allow",
      Action: ["backup:CopyFromBackupVault", "backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
      Resource: scope.vaultArns,
    },
    {
      Sid: "TagRecoveryPoints",
      Effect: "Allow",
      Action: "backup:TagResource",
      Resource: `arn:${partition}:backup:*:${account}:recovery-point:*`,
    },
    { Sid: "FindResources", Effect: "Allow", Action: "tag:GetResources", Resource: "*" },
    ...(scope.databaseArns.length === 0 ? [] : databaseBackups(scope)),
    ...(scope.bucketArns.length === 0 ? [] : bucketBackups(scope)),
    ...keys(scope),
  ];
}

/** What AWS Backup does to restore into something new, and to throw that away after a test. */
export function restoreStatements(scope: BackupScope): readonly Statement[] {
  const { partition, account } = scope;
  const restored = ["db", "cluster"].map(
    (kind) => `arn:${partition}:rds:*:${account}:${kind}:awsbackup-restore-test-*`,
  );
  return [
    ...(scope.databaseArns.length === 0
      ? []
      : [
          describeDatabases,
          {
            Sid: "RestoreDatabases",
            Effect: "Allow",
            Action: [
              "rds:AddTagsToResource",
              "rds:RestoreDBClusterFromSnapshot",
              "rds:RestoreDBInstanceFromDBSnapshot",
            ],
            // A restore names what it makes, what it makes it from, and the groups that it puts it into.
            Resource: [
              ...restored,
              ...snapshotsOf(scope),
              ...["subgrp", "pg", "cluster-pg", "og"].map(
                (kind) => `arn:${partition}:rds:*:${account}:${kind}:*`,
              ),
            ],
          } as const,
          {
            Sid: "ThrowTestsAway",
            Effect: "Allow",
            Action: ["rds:DeleteDBCluster", "rds:DeleteDBInstance"],
            Resource: restored,
          } as const,
        ]),
    ...(scope.bucketArns.length === 0 ? [] : bucketRestores(scope)),
    ...keys(scope),
  ];
}

/** https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForS3Restore.html */
function bucketRestores({ partition }: BackupScope): readonly Statement[] {
  const restored = `arn:${partition}:s3:::awsbackup-restore-test-*`;
  return [
    {
      Sid: "RestoreBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:GetBucketLocation",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketVersioning",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketVersioning",
      ],
      Resource: restored,
    },
    {
      Sid: "RestoreObjects",
      Effect: "Allow",
      Action: [
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAcl",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
        "s3:PutObjectVersionAcl",
      ],
      Resource: `${restored}/*`,
    },
  ];
}

const describeDatabases: Statement = {
  Sid: "FindDatabases",
  Effect: "Allow",
  Action: [
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "rds:ListTagsForResource",
  ],
  // AWS Backup lists before it knows names.
  Resource: "*",
};

/** AWS Backup begins the name of each snapshot of its own so, and RDS lets nobody else. */
function snapshotsOf({ partition, account }: BackupScope): readonly string[] {
  return ["snapshot", "cluster-snapshot"].map(
    (kind) => `arn:${partition}:rds:*:${account}:${kind}:awsbackup:*`,
  );
}

function databaseBackups(scope: BackupScope): readonly Statement[] {
  const snapshots = snapshotsOf(scope);
  return [
    describeDatabases,
    {
      Sid: "SnapshotDatabases",
      Effect: "Allow",
      Action: [
        "rds:AddTagsToResource",
        "rds:CopyDBClusterSnapshot",
        "rds:CopyDBSnapshot",
        "rds:CreateDBClusterSnapshot",
        "rds:CreateDBSnapshot",
      ],
      Resource: [...scope.databaseArns, ...snapshots],
    },
    {
      Sid: "ExpireSnapshots",
      Effect: "Allow",
      Action: ["rds:DeleteDBClusterSnapshot", "rds:DeleteDBSnapshot"],
      Resource: snapshots,
    },
  ];
}

function bucketBackups({ partition, account, bucketArns }: BackupScope): readonly Statement[] {
  return [
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: [
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketNotification",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetInventoryConfiguration",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:PutBucketNotification",
        "s3:PutInventoryConfiguration",
      ],
      Resource: bucketArns,
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
      ],
      Resource: bucketArns.map((arn) => `${arn}/*`),
    },
    {
      Sid: "FollowChanges",
      Effect: "Allow",
      Action: [
        "events:DeleteRule",
        "events:DescribeRule",
        "events:DisableRule",
        "events:EnableRule",
        "events:ListTargetsByRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
      ],
      Resource: `arn:${partition}:events:*:${account}:rule/AwsBackupManagedRule*`,
    },
    {
      Sid: "FindBuckets",
      Effect: "Allow",
      Action: ["cloudwatch:GetMetricData", "events:ListRules", "s3:ListAllMyBuckets"],
      // None of the three knows resources.
      Resource: "*",
    },
  ];
}

function keys({ keyArns }: BackupScope): readonly Statement[] {
  if (keyArns.length === 0) return [];
  return [
    {
      Sid: "UseKeys",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
      Resource: keyArns,
    },
    {
      Sid: "LetServicesUseKeys",
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: keyArns,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}
