import { editTemplate, resourceOf } from "./edit.ts";
import { dataStoreMutants } from "./data-store-mutants.ts";
import type { Mutant } from "./mutant.ts";
import {
  allowed,
  containerOf,
  first,
  inTemplate,
  join,
  management,
  mutantOf,
  silo,
  silos,
  silosInProduction,
  starter,
  tenant,
  told,
} from "./tenant-template-edits.ts";

const mutant = mutantOf("data");

const handed = (Name: string, ValueFrom: unknown) =>
  silo((template) => {
    const container = containerOf(template);
    container.Secrets = [...container.Secrets.filter((one) => one.Name !== Name), { Name, ValueFrom }];
  });

const secretOf = (id: string, environment: string) =>
  join(
    "arn:aws:secretsmanager:us-east-1:",
    { Ref: "AWS::AccountId" },
    `:secret:rds/tenant/${id}/${environment}/password`,
  );

const ofTasks: readonly Mutant[] = [
  mutant(
    "the bucket of one tenant for all",
    "tasks-name-own-stores",
    silosInProduction,
    told("DATA_BUCKET", "saas-platform-acme-corp-data-production"),
  ),
  mutant(
    "a URL with another's bucket",
    "tasks-name-own-stores",
    silosInProduction,
    told("BACKUP_URL", "s3://saas-platform-acme-corp-data-production/2026/"),
  ),
  mutant(
    "an address of S3 with another's bucket",
    "tasks-name-own-stores",
    silosInProduction,
    told("ASSETS", "https://saas-platform-acme-corp-data-production.s3.us-east-1.amazonaws.com/x"),
  ),
  mutant(
    "a bucket that is put together with a suffix of the id",
    "tasks-name-own-stores",
    silosInProduction,
    told("ARCHIVE", join("saas-platform-", tenant, "-archive-data-production")),
  ),
  mutant(
    "the ARN of another's secret",
    "tasks-name-own-stores",
    silosInProduction,
    handed("MAIN_PASSWORD", join(secretOf("acme-corp", "production"), "-AbCdEf:password::")),
  ),
  mutant(
    "another's secret in a command",
    "tasks-name-own-stores",
    silosInProduction,
    silo((template) => {
      containerOf(template).Command = ["serve", "--secret", "rds/tenant/acme-corp/production/password"];
    }),
  ),
  mutant(
    "every tenant is told that it is one of them",
    "tasks-name-own-stores",
    [...silos, ...starter],
    told("TENANT_ID", "acme-corp"),
  ),
  mutant(
    "a bucket of the platform for a tenant's own",
    "stores-as-tier-says",
    silos,
    told("DATA_BUCKET", { Ref: "ValueAuditLogBucket" }),
  ),
  mutant(
    "a database somewhere for a tenant's own",
    "stores-as-tier-says",
    starter,
    told("MAIN_HOST", "main.internal.example.com"),
  ),
  mutant(
    "a URL of a database somewhere",
    "stores-as-tier-says",
    starter,
    told("MAIN_URL", "postgresql://main.internal.example.com:5432/starter"),
  ),
  mutant(
    "a bucket for files that is nobody's",
    "stores-as-tier-says",
    starter,
    told("FILES_BUCKET", "starter-production-files"),
  ),
  mutant(
    "a secret of no store",
    "stores-as-tier-says",
    silos,
    handed("LICENCE", "arn:aws:secretsmanager:us-east-1:123456789012:secret:platform/licence-AbCdEf"),
  ),
  mutant("the secret of the application for a tenant's user", "stores-as-tier-says", silos, (files) =>
    editTemplate(files, "tenant-silo", (template) => {
      (template.Parameters ??= {})["Application"] = {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: `/saas-platform/${JSON.stringify(template).includes("data-production") ? "production" : "development"}/stores/main/secret-arn`,
      };
      const container = containerOf(template);
      container.Secrets = [{ Name: "MAIN_PASSWORD", ValueFrom: join({ Ref: "Application" }, ":password::") }];
    }),
  ),
  mutant(
    "the master user's password for a tenant's service",
    "no-master-credentials",
    starter,
    handed("MAIN_PASSWORD", join({ Ref: "MainMasterSecret" }, ":password::")),
  ),
  mutant(
    "the master user's secret for what tenants share",
    "no-master-credentials",
    starter,
    inTemplate("services", (template) => {
      (template.Parameters ??= {})["Master"] = {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: "/starter/production/stores/main/secret-arn",
      };
      containerOf(template).Secrets.push({
        Name: "ADMIN_PASSWORD",
        ValueFrom: join({ Ref: "Master" }, ":password::"),
      });
    }),
  ),
  mutant(
    "a tenant's secret that opens as the application",
    "secrets-for-own-user",
    silos,
    silo((template) => {
      const { GenerateSecretString: secret } = resourceOf(template, "MainUserSecret").Properties;
      secret.SecretStringTemplate = join(
        '{"host":"',
        { Ref: "ValueStoresMainEndpoint" },
        '","username":"application"}',
      );
    }),
  ),
  mutant(
    "a rotation of another secret",
    "secrets-for-own-user",
    silosInProduction,
    silo((template) => {
      resourceOf(template, "MainUserRotation").Properties["SecretId"] = secretOf("acme-corp", "production");
    }),
  ),
  mutant(
    "a master secret for another database",
    "secrets-for-own-user",
    starter,
    silo((template) => {
      resourceOf(template, "MainMasterAttachment").Properties["TargetId"] =
        "starter-production-main-d5034705";
    }),
  ),
  mutant(
    "a shared service that knows one tenant's bucket",
    "placed-tasks-own",
    starter,
    inTemplate("services", (template) => {
      containerOf(template).Environment.push({
        Name: "EXPORTS",
        Value: "s3://starter-production-files-initech-llc/",
      });
    }),
  ),
  mutant(
    "a shared service that is handed one tenant's secret",
    "placed-tasks-own",
    starter,
    inTemplate("services", (template) => {
      const arn = join(
        "arn:aws:secretsmanager:us-east-1:",
        { Ref: "AWS::AccountId" },
        ":secret:starter/production/main/tenant/globex-inc-AbCdEf:password::",
      );
      containerOf(template).Secrets.push({ Name: "GLOBEX_PASSWORD", ValueFrom: arn });
    }),
  ),
  mutant(
    "a tenant that is placed is told another's bucket",
    "placed-tasks-own",
    silosInProduction,
    told("SEED", "s3://saas-platform-acme-corp-data-production/seed"),
  ),
];

