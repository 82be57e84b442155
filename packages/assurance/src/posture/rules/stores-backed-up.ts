import type { PlatformStore } from "@tenantry/model";
import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { isFlag, numberAt, requireFlag, textAt, valueAt } from "../read-value.ts";
import { storeOf } from "../store-of.ts";

export const storesBackedUp = postureRule({
  name: "stores-backed-up",
  why: "A mistake that deletes rows deletes them in every replica at once; only a backup from before has them.",
  fix: "Keep automated backups for as many days as the definition says, versions of objects, and snapshots of caches.",
  things: "stores",
  find: ({ ofType }) =>
    ofType(
      "AWS::RDS::DBCluster",
      "AWS::RDS::DBInstance",
      "AWS::DocDB::DBCluster",
      "AWS::DynamoDB::Table",
      "AWS::S3::Bucket",
      "AWS::ElastiCache::ReplicationGroup",
    ),
  judge: (resource, posture) => judgeStore(resource, storeOf(resource, posture), posture),
});

function judgeStore(
  resource: Resource,
  store: PlatformStore | null,
  { isProtected }: Posture,
): readonly Finding[] {
  const { type, properties, key } = resource;
  if (type === "AWS::DynamoDB::Table")
    return requireFlag(
      resource,
      ["PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"],
      true,
      "it cannot be brought back to a moment before a mistake",
    );
  if (type === "AWS::S3::Bucket") {
    if (store?.kind === "bucket" && !store.versioning)
      return [notApplicable(key, "the definition says versioning: false")];
    const status = textAt(properties, "VersioningConfiguration", "Status");
    return status === "Enabled"
      ? []
      : [refuted(key, `VersioningConfiguration is ${status ?? "missing"}: what is overwritten is gone`)];
  }
  if (type === "AWS::ElastiCache::ReplicationGroup") {
    const asked = store?.kind === "redis" ? store.snapshotRetentionDays : 1;
    const kept = numberAt(properties, "SnapshotRetentionLimit") ?? 0;
    return kept >= asked
      ? []
      : [refuted(key, `SnapshotRetentionLimit is ${kept}, and the definition says ${asked}`)];
  }
  return judgeDatabase(resource, store, isProtected);
}

function judgeDatabase(
  { type, properties, key }: Resource,
  store: PlatformStore | null,
  isProtected: boolean,
): readonly Finding[] {
  const isInstance = type === "AWS::RDS::DBInstance";
  if (isInstance && valueAt(properties, "DBClusterIdentifier") !== undefined) return [];
  // A replica beside its source needs no backup of its own.
  const follows = valueAt(properties, "SourceDBInstanceIdentifier") !== undefined;
  if (follows && valueAt(properties, "SourceRegion") === undefined) return [];
  const asked = store !== null && "backups" in store ? store.backups.retentionDays : 1;
  const kept = numberAt(properties, "BackupRetentionPeriod") ?? 1;
  return [
    ...(kept < asked || kept < 1
      ? [refuted(key, `BackupRetentionPeriod is ${kept}, and the definition says ${asked} days`)]
      : []),
    // Those go with the database unless this says otherwise, and a database is deleted when somebody makes a mistake.
    ...(type.startsWith("AWS::RDS") &&
    isProtected &&
    !isFlag(valueAt(properties, "DeleteAutomatedBackups"), false)
      ? [refuted(key, "DeleteAutomatedBackups is not false: the backups are deleted with the database")]
      : []),
  ];
}
