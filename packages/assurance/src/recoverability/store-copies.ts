import type { Data, Resource } from "../artifacts/shipment.ts";
import { listAt, numberAt, textAt, textsAt, valueAt } from "../posture/read-value.ts";
import type { Side } from "./read-recovery.ts";
import { scheduleInterval } from "./schedule-interval.ts";
import type { Estimate, Term } from "./term.ts";

/** What of a store there is in the recovery region, and how old it is at most. */
export interface StoreCopy {
  readonly kind:
    | "aurora-global"
    | "documentdb-global"
    | "rds-replica"
    | "s3-replication"
    | "elasticache-global"
    | "backup-copy";
  /** For people: "Aurora Global Database to recovery-data/MainCluster". */
  readonly how: string;
  /** What of the store there is there; null of a backup, which must be restored first. */
  readonly target: Resource | null;
  /** Seconds of writes that it may lack. */
  readonly behind: readonly Term[];
}

export function copiesOf(
  store: Resource,
  primary: Side,
  standby: Side,
  estimate: Estimate,
): readonly StoreCopy[] {
  const live = liveCopies(store, primary, standby, estimate);
  return [...live, ...backupCopies(store, primary, standby, estimate)];
}

function liveCopies(store: Resource, primary: Side, standby: Side, estimate: Estimate): readonly StoreCopy[] {
  switch (store.type) {
    case "AWS::RDS::DBCluster":
      return globalCluster(store, primary, standby, "AWS::RDS").map((target) => ({
        kind: "aurora-global",
        how: `Aurora Global Database to ${target.key}`,
        target,
        behind: [lagOf(store, primary) ?? estimate("lag of Aurora", "aurora-global-lag")],
      }));
    case "AWS::DocDB::DBCluster":
      return globalCluster(store, primary, standby, "AWS::DocDB").map((target) => ({
        kind: "documentdb-global",
        how: `global cluster of DocumentDB to ${target.key}`,
        target,
        behind: [estimate("lag of DocumentDB", "documentdb-global-lag")],
      }));
    case "AWS::RDS::DBInstance":
      return replicas(store, standby).map((target) => ({
        kind: "rds-replica",
        how: `read replica ${target.key}`,
        target,
        behind: [watchedLag(standby, target) ?? estimate("lag of the replica", "rds-replica-lag")],
      }));
    case "AWS::S3::Bucket":
      return replicatedBuckets(store, standby, estimate);
    case "AWS::ElastiCache::ReplicationGroup":
      return globalCaches(store, primary, standby).map((target) => ({
        kind: "elasticache-global",
        how: `Global Datastore to ${target.key}`,
        target,
        behind: [estimate("lag of the Global Datastore", "elasticache-global-lag")],
      }));
    default:
      return [];
  }
}

/** Whether a text names a resource: by its id, its ARN, or the mark of one of them. */
const names = (text: string | undefined, { arn, physicalId }: Resource): boolean =>
  text !== undefined && (text === arn || text === physicalId);

/** Clusters of the recovery region in the same global cluster. They hold data whether they have instances or not. */
function globalCluster(store: Resource, primary: Side, standby: Side, service: string): readonly Resource[] {
  const identifiers = primary
    .ofType(`${service}::GlobalCluster`)
    .filter(({ properties }) => names(textAt(properties, "SourceDBClusterIdentifier"), store))
    .map(({ properties }) => textAt(properties, "GlobalClusterIdentifier"));
  return standby.ofType(`${service}::DBCluster`).filter(({ properties, stack }) => {
    const identifier = textAt(properties, "GlobalClusterIdentifier");
    return stack.region === standby.region && identifier !== undefined && identifiers.includes(identifier);
  });
}

/** What bounds the lag where the cluster itself does: it rather keeps writers waiting. */
function lagOf({ properties, stack }: Resource, primary: Side): Term | null {
  const name = textAt(properties, "DBClusterParameterGroupName");
  const group = primary
    .ofType("AWS::RDS::DBClusterParameterGroup")
    .find((candidate) => candidate.stack === stack && candidate.physicalId === name);
  const seconds = numberAt(group?.properties, "Parameters", "rds.global_db_rpo");
  return seconds === undefined || group === undefined
    ? null
    : { what: "lag that rds.global_db_rpo allows", seconds, source: group.key };
}

function replicas(store: Resource, standby: Side): readonly Resource[] {
  return standby
    .ofType("AWS::RDS::DBInstance")
    .filter(
      ({ properties, stack }) =>
        stack.region === standby.region &&
        textAt(properties, "SourceDBInstanceIdentifier") === store.arn &&
        store.arn !== null,
    );
}

/** The lag above which people are told, where an alarm of it is shipped: no longer one is left alone. */
function watchedLag(standby: Side, replica: Resource): Term | null {
  const alarm = standby
    .ofType("AWS::CloudWatch::Alarm")
    .find(
      ({ properties }) =>
        textAt(properties, "MetricName") === "ReplicaLag" &&
        textAt(properties, "Namespace") === "AWS/RDS" &&
        listAt(properties, "AlarmActions").length > 0 &&
        listAt(properties, "Dimensions").some(
          (dimension) => textAt(dimension, "Value") === replica.physicalId,
        ),
    );
  const seconds = numberAt(alarm?.properties, "Threshold");
  return alarm === undefined || seconds === undefined
    ? null
    : { what: "lag of which nobody is told", seconds, source: alarm.key };
}

