import type { PlatformStore } from "@tenantry/model";
import type { Resource } from "../artifacts/shipment.ts";
import type { Posture } from "./read-posture.ts";

const kinds: Readonly<Record<PlatformStore["kind"], RegExp>> = {
  postgres: /^AWS::RDS::/,
  documentdb: /^AWS::DocDB::/,
  redis: /^AWS::ElastiCache::/,
  bucket: /^AWS::S3::Bucket$/,
  queue: /^AWS::SQS::/,
  topic: /^AWS::SNS::Topic$/,
  broker: /^AWS::AmazonMQ::/,
};

/**
 * The store of the definition that a resource is; null where none is told by its name. The logical id of a store's resource
 * begins with the store's name, and where two names begin alike the longer one is meant.
 */
export function storeOf(
  { type, logicalId, stack }: Resource,
  { askedOf }: Pick<Posture, "askedOf">,
): PlatformStore | null {
  const stores = Object.values(askedOf(stack)?.stores ?? {}).filter(
    (store) => kinds[store.kind].test(type) && logicalId.startsWith(pascalOf(store.name)),
  );
  return stores.sort((a, b) => b.name.length - a.name.length)[0] ?? null;
}

/** "user-files" is UserFiles in a logical id, which has letters and digits only. */
function pascalOf(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
