import type { Data, Resource, Shipment } from "../../../artifacts/shipment.ts";
import { listAt, textAt } from "../../../posture/read-value.ts";
import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { holdsTenant } from "../../names/read-names.ts";
import { platformRule } from "../data-rule.ts";
import type { Finder } from "../store-references.ts";

export const copiesStay = platformRule({
  id: "data/copies-stay",
  why: "what is copied to another account or region, or begins as a copy, is under nobody's rules here",
  fix: "replicate to the platform's own buckets, vaults, databases and regions only, and a tenant's own to its own",
  judge: ({ scopes, shipment }) => {
    const copies = scopes.flatMap(({ resources, find }) =>
      resources.flatMap((resource) => copiesOf(resource).map((copy) => ({ resource, find, copy }))),
    );
    if (copies.length === 0) return [notApplicable(shipment.environment, "nothing is copied")];
    return copies.flatMap(({ resource, find, copy }) => judgeCopy(resource, copy, find, shipment));
  },
});

interface Copy {
  /** The property that says where to, or where from. */
  readonly place: string;
  readonly target: string;
  /** "own" for what a tenant's own store may only copy to its own. */
  readonly kind: "resource" | "own" | "region" | "account" | "never";
}

function copiesOf({ type, properties }: Resource): readonly Copy[] {
  switch (type) {
    case "AWS::S3::Bucket":
      return [
        ...listAt(properties, "ReplicationConfiguration", "Rules").flatMap((rule) => [
          ...copy("ReplicationConfiguration", textAt(rule, "Destination", "Bucket"), "own"),
          ...copy("ReplicationConfiguration.Account", textAt(rule, "Destination", "Account"), "account"),
        ]),
        ...copy(
          "LoggingConfiguration",
          textAt(properties, "LoggingConfiguration", "DestinationBucketName"),
          "resource",
        ),
        ...listAt(properties, "InventoryConfigurations").flatMap((one) =>
          copy("InventoryConfigurations", textAt(one, "Destination", "BucketArn"), "own"),
        ),
      ];
    case "AWS::SecretsManager::Secret":
      return listAt(properties, "ReplicaRegions").flatMap((replica) => [
        ...copy("ReplicaRegions", textAt(replica, "Region"), "region"),
        ...copy("ReplicaRegions.KmsKeyId", textAt(replica, "KmsKeyId"), "resource"),
      ]);
    case "AWS::Backup::BackupPlan":
      return listAt(properties, "BackupPlan", "BackupPlanRule").flatMap((rule) =>
        listAt(rule, "CopyActions").flatMap((action) =>
          copy("CopyActions", textAt(action, "DestinationBackupVaultArn"), "resource"),
        ),
      );
    case "AWS::Logs::SubscriptionFilter":
      return copy("DestinationArn", textAt(properties, "DestinationArn"), "resource");
    case "AWS::Logs::DeliveryDestination":
      return copy("DestinationResourceArn", textAt(properties, "DestinationResourceArn"), "resource");
    default:
      return /^AWS::(RDS|DocDB)::(DBCluster|DBInstance|GlobalCluster)$/u.test(type)
        ? databaseCopies(properties)
        : [];
  }
}

function databaseCopies(properties: Data): readonly Copy[] {
  return [
    ...[
      "SourceDBInstanceIdentifier",
      "SourceDBClusterIdentifier",
      "ReplicationSourceIdentifier",
      "GlobalClusterIdentifier",
    ].flatMap((field) => copy(field, textAt(properties, field), "resource")),
    ...["SnapshotIdentifier", "DBSnapshotIdentifier", "DBClusterSnapshotIdentifier"].flatMap((field) =>
      copy(field, textAt(properties, field), "never"),
    ),
  ];
}

const copy = (place: string, target: string | undefined, kind: Copy["kind"]): readonly Copy[] =>
  target === undefined || target === "" ? [] : [{ place, target, kind }];

function judgeCopy(
  resource: Resource,
  { place, target, kind }: Copy,
  find: Finder,
  shipment: Shipment,
): readonly Finding[] {
  const { key, stack } = resource;
  const says = `${place} is ${target}`;
  switch (kind) {
    case "account":
      return target === shipment.account ? [] : [refuted(key, `${says}, which is another account`)];
    case "region": {
      const regions = [...shipment.shared, ...shipment.tiers].map(({ region }) => region);
      return regions.includes(target) ? [] : [refuted(key, `${says}, which is no region of the platform`)];
    }
    case "never":
      return [refuted(key, `${says}: it begins with what is in a snapshot, and nobody knows whose`)];
    case "own":
    case "resource": {
      const found = find(target);
      if (found.length === 0) return [refuted(key, `${says}, which is no resource of the platform`)];
      const isOwn = stack.tenant === null || holdsTenant(target, "a");
      return kind === "resource" || isOwn
        ? []
        : [refuted(key, `${says}, where other tenants' copies lie too`)];
    }
  }
}
