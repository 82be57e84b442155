import type { PlatformStore } from "@tenantry/model";
import { Construct } from "constructs";
import { Alarm, type AlarmMetric, type AlarmSetting } from "./alarm.ts";
import { instanceMemoryGiB } from "./instance-memory.ts";

type DocumentdbStore = Extract<PlatformStore, { readonly kind: "documentdb" }>;

export interface DocumentdbAlarmsProps {
  readonly setting: AlarmSetting;
  readonly store: DocumentdbStore;
  readonly clusterIdentifier: string;
  /** CPU above which people are told, percent. Default 80. */
  readonly cpuPercent?: number;
  /** Connections of those that the class takes, percent. Default 80. */
  readonly connectionsPercent?: number;
  /** Lag of a replica, seconds. Default 30. */
  readonly replicaLagSeconds?: number;
  /** Whether the cluster follows one in another region. Default false. */
  readonly followsOtherRegion?: boolean;
}

/** A DocumentDB cluster: CPU, connections, memory and the lag of its replicas. */
export class DocumentdbAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DocumentdbAlarmsProps) {
    super(scope, id);
    const { setting, store, cpuPercent = 80, connectionsPercent = 80, replicaLagSeconds = 30 } = props;
    const { name } = store;
    const metric = (metricName: string, statistic: string): AlarmMetric => ({
      namespace: "AWS/DocDB",
      name: metricName,
      dimensions: { DBClusterIdentifier: props.clusterIdentifier },
      statistic,
    });
    new Alarm(this, "Cpu", {
      setting,
      name: `${name}-cpu`,
      description: `${name} uses more than ${cpuPercent} % CPU. Look for queries without an index in the profiler's log.`,
      severity: "high",
      metrics: { cpu: metric("CPUUtilization", "Maximum") },
      threshold: { above: cpuPercent },
      datapoints: { bad: 10, of: 15 },
    });
    new Alarm(this, "Connections", {
      setting,
      name: `${name}-connections`,
      description: `${name} has more than ${connectionsPercent} % of its connections in use. Look at the pools of the services.`,
      severity: "high",
      metrics: {
        used: metric("DatabaseConnectionsMax", "Maximum"),
        limit: metric("DatabaseConnectionsLimit", "Minimum"),
      },
      expression: "100 * used / limit",
      threshold: { above: connectionsPercent },
    });
    const memoryGiB = instanceMemoryGiB(store.instance);
    if (memoryGiB !== null) {
      new Alarm(this, "Memory", {
        setting,
        name: `${name}-memory`,
        description: `${name} has less than 5 % of its memory left. Its indexes no longer fit: take a larger class.`,
        severity: "high",
        metrics: { free: metric("FreeableMemory", "Minimum") },
        threshold: { below: Math.floor(memoryGiB * 1024 ** 3 * 0.05) },
        datapoints: { bad: 10, of: 15 },
      });
    }
    for (const [alarm, metricName, isThere] of [
      ["ReplicaLag", "DBClusterReplicaLagMaximum", store.instances > 1],
      ["RegionLag", "GlobalClusterReplicationLag", props.followsOtherRegion === true],
    ] as const) {
      if (!isThere) continue;
      new Alarm(this, alarm, {
        setting,
        name: `${name}-${alarm === "ReplicaLag" ? "replica" : "region"}-lag`,
        description: `A replica of ${name} is more than ${replicaLagSeconds} s behind.`,
        severity: "high",
        metrics: { lag: metric(metricName, "Maximum") },
        threshold: { above: replicaLagSeconds * 1000 },
      });
    }
  }
}