function replicatedBuckets(store: Resource, standby: Side, estimate: Estimate): readonly StoreCopy[] {
  return listAt(store.properties, "ReplicationConfiguration", "Rules").flatMap(
    (rule): readonly StoreCopy[] => {
      const target = standby
        .ofType("AWS::S3::Bucket")
        .find(
          ({ arn, stack }) =>
            arn === textAt(rule, "Destination", "Bucket") && stack.region === standby.region,
        );
      if (target === undefined || !copiesAll(rule)) return [];
      const isTimed = textAt(rule, "Destination", "ReplicationTime", "Status") === "Enabled";
      return [
        {
          kind: "s3-replication",
          how: `S3 replication to ${target.key}${isTimed ? " with Replication Time Control" : ""}`,
          target,
          behind: [estimate("lag of S3", isTimed ? "s3-replication-time-control" : "s3-replication")],
        },
      ];
    },
  );
}

/** Whether a rule copies every object of the bucket, those that are encrypted with a key of ours included. */
function copiesAll(rule: Data): boolean {
  const prefix = textAt(rule, "Filter", "Prefix") ?? textAt(rule, "Prefix") ?? "";
  const isFiltered =
    prefix !== "" ||
    valueAt(rule, "Filter", "TagFilter") !== undefined ||
    valueAt(rule, "Filter", "And") !== undefined;
  const takesEncrypted =
    textAt(rule, "SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status") === "Enabled" ||
    valueAt(rule, "Destination", "EncryptionConfiguration") === undefined;
  return textAt(rule, "Status") === "Enabled" && !isFiltered && takesEncrypted;
}

function globalCaches(store: Resource, primary: Side, standby: Side): readonly Resource[] {
  const groups = primary
    .ofType("AWS::ElastiCache::GlobalReplicationGroup")
    .filter(({ properties }) =>
      listAt(properties, "Members").some((member) => names(textAt(member, "ReplicationGroupId"), store)),
    );
  return standby.ofType("AWS::ElastiCache::ReplicationGroup").filter(({ properties }) => {
    const joined = textAt(properties, "GlobalReplicationGroupId");
    return joined !== undefined && groups.some((group) => names(joined, group));
  });
}

/** Backups of AWS Backup that a plan copies into a vault of the recovery region. */
function backupCopies(
  store: Resource,
  primary: Side,
  standby: Side,
  estimate: Estimate,
): readonly StoreCopy[] {
  return backupRulesOf(store, primary).flatMap(({ plan, rule }): readonly StoreCopy[] => {
    const vaults = listAt(rule, "CopyActions").map((action) => textAt(action, "DestinationBackupVaultArn"));
    const vault = standby
      .ofType("AWS::Backup::BackupVault")
      .find(({ arn, stack }) => arn !== null && vaults.includes(arn) && stack.region === standby.region);
    if (vault === undefined) return [];
    const expression = textAt(rule, "ScheduleExpression") ?? "";
    return [
      {
        kind: "backup-copy",
        how: `backups by ${plan.key} (${expression}), copied to ${vault.key}`,
        target: null,
        behind: [
          { what: "between two backups", seconds: scheduleInterval(expression), source: plan.key },
          {
            what: "until a backup begins (StartWindowMinutes)",
            // AWS's own default is eight hours.
            seconds: (numberAt(rule, "StartWindowMinutes") ?? 480) * 60,
            source: plan.key,
          },
          estimate("until it is made and copied", "backup-and-copy"),
        ],
      },
    ];
  });
}

export interface BackupRule {
  readonly plan: Resource;
  readonly rule: Data;
}

/** The rules of the plans that select a store. */
export function backupRulesOf(store: Resource, primary: Side): readonly BackupRule[] {
  const selections = primary
    .ofType("AWS::Backup::BackupSelection")
    .filter(({ properties }) => selects(valueAt(properties, "BackupSelection"), store));
  return primary
    .ofType("AWS::Backup::BackupPlan")
    .filter(({ physicalId }) =>
      selections.some(({ properties }) => textAt(properties, "BackupPlanId") === physicalId),
    )
    .flatMap((plan) =>
      listAt(plan.properties, "BackupPlan", "BackupPlanRule").map((rule) => ({ plan, rule })),
    );
}

/** Whether a selection takes a store in: by its ARN, where a * stands for anything, and not by what is left out. */
function selects(selection: Data | undefined, { arn }: Resource): boolean {
  if (arn === null) return false;
  const matches = (pattern: string) => matchesPattern(pattern, arn);
  const isConditional =
    valueAt(selection, "Conditions") !== undefined || listAt(selection, "ListOfTags").length > 0;
  return (
    textsAt(selection, "Resources").some(matches) &&
    !textsAt(selection, "NotResources").some(matches) &&
    // Tags that a person takes away would take the store out of its backups.
    !isConditional
  );
}

/** From left to right, each part at its first place, which takes no longer for a pattern of many *. */
function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Whether deletions are copied as well; null where no rule says it. */
export function copiesDeletions(bucket: Resource): boolean | null {
  const rules = listAt(bucket.properties, "ReplicationConfiguration", "Rules");
  if (rules.length === 0) return null;
  return rules.some((rule) => textAt(rule, "DeleteMarkerReplication", "Status") === "Enabled");
}

/** Whether a cluster has an instance that can be promoted. */
export function hasInstance(cluster: Resource, side: Side): boolean {
  return side
    .ofType("AWS::RDS::DBInstance", "AWS::DocDB::DBInstance")
    .some(
      ({ properties, stack }) =>
        stack === cluster.stack && textAt(properties, "DBClusterIdentifier") === cluster.physicalId,
    );
}
