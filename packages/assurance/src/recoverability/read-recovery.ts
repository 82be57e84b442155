import type { Platform, PlatformRecovery, PlatformStore } from "@tenantry/model";
import type { Resource, Shipment, ShippedStack } from "../artifacts/shipment.ts";
import { storeOf } from "../posture/store-of.ts";
import { valueAt } from "../posture/read-value.ts";
import type { MeasuredFigure } from "./figures.ts";
import { type StoreCopy, copiesOf } from "./store-copies.ts";
import { type Estimate, estimateBy } from "./term.ts";

/** A store of the primary region, as it is shipped. */
export interface ShippedStore {
  readonly resource: Resource;
  readonly store: PlatformStore;
  /** Of a tenant that has it to itself; null of one that tenants share. */
  readonly tier: string | null;
  /** How it is called in findings: "main", or "main of a tenant of silo". */
  readonly name: string;
  /** Seconds of writes that may be lost. */
  readonly rpoSeconds: number;
  /** What of it there is in the recovery region. */
  readonly copies: readonly StoreCopy[];
}

/** What the rules of recoverability look at, read once. */
export interface RecoveryDesign {
  readonly shipment: Shipment;
  readonly definition: Platform;
  /** Null where the environment promises no recovery in another region. */
  readonly recovery: PlatformRecovery | null;
  readonly primary: Side;
  readonly standby: Side;
  readonly stores: readonly ShippedStore[];
  readonly estimate: Estimate;
}

/** What is shipped for one region. */
export interface Side {
  readonly region: string;
  readonly resources: readonly Resource[];
  readonly ofType: (...types: readonly string[]) => readonly Resource[];
}

export function readRecovery(shipment: Shipment, measured: readonly MeasuredFigure[]): RecoveryDesign {
  const { definition } = shipment;
  const { recovery } = definition;
  const stacks = [...shipment.shared, ...shipment.tiers.map(({ anyTenant }) => anyTenant("a"))];
  const primary = sideOf("primary", shipment.region, stacks);
  const standby = sideOf("recovery", recovery?.region ?? "", stacks);
  const estimate = estimateBy(measured);
  const stores = primary.ofType(...storeTypes).flatMap((resource): readonly ShippedStore[] => {
    const store = storeOf(resource, { askedOf: () => definition });
    if (store === null || isPartOfAnother(resource)) return [];
    const { tier } = resource.stack;
    const promise = tier === null ? null : (definition.tiers[tier]?.rpoSeconds ?? null);
    return [
      {
        resource,
        store,
        tier,
        name: tier === null ? store.name : `${store.name} of a tenant of ${tier}`,
        rpoSeconds: promise ?? recovery?.rpoSeconds ?? 0,
        copies: copiesOf(resource, primary, standby, estimate),
      },
    ];
  });
  return { shipment, definition, recovery, primary, standby, stores, estimate };
}

const storeTypes = [
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::DocDB::DBCluster",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::S3::Bucket",
  "AWS::SQS::Queue",
  "AWS::AmazonMQ::Broker",
];

/** Instances hold their cluster's data, and replicas their source's. */
function isPartOfAnother({ properties }: Resource): boolean {
  const isInstance = valueAt(properties, "DBInstanceClass") !== undefined;
  return (
    (isInstance && valueAt(properties, "DBClusterIdentifier") !== undefined) ||
    valueAt(properties, "SourceDBInstanceIdentifier") !== undefined
  );
}

function sideOf(role: ShippedStack["role"], region: string, stacks: readonly ShippedStack[]): Side {
  const resources = stacks.filter((stack) => stack.role === role).flatMap((stack) => stack.resources());
  const byType = Map.groupBy(resources, ({ type }) => type);
  return { region, resources, ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []) };
}
