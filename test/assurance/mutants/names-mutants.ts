import { editJson, editTemplate, resourceOf, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  copyOf,
  inTemplate,
  join,
  management,
  mutantOf,
  named,
  type Platforms,
  silo,
  silos,
  silosInProduction,
  starter,
  tenant,
  username,
} from "./tenant-template-edits.ts";
import { placementMutants } from "./names-placement-mutants.ts";
import { prefixMutants } from "./names-prefix-mutants.ts";

const everywhere: Platforms = [...silos, ...starter, ...management, ["saas-management", "staging"]];

const mutant = mutantOf("names");

const names: readonly Mutant[] = [
  mutant("one bucket for all tenants", "hold-the-tenant", silos, (files) =>
    named("Data", "BucketName", "saas-platform-data-production-development")(files),
  ),
  mutant(
    "one log group for all tenants",
    "hold-the-tenant",
    silos,
    named("AppServiceLog", "LogGroupName", "/ecs/tenants/production/development"),
  ),
  mutant(
    "one role by name",
    "hold-the-tenant",
    [...silos, ...starter],
    named("AppServiceRolesTaskRole", "RoleName", "app-task-production-development"),
  ),
  mutant(
    "one task family",
    "hold-the-tenant",
    [...silos, ...starter],
    named("AppServiceTask", "Family", "production-development-app"),
  ),
  mutant(
    "one database cluster",
    "hold-the-tenant",
    starter,
    named("MainCluster", "DBClusterIdentifier", "starter-production-main"),
  ),
  mutant(
    "one rotation function",
    "hold-the-tenant",
    starter,
    silo((template) => {
      resourceOf(template, "MainMasterRotationSchedule").Properties[
        "HostedRotationLambda"
      ].RotationLambdaName = "starter-production-rotation";
    }),
  ),
  mutant(
    "one user in the shared database",
    "hold-the-tenant",
    silos,
    silo((template) => {
      const { GenerateSecretString: secret } = resourceOf(template, "MainUserSecret").Properties;
      secret.SecretStringTemplate = join(
        '{"host":"',
        { Ref: "ValueStoresMainEndpoint" },
        '","username":"tenant_app"}',
      );
    }),
  ),
  mutant(
    "the id is taken from a parameter that all share",
    "hold-the-tenant",
    silos,
    named("Data", "BucketName", join("saas-platform-", { Ref: "CellClusterName" }, "-data")),
  ),
  mutant(
    "a second bucket with another suffix",
    "tenants-apart",
    silos,
    silo((template) => {
      const bucket = copyOf(resourceOf(template, "Data"));
      bucket.Properties["BucketName"] = join("saas-platform-", tenant, "-production");
      const other = copyOf(bucket);
      other.Properties["BucketName"] = join("saas-platform-", tenant, "-data-production");
      template.Resources["Archive"] = bucket;
      template.Resources["Data"] = other;
    }),
  ),
  mutant(
    "a second secret with a hyphen behind the id",
    "tenants-apart",
    silos,
    silo((template) => {
      const secret = resourceOf(template, "MainUserSecret");
      secret.Properties["Name"] = join("rds/production/development/", tenant);
      const other = copyOf(secret);
      other.Properties["Name"] = join("rds/production/development/", tenant, "-admin");
      template.Resources["AdminSecret"] = other;
    }),
  ),
  mutant(
    "alarms that are told apart by hyphens",
    "tenants-apart",
    silos,
    silo((template) => {
      resourceOf(template, "AppErrorsAlarm").Properties["AlarmName"] = join(
        "production-development-",
        tenant,
        "-app-errors",
      );
      resourceOf(template, "AppLatencyAlarm").Properties["AlarmName"] = join(
        "production-development-",
        tenant,
        "-errors",
      );
    }),
  ),
  mutant(
    "an instance without its number",
    "tenants-apart",
    starter,
    named("MainInstance2", "DBInstanceIdentifier", join("starter-produ-9b992e6a-", tenant)),
  ),
  mutant(
    "a user whose name is the beginning of another's",
    "tenants-apart",
    silos,
    silo((template) => {
      const reader = copyOf(resourceOf(template, "MainUserSecret"));
      reader.Properties["Name"] = join("rds/tenant/", tenant, "/production/development/reader");
      reader.Properties["GenerateSecretString"].SecretStringTemplate = join(
        '{"host":"',
        { Ref: "ValueStoresMainEndpoint" },
        '","username":"tenant_',
        username,
        '_reader"}',
      );
      template.Resources["ReaderSecret"] = reader;
    }),
  ),
  mutant(
    "a secret of one tier that another tier gives to another tenant",
    "tenants-apart",
    starter,
    inTemplate("tenant-bridge", (template) => {
      resourceOf(template, "MainUserSecret").Properties["Name"] = join(
        "starter/production/main/tenant/",
        tenant,
        "-shared",
      );
    }),
  ),
  mutant(
    "two ids beside each other",
    "tenants-apart",
    silos,
    silo((template) => {
      const alarm = copyOf(resourceOf(template, "AppErrorsAlarm"));
      alarm.Properties["AlarmName"] = join("production-development-", tenant, tenant);
      template.Resources["OtherAlarm"] = alarm;
      resourceOf(template, "AppLatencyAlarm").Properties["AlarmName"] = join(
        "production-development-",
        tenant,
      );
    }),
  ),
  mutant(
    "a tenant's log group beside those of the platform",
    "apart-from-shared",
    starter,
    named("AppServiceLog", "LogGroupName", join("/starter/production/", tenant)),
  ),
  mutant(
    "an alarm that may be the platform's",
    "apart-from-shared",
    starter,
    named("AppErrorsAlarm", "AlarmName", join("starter-production-", tenant, "-cpu")),
  ),
  mutant("a bucket beside those of the platform", "apart-from-shared", silosInProduction, (files) =>
    editTemplate(
      named("Data", "BucketName", join("saas-platform-production-", tenant))(files),
      "foundation",
      (template) => {
        resourceOf(template, "AuditRecords").Properties["BucketName"] = "saas-platform-production-records";
      },
    ),
  ),
  mutant(
    "a secret that the platform has",
    "apart-from-shared",
    starter,
    named("MainMasterSecret", "Name", join("starter/production/main/", tenant)),
  ),
  mutant(
    "a stack of the platform that is called like a tenant's",
    "apart-from-shared",
    silosInProduction,
    (files) =>
      editJson<{ stacks: { id: string; stackName: string }[] }>(
        files,
        "cloudformation/manifest.json",
        ({ stacks }) => {
          for (const stack of stacks)
            if (stack.id === "data") stack.stackName = "saas-platform-production-tenant-data";
        },
      ),
  ),
  mutant("two log groups of one name", "one-owner", everywhere, (files) =>
    editTemplate(files, "foundation", (template) => {
      const groups = resourcesOfType(template, "AWS::Logs::LogGroup");
      for (const [, group] of groups)
        group.Properties["LogGroupName"] = "/platform/production/development/staging";
      if (groups.length === 1)
        template.Resources["SameGroup"] = copyOf((groups[0] as (typeof groups)[number])[1]);
    }),
  ),
  mutant("the copy of a bucket under the name of the bucket", "one-owner", management, (files) =>
    editTemplate(files, "recovery-replicas", (template) => {
      resourceOf(template, "Files").Properties["BucketName"] = "saas-platform-production-files";
    }),
  ),
  mutant(
    "a policy of one name in both regions",
    "one-owner",
    [...management, ...starter, ...silosInProduction],
    (files) =>
      editTemplate(files, "recovery-foundation", (template) => {
        const [policy] = resourcesOfType(template, "AWS::IAM::ManagedPolicy");
        const properties = policy?.[1].Properties ?? {};
        const before = JSON.stringify(properties["ManagedPolicyName"]);
        properties["ManagedPolicyName"] = JSON.parse(before.replace("us-west-2", "us-east-1")) as unknown;
      }),
  ),
  mutant(
    "two instances of one name",
    "one-owner",
    starter,
    named("MainInstance2", "DBInstanceIdentifier", join("starter-produ-9b992e6a-", tenant, "-1")),
  ),
  mutant(
    "two roles whose names differ in case",
    "one-owner",
    silos,
    silo((template) => {
      resourceOf(template, "AppServiceRolesTaskRole").Properties["RoleName"] = join(
        "production-development-",
        tenant,
        "_app",
      );
      resourceOf(template, "AppServiceRolesExecutionRole").Properties["RoleName"] = join(
        "Production-Development-",
        tenant,
        "_App",
      );
    }),
  ),
  mutant(
    "a bucket without the environment",
    "hold-the-environment",
    silos,
    named("Data", "BucketName", join("saas-platform-", tenant, "-data")),
  ),
  mutant(
    "a secret without the environment",
    "hold-the-environment",
    silos,
    named("MainUserSecret", "Name", join("rds/tenant/", tenant, "/password")),
  ),
  mutant("an alias of a key without the environment", "hold-the-environment", everywhere, (files) =>
    editTemplate(files, "foundation", (template) => {
      const [alias] = resourcesOfType(template, "AWS::KMS::Alias");
      (alias as NonNullable<typeof alias>)[1].Properties["AliasName"] = "alias/platform/logs";
    }),
  ),
  mutant(
    "a role that is too long for a long id",
    "within-limits",
    [...silos, ...starter],
    named("AppServiceRolesTaskRole", "RoleName", join("platform-production-development-", tenant, "_task")),
  ),
  mutant(
    "a target group that is too long for a long id",
    "within-limits",
    [...silos, ...starter],
    named("AppServiceTargetsTargetGroup", "Name", join("production-development-", tenant)),
  ),
  mutant(
    "a bucket that is too long for a long id",
    "within-limits",
    silos,
    named("Data", "BucketName", join("production-development-of-the-platform-", tenant)),
  ),
  mutant(
    "a bucket with underscores",
    "within-limits",
    silos,
    named("Data", "BucketName", join("production-development-", username)),
  ),
  mutant(
    "a bucket with capitals",
    "within-limits",
    silos,
    named("Data", "BucketName", join("Production-development-", tenant)),
  ),
  mutant(
    "a database that ends with a hyphen",
    "within-limits",
    starter,
    named("MainCluster", "DBClusterIdentifier", join("production-", tenant, "-")),
  ),
];

export const namesMutants: readonly Mutant[] = Object.freeze([
  ...names,
  ...prefixMutants,
  ...placementMutants,
]);
