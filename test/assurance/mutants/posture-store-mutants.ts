import { resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import { broken, development, firstOf, management, silos, starter } from "./posture-broken.ts";

export const storesMutants: readonly Mutant[] = [
  broken(
    "the public access block of a tenant's bucket is half open",
    "buckets-closed",
    [silos, development, starter],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::S3::Bucket").Properties[
        "PublicAccessBlockConfiguration"
      ].RestrictPublicBuckets = false;
    },
  ),
  broken("a bucket is a website", "buckets-closed", [management], "data", (template) => {
    firstOf(template, "AWS::S3::Bucket").Properties["WebsiteConfiguration"] = {
      IndexDocument: "index.html",
    };
  }),
  broken(
    "plain HTTP is denied for the bucket but not for its objects",
    "buckets-require-tls",
    [silos, starter],
    "tenant-silo",
    (template) => {
      for (const statement of firstOf(template, "AWS::S3::BucketPolicy").Properties["PolicyDocument"]
        .Statement)
        if (
          statement.Condition?.Bool?.["aws:SecureTransport"] !== undefined &&
          Array.isArray(statement.Resource)
        )
          statement.Resource = statement.Resource.slice(0, 1);
    },
  ),
  broken(
    "a database has an address in the internet",
    "stores-not-public",
    [silos, management],
    "data",
    (template) => {
      firstOf(template, "AWS::RDS::DBInstance").Properties["PubliclyAccessible"] = true;
    },
  ),
  broken("tasks have addresses in the internet", "stores-not-public", [silos], "tenant-silo", (template) => {
    firstOf(template, "AWS::ECS::Service").Properties[
      "NetworkConfiguration"
    ].AwsvpcConfiguration.AssignPublicIp = "ENABLED";
  }),
  broken(
    "a cluster of databases is not encrypted",
    "stores-encrypted",
    [silos, development, starter],
    "data",
    (template) => {
      delete resourceOf(template, "MainCluster").Properties["StorageEncrypted"];
    },
  ),
  broken("a topic is not encrypted", "stores-encrypted", [silos, management], "operations", (template) => {
    delete firstOf(template, "AWS::SNS::Topic").Properties["KmsMasterKeyId"];
  }),
  broken("a log group falls back to AWS's key", "stores-encrypted", [silos], "tenant-silo", (template) => {
    delete firstOf(template, "AWS::Logs::LogGroup").Properties["KmsKeyId"];
  }),
  broken(
    "a tenant's bucket falls back to keys of S3",
    "stores-encrypted",
    [silos],
    "tenant-silo",
    (template) => {
      firstOf(template, "AWS::S3::Bucket").Properties["BucketEncryption"] = {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      };
    },
  ),
  broken(
    "a tenant's bucket is deleted with its stack",
    "stores-kept",
    [silos, starter],
    "tenant-silo",
    (template) => {
      delete firstOf(template, "AWS::S3::Bucket")["DeletionPolicy"];
    },
  ),
  broken("a replacement deletes the database", "stores-kept", [silos], "data", (template) => {
    resourceOf(template, "MainCluster")["UpdateReplacePolicy"] = "Delete";
  }),
  broken(
    "a database can be deleted by one call",
    "deletion-protected",
    [silos, starter],
    "data",
    (template) => {
      resourceOf(template, "MainCluster").Properties["DeletionProtection"] = false;
    },
  ),
  broken("the database keeps backups for a day", "stores-backed-up", [silos, starter], "data", (template) => {
    resourceOf(template, "MainCluster").Properties["BackupRetentionPeriod"] = 1;
  }),
  broken("old versions of objects are not kept", "stores-backed-up", [silos], "tenant-silo", (template) => {
    firstOf(template, "AWS::S3::Bucket").Properties["VersioningConfiguration"] = { Status: "Suspended" };
  }),
  broken("the backups go with the database", "stores-backed-up", [management], "data", (template) => {
    delete resourceOf(template, "MainInstance").Properties["DeleteAutomatedBackups"];
  }),
  broken("a key is not renewed", "keys-rotate", [silos, management, starter], "foundation", (template) => {
    firstOf(template, "AWS::KMS::Key").Properties["EnableKeyRotation"] = false;
  }),
  broken("a deleted key is gone after a week", "keys-rotate", [silos], "foundation", (template) => {
    firstOf(template, "AWS::KMS::Key").Properties["PendingWindowInDays"] = 7;
  }),
  broken("a machine's volume is not encrypted", "stores-encrypted", [silos], "cell", (template) => {
    template.Resources["Machine"] = {
      Type: "AWS::EC2::LaunchTemplate",
      Properties: {
        LaunchTemplateData: {
          MetadataOptions: { HttpTokens: "required" },
          BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 30, Encrypted: false } }],
        },
      },
    };
  }),
];
