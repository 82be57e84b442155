// Goal: data are backed up as often, as long and as far away as the platform says, and backups are not lost with them.
import { expect, test } from "vitest";
import { backupSchedule } from "../../src/backup/backup-schedule.ts";
import { plannedBackups } from "../../src/backup/planned-backups.ts";
import { shortName } from "../../src/stack/short-name.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { operationsTemplate } from "./operations-templates.ts";

const management = operationsTemplate(documentPlatform("saas-management", "production"));
const managementRecovery = operationsTemplate(documentPlatform("saas-management", "production"), "recovery");
const silos = operationsTemplate(documentPlatform("tenant-silos", "production"));
const silosRecovery = operationsTemplate(documentPlatform("tenant-silos", "production"), "recovery");

function only(template: Template | null, type: string): Readonly<Record<string, unknown>> {
  const found = Object.values(template === null ? {} : resourcesOf(template, type));
  expect(found).toHaveLength(1);
  return found[0]?.Properties ?? {};
}

test("S1.17 every store is backed up daily, kept 35 days, and copied to the other region's vault", () => {
  expect(only(management, "AWS::Backup::BackupPlan")["BackupPlan"]).toMatchObject({
    BackupPlanRule: [
      {
        ScheduleExpression: "cron(0 5 * * ? *)",
        Lifecycle: { DeleteAfterDays: 35 },
        CopyActions: [
          {
            DestinationBackupVaultArn: {
              "Fn::Join": [
                "",
                expect.arrayContaining([":backup:us-west-2:", ":backup-vault:saas-platform-production"]),
              ],
            },
            Lifecycle: { DeleteAfterDays: 35 },
          },
        ],
      },
    ],
  });
  expect(only(management, "AWS::Backup::BackupSelection")["BackupSelection"]).toMatchObject({
    Resources: [
      { Ref: "ValueStoresDocumentsArn" },
      { Ref: "ValueStoresFilesArn" },
      { Ref: "ValueStoresMainArn" },
    ],
  });
});

test("S1.17 what a backup on demand needs is handed over", () => {
  const parameters = Object.values(resourcesOf(management as Template, "AWS::SSM::Parameter")).map(
    ({ Properties }) => Properties?.["Name"],
  );
  expect(parameters).toEqual(
    expect.arrayContaining([
      "/saas-platform/production/backups/vault-name",
      "/saas-platform/production/backups/role-arn",
      "/saas-platform/production/backups/configuration-bucket",
    ]),
  );
  expect(only(management, "AWS::S3::Bucket")).toMatchObject({
    VersioningConfiguration: { Status: "Enabled" },
  });
});

test("S1.18 the recovery region has the vault that copies go to, with a key of its own", () => {
  for (const template of [managementRecovery, silosRecovery]) {
    expect(only(template, "AWS::Backup::BackupVault")).toMatchObject({
      BackupVaultName: "saas-platform-production",
      EncryptionKeyArn: { Ref: "ValueKeysBackups" },
    });
  }
});

test("S5.16 backups that are the way to recover are copied as often as the promised loss wants", () => {
  // One hour may be lost.
  expect(only(silos, "AWS::Backup::BackupPlan")["BackupPlan"]).toMatchObject({
    BackupPlanRule: [
      { ScheduleExpression: "cron(0 * * * ? *)", CopyActions: [{ Lifecycle: { DeleteAfterDays: 7 } }] },
    ],
  });
  expect(Object.keys(silosRecovery?.Resources ?? {})).toEqual(["BackupVault", "ProvideRecoveryVaultArn"]);
});

test("S1.18 restores of the named databases are tried weekly, where nothing can reach them", () => {
  expect(only(management, "AWS::Backup::RestoreTestingPlan")["ScheduleExpression"]).toBe(
    "cron(0 5 ? * SUN *)",
  );
  const selections = Object.values(
    resourcesOf(management as Template, "AWS::Backup::RestoreTestingSelection"),
  );
  expect(selections.map(({ Properties }) => Properties?.["ProtectedResourceType"])).toEqual([
    "DocumentDB",
    "RDS",
  ]);
  const [group] = Object.values(resourcesOf(management as Template, "AWS::EC2::SecurityGroup"));
  expect(group?.Properties?.["SecurityGroupIngress"]).toBeUndefined();
  expect(group?.Properties?.["SecurityGroupEgress"]).toMatchObject([{ CidrIp: "255.255.255.255/32" }]);
  const role = JSON.stringify(resourcesOf(management as Template, "AWS::IAM::Role")["RestoreRole"]);
  expect(role).toContain("awsbackup-restore-test-*");
  // No bucket is tried, so none can be written to.
  expect(role).not.toContain("s3:");
});

