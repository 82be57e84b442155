import type { Resource } from "../artifacts/shipment.ts";
import { numberAt, textAt, valueAt } from "../posture/read-value.ts";
import type { RecoveryDesign } from "./read-recovery.ts";

/** A name by which users come to the primary region. */
export interface UserRecord {
  readonly record: Resource;
  readonly name: string;
  /** The record of the same name that leads to the recovery region; null without one. */
  readonly counterpart: Resource | null;
  /** Whether Route 53 itself stops to answer with the primary region when it is not well. */
  readonly isMovedByHealth: boolean;
}

/** The records of the primary region that lead to what serves users, and not to one region on purpose. */
export function userRecords({ primary, standby }: RecoveryDesign): readonly UserRecord[] {
  return primary
    .ofType("AWS::Route53::RecordSet")
    .filter((record) => leadsToRegion(record))
    .map((record) => {
      const name = textAt(record.properties, "Name") ?? "";
      const counterpart =
        standby
          .ofType("AWS::Route53::RecordSet")
          .find(
            ({ properties }) =>
              textAt(properties, "Name") === name &&
              textAt(properties, "Type") === textAt(record.properties, "Type") &&
              textAt(properties, "SetIdentifier") !== textAt(record.properties, "SetIdentifier"),
          ) ?? null;
      const hasHealth =
        valueAt(record.properties, "HealthCheckId") !== undefined ||
        String(valueAt(record.properties, "AliasTarget", "EvaluateTargetHealth")) === "true";
      return { record, name, counterpart, isMovedByHealth: hasHealth && counterpart !== null };
    });
}

/** CloudFront is everywhere, and a name with the region in it is for those who want that region. */
function leadsToRegion({ properties, stack }: Resource): boolean {
  const target = textAt(properties, "AliasTarget", "DNSName");
  const type = textAt(properties, "Type") ?? "";
  const isAddress = ["A", "AAAA", "CNAME"].includes(type);
  const name = textAt(properties, "Name") ?? "";
  return isAddress && target?.endsWith(".cloudfront.net") !== true && !name.includes(stack.region);
}

/** Seconds that resolvers keep a record's answer; null where Route 53 takes them from what the alias leads to. */
export function ttlOf({ properties }: Resource): number | null {
  return numberAt(properties, "TTL") ?? null;
}