const ofRecords: readonly Mutant[] = [
  mutant(
    "one log for all tenants",
    "logs-own",
    [...silos, ...starter],
    silo((template) => {
      containerOf(template).LogConfiguration.Options["awslogs-group"] = "/platform/production/app";
    }),
  ),
  mutant(
    "a log group that is put together and not there",
    "logs-own",
    silos,
    silo((template) => {
      containerOf(template).LogConfiguration.Options["awslogs-group"] = join("/ecs/", tenant);
    }),
  ),
  mutant(
    "a shared service that writes to a tenant's log",
    "logs-own",
    starter,
    inTemplate("services", (template) => {
      containerOf(template).LogConfiguration.Options["awslogs-group"] = "/starter/production/app/initech-llc";
    }),
  ),
  mutant(
    "access logs of all for a tenant",
    "records-closed",
    silos,
    allowed({
      Action: ["s3:GetObject"],
      Resource: join("arn:aws:s3:::", { Ref: "ValueAuditLogBucket" }, "/s3/*"),
    }),
  ),
  mutant(
    "every bucket for a tenant",
    "records-closed",
    [...silos, ...starter],
    allowed({ Action: "s3:*", Resource: "*" }),
  ),
  mutant(
    "every log for a tenant",
    "records-closed",
    [...silos, ...starter],
    allowed({ Action: "logs:Filter*", Resource: "arn:aws:logs:*:*:log-group:*" }),
  ),
  mutant(
    "backups for a tenant",
    "records-closed",
    silosInProduction,
    allowed({ Action: "backup:StartRestoreJob", Resource: "*" }),
  ),
  mutant(
    "all but one action for a tenant",
    "records-closed",
    silos,
    allowed({ NotAction: "iam:*", Resource: "*" }),
  ),
  mutant(
    "a vault that lets another account in",
    "backups-closed",
    [...silosInProduction, ...management],
    first("operations", "AWS::Backup::BackupVault", ({ Properties }) => {
      Properties["AccessPolicy"].Statement.push({
        Sid: "Share",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::210987654321:root" },
        Action: "backup:CopyFromBackupVault",
        Resource: "*",
      });
    }),
  ),
  mutant(
    "a vault from which backups may be deleted",
    "backups-closed",
    [...silosInProduction, ...management],
    first("operations", "AWS::Backup::BackupVault", ({ Properties }) => {
      Properties["AccessPolicy"].Statement = [];
    }),
  ),
  mutant(
    "a vault that denies deletion to one role only",
    "backups-closed",
    [...silosInProduction, ...management],
    first("operations", "AWS::Backup::BackupVault", ({ Properties }) => {
      Properties["AccessPolicy"].Statement[0].Principal = { AWS: "arn:aws:iam::210987654321:role/one" };
    }),
  ),
  mutant(
    "a selection of everything in the account",
    "backups-closed",
    [...silosInProduction, ...management],
    first("operations", "AWS::Backup::BackupSelection", ({ Properties }) => {
      Properties["BackupSelection"].Resources = ["*"];
    }),
  ),
  mutant(
    "a selection by tags alone",
    "backups-closed",
    [...silosInProduction, ...management],
    first("operations", "AWS::Backup::BackupSelection", ({ Properties }) => {
      delete Properties["BackupSelection"].Resources;
      Properties["BackupSelection"].ListOfTags = [
        { ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "yes" },
      ];
    }),
  ),
];

export const dataMutants: readonly Mutant[] = Object.freeze([...ofTasks, ...ofRecords, ...dataStoreMutants]);
