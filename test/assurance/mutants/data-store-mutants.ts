import { resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  first,
  inTemplate,
  join,
  management,
  mutantOf,
  silo,
  silos,
  silosInProduction,
  starter,
  told,
} from "./tenant-template-edits.ts";

const mutant = mutantOf("data");

const replicate = (Destination: Record<string, unknown>) => ({
  Role: "arn:aws:iam::123456789012:role/replication",
  Rules: [{ Status: "Enabled", Destination }],
});

const ofCopies: readonly Mutant[] = [
  mutant(
    "files are copied to a bucket of somebody's",
    "copies-stay",
    management,
    inTemplate("data", (template) => {
      resourceOf(template, "Files").Properties["ReplicationConfiguration"].Rules[0].Destination.Bucket =
        "arn:aws:s3:::collector";
    }),
  ),
  mutant(
    "files are copied to another account",
    "copies-stay",
    management,
    inTemplate("data", (template) => {
      resourceOf(template, "Files").Properties["ReplicationConfiguration"].Rules[0].Destination.Account =
        "210987654321";
    }),
  ),
  mutant(
    "every tenant's bucket is copied into one",
    "copies-stay",
    silos,
    silo((template) => {
      resourceOf(template, "Data").Properties["ReplicationConfiguration"] = replicate({
        Bucket: join("arn:aws:s3:::", { Ref: "ValueAuditLogBucket" }),
      });
    }),
  ),
  mutant(
    "an inventory that is written elsewhere",
    "copies-stay",
    silos,
    silo((template) => {
      resourceOf(template, "Data").Properties["InventoryConfigurations"] = [
        { Id: "all", Enabled: true, Destination: { BucketArn: "arn:aws:s3:::collector", Format: "CSV" } },
      ];
    }),
  ),
  mutant(
    "access logs are written elsewhere",
    "copies-stay",
    silos,
    silo((template) => {
      resourceOf(template, "Data").Properties["LoggingConfiguration"].DestinationBucketName = "collector";
    }),
  ),
  mutant(
    "secrets are copied to a region of nobody's",
    "copies-stay",
    [...silosInProduction, ...starter],
    silo((template) => {
      resourceOf(template, "MainUserSecret").Properties["ReplicaRegions"] = [{ Region: "ap-southeast-2" }];
    }),
  ),
  mutant(
    "backups are copied to another vault",
    "copies-stay",
    silosInProduction,
    first("operations", "AWS::Backup::BackupPlan", ({ Properties }) => {
      Properties["BackupPlan"].BackupPlanRule[0].CopyActions[0].DestinationBackupVaultArn =
        "arn:aws:backup:us-west-2:210987654321:backup-vault:theirs";
    }),
  ),
  mutant(
    "a tenant's database begins as a snapshot",
    "copies-stay",
    starter,
    silo((template) => {
      resourceOf(template, "MainCluster").Properties["SnapshotIdentifier"] =
        "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:acme-corp";
    }),
  ),
  mutant(
    "logs flow to somebody's function",
    "copies-stay",
    silos,
    silo((template) => {
      template.Resources["Flow"] = {
        Type: "AWS::Logs::SubscriptionFilter",
        Properties: {
          LogGroupName: { Ref: "AppServiceLog" },
          FilterPattern: "",
          DestinationArn: "arn:aws:lambda:us-east-1:210987654321:function:collect",
        },
      };
    }),
  ),
];

const ofStores: readonly Mutant[] = [
  mutant(
    "a tenant's bucket may be public",
    "buckets-not-public",
    silos,
    silo((template) => {
      resourceOf(template, "Data").Properties["PublicAccessBlockConfiguration"].BlockPublicPolicy = false;
    }),
  ),
  mutant(
    "a tenant's bucket without a block",
    "buckets-not-public",
    [...silos],
    silo((template) => {
      delete resourceOf(template, "Data").Properties["PublicAccessBlockConfiguration"];
    }),
  ),
  mutant(
    "a public database",
    "stores-not-public",
    starter,
    silo((template) => {
      resourceOf(template, "MainInstance1").Properties["PubliclyAccessible"] = true;
    }),
  ),
  mutant(
    "a topic that everybody reads",
    "stores-not-public",
    silosInProduction,
    first("operations", "AWS::SNS::TopicPolicy", ({ Properties }) => {
      Properties["PolicyDocument"].Statement.push({
        Effect: "Allow",
        Principal: "*",
        Action: "sns:Subscribe",
        Resource: "*",
      });
    }),
  ),
  mutant(
    "a tenant's bucket that everybody reads",
    "stores-not-public",
    silos,
    silo((template) => {
      resourceOf(template, "DataPolicy").Properties["PolicyDocument"].Statement.push({
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: join({ "Fn::GetAtt": ["Data", "Arn"] }, "/*"),
      });
    }),
  ),
  mutant(
    "a database without encryption",
    "stores-encrypted",
    starter,
    silo((template) => {
      resourceOf(template, "MainCluster").Properties["StorageEncrypted"] = false;
    }),
  ),
  mutant(
    "a tenant's bucket with AWS's key",
    "stores-encrypted",
    silos,
    silo((template) => {
      resourceOf(template, "Data").Properties["BucketEncryption"] = {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      };
    }),
  ),
  mutant(
    "a tenant's bucket that answers on plain HTTP",
    "tls-forced",
    silos,
    silo((template) => {
      const { PolicyDocument: policy } = resourceOf(template, "DataPolicy").Properties;
      policy.Statement = policy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== "DenyWithoutTls");
    }),
  ),
  mutant(
    "a database that takes plain connections",
    "tls-forced",
    starter,
    silo((template) => {
      resourceOf(template, "MainParameters").Properties["Parameters"]["rds.force_ssl"] = "0";
    }),
  ),
  mutant(
    "a password in a variable",
    "secrets-not-in-plain-text",
    [...silos, ...starter],
    told("MAIN_PASSWORD", "correct horse battery"),
  ),
  mutant(
    "a password in a URL",
    "secrets-not-in-plain-text",
    [...silos, ...starter],
    told("REPORTS_URL", ["postgresql://reports", "battery-staple@reports.internal/all"].join(":")),
  ),
  mutant(
    "a tenant's database that one call deletes",
    "deletion-protected",
    starter,
    silo((template) => {
      resourceOf(template, "MainCluster").Properties["DeletionProtection"] = false;
    }),
  ),
  mutant(
    "a tenant's bucket that goes with its stack",
    "stores-retained",
    [...silosInProduction],
    silo((template) => {
      resourceOf(template, "Data")["DeletionPolicy"] = "Delete";
    }),
  ),
  mutant(
    "the shared database goes with its stack",
    "stores-retained",
    [...silosInProduction, ...starter],
    inTemplate("data", (template) => {
      delete resourceOf(template, "MainCluster")["DeletionPolicy"];
    }),
  ),
];

/** Copies of stores, and how stores are kept. */
export const dataStoreMutants: readonly Mutant[] = [...ofCopies, ...ofStores];