test("S3.05 nobody deletes recovery points where data is protected, and the vault stays; a disposable one goes", () => {
  const vault = Object.values(resourcesOf(management as Template, "AWS::Backup::BackupVault"))[0];
  expect(vault?.DeletionPolicy).toBe("RetainExceptOnCreate");
  // No ChangeableForDays: governance mode.
  expect(vault?.Properties?.["LockConfiguration"]).toEqual({ MinRetentionDays: 35 });
  expect(vault?.Properties?.["AccessPolicy"]).toMatchObject({
    Statement: [
      { Effect: "Deny", Principal: "*", Action: expect.arrayContaining(["backup:DeleteRecoveryPoint"]) },
    ],
  });
  const disposable = operationsTemplate(
    platformWith({
      dataProtection: "disposable",
      stores: { main: { kind: "postgres" } },
      backups: { plans: { daily: { schedule: "rate(1 day)" } } },
    }),
  );
  const other = Object.values(resourcesOf(disposable as Template, "AWS::Backup::BackupVault"))[0];
  expect(other?.DeletionPolicy).toBe("Delete");
  expect(other?.Properties).not.toHaveProperty("LockConfiguration");
  expect(other?.Properties).not.toHaveProperty("AccessPolicy");
});

test("the buckets of tenants are found by their names, and the role reaches no other", () => {
  const template = operationsTemplate(
    platformWith({
      stores: { data: { kind: "bucket", name: "shop-{tenant}-data" } },
      tiers: { silo: { stores: { data: "silo" } } },
      backups: { plans: { daily: { schedule: "rate(1 day)" } } },
    }),
  );
  const arn = { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":s3:::shop-*-data"]] };
  expect(only(template, "AWS::Backup::BackupSelection")["BackupSelection"]).toMatchObject({
    Resources: [arn],
  });
  const [role] = Object.values(resourcesOf(template as Template, "AWS::IAM::Role"));
  const [policy] = (role?.Properties?.["Policies"] ?? []) as {
    PolicyDocument: { Statement: Record<string, unknown>[] };
  }[];
  const buckets = policy?.PolicyDocument.Statement.find(({ Sid }) => Sid === "Buckets");
  expect(buckets?.["Resource"]).toEqual([arn]);
});

test("a store that a plan copies has no plan besides; one that none copies has", () => {
  const settings = (copy: boolean) =>
    platformWith(
      {
        stores: {
          main: { kind: "postgres", instance: "r6g.large", backups: { copyToRecovery: true } },
          cache: { kind: "redis" },
        },
        backups: { plans: { nightly: { schedule: "rate(1 day)", copyToRecovery: copy } } },
      },
      { recovery: { region: "us-west-2" } },
    );
  expect(plannedBackups(settings(true)).map(({ name, stores }) => [name, stores])).toEqual([
    ["nightly", ["main"]],
  ]);
  expect(plannedBackups(settings(false)).map(({ name, schedule }) => [name, schedule])).toEqual([
    ["nightly", "cron(0 5 * * ? *)"],
    ["copies-7-days", "cron(0 5 * * ? *)"],
  ]);
});

test.each([
  ["cron(0 2 ? * MON *)", "cron(0 2 ? * MON *)"],
  ["rate(5 minutes)", "cron(0 * * * ? *)"],
  ["rate(6 hours)", "cron(0 0/6 * * ? *)"],
  ["rate(48 hours)", "cron(0 5 1/2 * ? *)"],
  ["rate(7 days)", "cron(0 5 ? * SUN *)"],
  ["rate(14 days)", "cron(0 5 1/14 * ? *)"],
  ["rate(30 days)", "cron(0 5 1 * ? *)"],
  ["rate(90 days)", "cron(0 5 1 1/3 ? *)"],
  ["rate(900 days)", "cron(0 5 1 1/12 ? *)"],
])("the schedule %s is %s for AWS Backup", (written, cron) => {
  expect(backupSchedule(written)).toBe(cron);
});

test("two long names that begin alike stay two", () => {
  const [one, two] = [shortName(`${"a".repeat(60)}1`, 50), shortName(`${"a".repeat(60)}2`, 50)];
  expect(one).toHaveLength(50);
  expect(one).not.toBe(two);
  expect(shortName("short", 50)).toBe("short");
});
