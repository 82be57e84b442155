import { type CostOutcome, fixed, hoursPerMonth, notPriced } from "../charge.ts";
import { numberAt, textAt } from "../property.ts";
import { sharersOfStore } from "../site.ts";
import type { CostOf } from "./cost-of.ts";

/** One snapshot of each node group is kept without charge. */
const freeSnapshots = 1;
const engineNames: ReadonlyMap<string, string> = new Map([
  ["redis", "Redis OSS"],
  ["valkey", "Valkey"],
]);

export const costOfReplicationGroup: CostOf = ({ properties }, site) => {
  const type = textAt(properties, "CacheNodeType");
  const engine = engineNames.get(textAt(properties, "Engine") ?? "redis");
  if (type === null || engine === undefined) {
    return [
      notPriced("cache nodes", type === null ? "CacheNodeType is not known" : "the engine is not priced"),
    ];
  }
  const shards = numberAt(properties, "NumNodeGroups") ?? 1;
  const replicas = numberAt(properties, "ReplicasPerNodeGroup");
  const nodes =
    replicas === null ? (numberAt(properties, "NumCacheClusters") ?? shards) : shards * (1 + replicas);
  const sharers = sharersOfStore(
    site,
    textAt(properties, "ReplicationGroupId") ?? textAt(properties, "ReplicationGroupDescription"),
  );
  const snapshots = numberAt(properties, "SnapshotRetentionLimit") ?? 0;
  const backups: readonly CostOutcome[] =
    snapshots > freeSnapshots
      ? [notPriced("snapshots", `${snapshots} are kept, one of them free; how large they are is not assumed`)]
      : [];
  return [
    fixed(
      "caches",
      { service: "elasticache", item: `${engine} ${type}` },
      {
        quantity: nodes * hoursPerMonth,
        basis: `${nodes} nodes of ${type}`,
        sharers,
      },
    ),
    ...backups,
  ];
};
