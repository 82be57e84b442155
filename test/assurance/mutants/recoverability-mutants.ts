import type { ShippedFiles } from "@tenantry/assurance";
import { editJson, editTemplate, type EditableTemplate, resourceOf, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";

type Environment = readonly [platform: string, environment: string];

const silos: Environment = ["tenant-silos", "production"];
const management: Environment = ["saas-management", "production"];
const staging: Environment = ["saas-management", "staging"];
const starter: Environment = ["starter", "production"];

const mutant = (
  name: string,
  rule: string,
  platforms: readonly Environment[],
  mutate: (files: ShippedFiles) => ShippedFiles,
): Mutant => ({ name, theme: "recoverability", rule: `recoverability/${rule}`, platforms, mutate });

/** A mutant that breaks one template. */
const broken = (
  name: string,
  rule: string,
  platforms: readonly Environment[],
  template: string,
  edit: (template: EditableTemplate) => void,
): Mutant => mutant(name, rule, platforms, (files) => editTemplate(files, template, edit));

interface BackupRule {
  ScheduleExpression: string;
  Lifecycle: { DeleteAfterDays: number };
  CopyActions?: unknown;
}

/** Each rule of every plan of AWS Backup in a template. */
function backupRules(template: EditableTemplate): readonly BackupRule[] {
  return resourcesOfType(template, "AWS::Backup::BackupPlan").flatMap(
    ([, { Properties }]) => Properties["BackupPlan"].BackupPlanRule as readonly BackupRule[],
  );
}

function withoutType(template: EditableTemplate, type: string): void {
  for (const [id] of resourcesOfType(template, type)) delete template.Resources[id];
}

interface PlanStep {
  ExecutionBlockConfiguration: { EcsCapacityIncreaseConfig?: { Services: unknown[] } };
}

/** The steps of a workflow of the plan that happen at once. */
function parallelSteps(template: EditableTemplate, workflow: number): PlanStep[] {
  const { Steps } = resourceOf(template, "RecoveryPlan").Properties["Workflows"][workflow];
  return Steps[0].ExecutionBlockConfiguration.ParallelConfig.Steps as PlanStep[];
}

const copies: readonly Mutant[] = [
  broken(
    "the second region's cluster follows no global cluster",
    "stores-copied",
    [starter],
    "recovery-data",
    (template) => {
      delete resourceOf(template, "MainCluster").Properties["GlobalClusterIdentifier"];
    },
  ),
  broken("the global cluster is of another cluster", "stores-copied", [starter], "data", (template) => {
    resourceOf(template, "MainGlobal").Properties["SourceDBClusterIdentifier"] = "another-cluster";
  }),
  broken("backups stay in their region", "stores-copied", [silos], "operations", (template) => {
    for (const rule of backupRules(template)) delete rule.CopyActions;
  }),
  broken(
    "backups are copied into a vault that nobody ships",
    "stores-copied",
    [silos],
    "recovery-operations",
    (template) => {
      resourceOf(template, "BackupVault").Properties["BackupVaultName"] = "elsewhere";
    },
  ),
  broken("the selection takes another cluster in", "stores-copied", [silos], "operations", (template) => {
    for (const [, { Properties }] of resourcesOfType(template, "AWS::Backup::BackupSelection"))
      Properties["BackupSelection"].Resources = ["arn:aws:rds:us-east-1:111122223333:cluster:another"];
  }),
  broken(
    "the document database has no second cluster",
    "rpo-reached",
    [management],
    "recovery-data",
    (template) => {
      delete resourceOf(template, "DocumentsCluster").Properties["GlobalClusterIdentifier"];
    },
  ),
  broken("the replica follows another database", "rpo-reached", [management], "recovery-data", (template) => {
    resourceOf(template, "MainInstance").Properties["SourceDBInstanceIdentifier"] =
      "arn:aws:rds:us-east-1:111122223333:db:another";
  }),
  broken(
    "nobody is told before the replica is twenty minutes behind",
    "rpo-reached",
    [management],
    "recovery-operations",
    (template) => {
      resourceOf(template, "MainStoreAlarmsRegionLag").Properties["Threshold"] = 1200;
    },
  ),
  broken(
    "backups are taken once a day instead of hourly",
    "rpo-reached",
    [silos],
    "operations",
    (template) => {
      for (const rule of backupRules(template)) rule.ScheduleExpression = "cron(0 5 * * ? *)";
    },
  ),
  broken("only some objects are replicated", "rpo-reached", [management], "data", (template) => {
    resourceOf(template, "Files").Properties["ReplicationConfiguration"].Rules[0].Filter = {
      Prefix: "uploads/",
    };
  }),
  broken("deletions of objects are copied too", "deletions-as-asked", [management], "data", (template) => {
    resourceOf(template, "Files").Properties["ReplicationConfiguration"].Rules[0].DeleteMarkerReplication = {
      Status: "Enabled",
    };
  }),
  broken(
    "a copy is encrypted with a key of the lost region",
    "keys-there",
    [management, starter],
    "recovery-data",
    (template) => {
      for (const type of ["AWS::DocDB::DBCluster", "AWS::RDS::DBCluster"])
        for (const [, { Properties }] of resourcesOfType(template, type))
          Properties["KmsKeyId"] = "arn:aws:kms:us-east-1:111122223333:key/1234";
    },
  ),
  broken(
    "the administrator's password is in one region only",
    "keys-there",
    [silos, management, starter],
    "data",
    (template) => {
      delete resourceOf(template, "MainMasterSecret").Properties["ReplicaRegions"];
    },
  ),
  broken(
    "a tenant's password is replicated to another region",
    "keys-there",
    [silos],
    "tenant-silo",
    (template) => {
      resourceOf(template, "MainUserSecret").Properties["ReplicaRegions"] = [{ Region: "eu-west-1" }];
    },
  ),
  broken(
    "the recovery region has no registry of a service",
    "images-there",
    [management],
    "recovery-foundation",
    (template) => {
      delete template.Resources["RegistryApi"];
    },
  ),
  broken(
    "tasks of the recovery region pull from the lost one",
    "images-there",
    [management],
    "recovery-services",
    (template) => {
      const [, task] = resourcesOfType(template, "AWS::ECS::TaskDefinition")[0] ?? [];
      if (task !== undefined)
        task.Properties["ContainerDefinitions"][0].Image =
          "111122223333.dkr.ecr.us-east-1.amazonaws.com/api:1.0.1";
    },
  ),
];

const takeover: readonly Mutant[] = [
  mutant(
    "the plan moves one thing after the other, for which there is no time",
    "rto-reached",
    [management],
    (files) =>
      editJson<{ recovery: { rtoMinutes: number } }>(
        editTemplate(files, "operations", (template) => {
          const [, workflow] = resourceOf(template, "RecoveryPlan").Properties["Workflows"];
          workflow.Steps = parallelSteps(template, 1);
        }),
        "platform.json",
        ({ recovery }) => {
          recovery.rtoMinutes = 22;
        },
      ),
  ),
  broken("the plan aims at four hours", "plan-complete", [management, starter], "operations", (template) => {
    resourceOf(template, "RecoveryPlan").Properties["RecoveryTimeObjectiveMinutes"] = 240;
  }),

  mutant("ten minutes are promised", "rto-reached", [management], (files) =>
    editJson<{ recovery: { rtoMinutes: number } }>(files, "platform.json", ({ recovery }) => {
      recovery.rtoMinutes = 10;
    }),
  ),
  broken("the region is watched by the hour", "rto-reached", [management], "cell-watch", (template) => {
    for (const metric of resourceOf(template, "AlarmsErrors").Properties["Metrics"])
      if (metric.MetricStat !== undefined) metric.MetricStat.Period = 3600;
  }),
  broken("new tasks get an hour of grace", "rto-reached", [management], "recovery-services", (template) => {
    for (const [, { Properties }] of resourcesOfType(template, "AWS::ECS::Service"))
      Properties["HealthCheckGracePeriodSeconds"] = 3600;
  }),
  broken(
    "the alarm of the region tells nobody",
    "failure-detected",
    [silos, management],
    "cell-watch",
    (template) => {
      resourceOf(template, "AlarmsErrors").Properties["AlarmActions"] = [];
    },
  ),
  broken(
    "nobody is subscribed to the topics",
    "failure-detected",
    [silos, management],
    "operations",
    (template) => {
      withoutType(template, "AWS::SNS::Subscription");
    },
  ),
  broken(
    "a region from which nothing comes counts as well",
    "failure-detected",
    [management],
    "edge",
    (template) => {
      for (const [, { Properties }] of resourcesOfType(template, "AWS::Route53::HealthCheck"))
        if (Properties["HealthCheckConfig"].Type === "CLOUDWATCH_METRIC")
          Properties["HealthCheckConfig"].InsufficientDataHealthStatus = "Healthy";
    },
  ),
  broken("nothing watches the region", "failure-detected", [silos, starter], "cell-watch", (template) => {
    withoutType(template, "AWS::CloudWatch::Alarm");
  }),
  broken("a service waits without a task", "standby-waits", [management], "recovery-services", (template) => {
    for (const [, { Properties }] of resourcesOfType(template, "AWS::ApplicationAutoScaling::ScalableTarget"))
      Properties["MinCapacity"] = 0;
  }),
  broken(
    "a service that waits may not grow",
    "standby-waits",
    [management],
    "recovery-services",
    (template) => {
      for (const [, { Properties }] of resourcesOfType(
        template,
        "AWS::ApplicationAutoScaling::ScalableTarget",
      ))
        Properties["MaxCapacity"] = 1;
    },
  ),
  broken("a service does not wait at all", "standby-waits", [management], "recovery-services", (template) => {
    delete template.Resources["ApiService"];
    for (const [id, { Properties }] of Object.entries(template.Resources))
      if (JSON.stringify(Properties ?? {}).includes('"ApiService"')) delete template.Resources[id];
  }),
  broken("the plan leaves a database out", "plan-complete", [management], "operations", (template) => {
    parallelSteps(template, 1).splice(0, 1);
  }),
  broken("the plan leaves a service out", "plan-complete", [management], "operations", (template) => {
    parallelSteps(template, 1)
      .at(-1)
      ?.ExecutionBlockConfiguration.EcsCapacityIncreaseConfig?.Services.splice(-2, 2);
  }),
  broken("no workflow leads back", "plan-complete", [management, starter], "operations", (template) => {
    resourceOf(template, "RecoveryPlan").Properties["Workflows"].splice(0, 1);
  }),
  broken("there is no plan", "plan-complete", [starter], "operations", (template) => {
    delete template.Resources["RecoveryPlan"];
    for (const [id, { Properties }] of Object.entries(template.Resources))
      if (JSON.stringify(Properties ?? {}).includes('"RecoveryPlan"')) delete template.Resources[id];
  }),
  broken("the entry has no health check", "traffic-moves-by-health", [management], "edge", (template) => {
    delete resourceOf(template, "EntryA").Properties["HealthCheckId"];
  }),
  broken(
    "the entry leads to one region only",
    "traffic-moves-by-health",
    [management],
    "recovery-edge",
    (template) => {
      delete template.Resources["EntryA"];
    },
  ),
];

const backups: readonly Mutant[] = [
  broken(
    "backups are kept for three days",
    "backups-kept",
    [management, staging],
    "operations",
    (template) => {
      for (const rule of backupRules(template)) rule.Lifecycle = { DeleteAfterDays: 3 };
    },
  ),
  broken("backups are taken once a week", "backups-kept", [management, staging], "operations", (template) => {
    for (const rule of backupRules(template)) rule.ScheduleExpression = "cron(0 5 ? * SUN *)";
  }),
  broken(
    "backups are not copied although the plan says so",
    "backups-kept",
    [management],
    "operations",
    (template) => {
      for (const rule of backupRules(template)) delete rule.CopyActions;
    },
  ),
  broken("a store is in no backup", "backups-kept", [management, staging], "operations", (template) => {
    for (const [, { Properties }] of resourcesOfType(template, "AWS::Backup::BackupSelection"))
      Properties["BackupSelection"].Resources.splice(0, 1);
  }),
  broken(
    "the vault is not locked",
    "backups-kept",
    [silos, management, staging],
    "operations",
    (template) => {
      delete resourceOf(template, "BackupVault").Properties["LockConfiguration"];
    },
  ),
  broken(
    "recovery points can be deleted",
    "backups-kept",
    [silos, management],
    "recovery-operations",
    (template) => {
      delete resourceOf(template, "BackupVault").Properties["AccessPolicy"];
    },
  ),
  broken("no restore is tried", "restores-tested", [management, staging], "operations", (template) => {
    withoutType(template, "AWS::Backup::RestoreTestingSelection");
    withoutType(template, "AWS::Backup::RestoreTestingPlan");
  }),
  broken(
    "the restore of one database is not tried",
    "restores-tested",
    [management, staging],
    "operations",
    (template) => {
      delete template.Resources["RestoreTestSelectionMain"];
    },
  ),
  broken("restores are tried once a year", "restores-tested", [management], "operations", (template) => {
    resourceOf(template, "RestoreTestPlan").Properties["ScheduleExpression"] = "cron(0 5 1 1 ? *)";
  }),
];

/** Broken what happens when the primary region is gone. */
export const recoverabilityMutants: readonly Mutant[] = [...copies, ...takeover, ...backups];
