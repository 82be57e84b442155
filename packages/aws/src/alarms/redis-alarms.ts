import type { PlatformStore } from "@tenantry/model";
import { Construct } from "constructs";
import { Alarm, type AlarmMetric, type AlarmProps, type AlarmSetting } from "./alarm.ts";

type RedisStore = Extract<PlatformStore, { readonly kind: "redis" }>;

export interface RedisAlarmsProps {
  readonly setting: AlarmSetting;
  readonly store: RedisStore;
  /** Id of the replication group. */
  readonly replicationGroupId: string;
  /** CPU of the engine above which people are told, percent. It has one thread. Default 80. */
  readonly cpuPercent?: number;
  /** Memory in use above which people are told, percent. Default 80. */
  readonly memoryPercent?: number;
}

/** A Redis: CPU, memory and evictions, by shard. The worst node of a shard counts. */
export class RedisAlarms extends Construct {
  constructor(scope: Construct, id: string, props: RedisAlarmsProps) {
    super(scope, id);
    const { setting, store, cpuPercent = 80, memoryPercent = 80 } = props;
    for (const [index, nodes] of nodesOf(store, props.replicationGroupId).entries()) {
      const suffix = store.shards === 1 ? "" : `${index + 1}`;
      const which = store.shards === 1 ? store.name : `shard ${suffix} of ${store.name}`;
      const alarm = (alarmId: string, rest: Omit<AlarmProps, "setting" | "name">) =>
        new Alarm(this, `${alarmId}${suffix}`, {
          setting,
          name: [store.name, alarmId.toLowerCase(), suffix].filter((part) => part !== "").join("-"),
          ...rest,
        });
      alarm("Cpu", {
        description: `The engine of ${which} uses more than ${cpuPercent} % of its thread. Look for slow commands in its slow log.`,
        severity: "high",
        ...worst(nodes, "EngineCPUUtilization", "Maximum"),
        threshold: { above: cpuPercent },
        datapoints: { bad: 10, of: 15 },
      });
      alarm("Memory", {
        description: `${which} uses more than ${memoryPercent} % of its memory. ${whatHappens(store)}`,
        severity: store.eviction === "noeviction" ? "critical" : "high",
        ...worst(nodes, "DatabaseMemoryUsagePercentage", "Maximum"),
        threshold: { above: memoryPercent },
      });
      alarm("Evictions", {
        description: `${which} throws keys away because its memory is full: ${store.purposes.join(", ")}.`,
        // A cache loses only time; sessions and limits are lost for good.
        severity: store.purposes.every((purpose) => purpose === "cache") ? "low" : "high",
        ...worst(nodes, "Evictions", "Sum"),
        threshold: { above: 100 },
        missing: "notBreaching",
      });
    }
  }
}

function whatHappens({ eviction }: RedisStore): string {
  return eviction === "noeviction"
    ? "When it is full, writes fail."
    : "When it is full, keys are thrown away.";
}

/**
 * Ids of the nodes, by shard. ElastiCache makes them from the id of the replication group: with the shard and the node
 * in cluster mode, with the node else.
 */
function nodesOf(store: RedisStore, group: string): readonly (readonly string[])[] {
  const perShard = store.nodes / store.shards;
  return Array.from({ length: store.shards }, (_, shard) =>
    Array.from({ length: perShard }, (_each, node) => {
      const three = String(node + 1).padStart(3, "0");
      return store.clusterMode
        ? `${group}-${String(shard + 1).padStart(4, "0")}-${three}`
        : `${group}-${three}`;
    }),
  );
}

/** The worst of the nodes, as one series. */
function worst(
  nodes: readonly string[],
  name: string,
  statistic: string,
): Pick<AlarmProps, "metrics" | "expression"> {
  const metrics = Object.fromEntries(
    nodes.map((node, index): [string, AlarmMetric] => [
      `node${index + 1}`,
      { namespace: "AWS/ElastiCache", name, dimensions: { CacheClusterId: node }, statistic },
    ]),
  );
  return nodes.length === 1 ? { metrics } : { metrics, expression: `MAX(METRICS())` };
}
