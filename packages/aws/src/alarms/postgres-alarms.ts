import type { PlatformStore } from "@tenantry/model";
import { Construct } from "constructs";
import { Alarm, type AlarmMetric, type AlarmProps, type AlarmSetting } from "./alarm.ts";
import { instanceMemoryGiB, postgresConnectionsMax } from "./instance-memory.ts";

type PostgresStore = Extract<PlatformStore, { readonly kind: "postgres" }>;

export interface PostgresAlarmsProps {
  readonly setting: AlarmSetting;
  readonly store: PostgresStore;
  readonly thresholds: NonNullable<PostgresStore["alarms"]>;
  /** Identifier of the Aurora cluster or of the RDS instance that is written to. */
  readonly identifier: string;
  /** Identifiers of read replicas of an RDS instance. Aurora's are counted with the cluster. Default none. */
  readonly replicaIdentifiers?: readonly string[];
  /** Whether the database itself follows one in another region. Default false. */
  readonly followsOtherRegion?: boolean;
}

/** Share of memory or storage below which a database gets slow or stops, percent. */
const freePercentMin = { memory: 5, storage: 10 };

/** A PostgreSQL: CPU, connections, memory, storage and the lag of its replicas. */
export class PostgresAlarms extends Construct {
  readonly #props: PostgresAlarmsProps;

  constructor(scope: Construct, id: string, props: PostgresAlarmsProps) {
    super(scope, id);
    this.#props = props;
    const { store, thresholds } = props;
    this.#alarm("Cpu", {
      description: `${store.name} uses more than ${thresholds.cpuPercent} % CPU. Look for slow queries in Performance Insights.`,
      severity: "high",
      metrics: { cpu: this.#metric("CPUUtilization", "Maximum") },
      threshold: { above: thresholds.cpuPercent },
      datapoints: { bad: 10, of: 15 },
    });
    this.#capacity();
    this.#lag();
  }

  #capacity(): void {
    const { store, thresholds } = this.#props;
    const connectionsMax = postgresConnectionsMax(store.instance, store.parameters);
    if (connectionsMax !== null) {
      this.#alarm("Connections", {
        description: `${store.name} has more than ${thresholds.connectionsPercent} % of its ${connectionsMax} connections in use. Look at the pools of the services.`,
        severity: "high",
        metrics: { connections: this.#metric("DatabaseConnections", "Maximum") },
        threshold: { above: Math.floor((connectionsMax * thresholds.connectionsPercent) / 100) },
      });
    }
    const memoryGiB = instanceMemoryGiB(store.instance);
    if (memoryGiB !== null) {
      this.#alarm("Memory", {
        description: `${store.name} has less than ${freePercentMin.memory} % of its memory left and begins to swap.`,
        severity: "high",
        metrics: { free: this.#metric("FreeableMemory", "Minimum") },
        threshold: { below: bytes((memoryGiB * freePercentMin.memory) / 100) },
        datapoints: { bad: 10, of: 15 },
      });
    }
    // Aurora's volume grows by itself, and an instance keeps only temporary files of its own.
    if (store.engine === "aurora") {
      this.#alarm("LocalStorage", {
        description: `An instance of ${store.name} has less than 2 GiB left for temporary files. Look for large sorts.`,
        severity: "high",
        metrics: { free: this.#metric("FreeLocalStorage", "Minimum") },
        threshold: { below: bytes(2) },
      });
      return;
    }
    this.#alarm("Storage", {
      description: `${store.name} has less than ${freePercentMin.storage} % of its storage left although it grows by itself up to ${store.storage.sizeGiBMax} GiB.`,
      severity: "critical",
      metrics: { free: this.#metric("FreeStorageSpace", "Minimum") },
      threshold: { below: bytes((store.storage.sizeGiB * freePercentMin.storage) / 100) },
    });
  }

  #lag(): void {
    const { store, thresholds, replicaIdentifiers = [], followsOtherRegion = false } = this.#props;
    const seconds = thresholds.replicaLagSeconds;
    const description = `A replica of ${store.name} is more than ${seconds} s behind. Reads there are old, and a failover would lose as much.`;
    if (store.engine === "aurora") {
      for (const [id, metric, isThere] of [
        ["ReplicaLag", "AuroraReplicaLagMaximum", store.instances > 1],
        ["RegionLag", "AuroraGlobalDBReplicationLag", followsOtherRegion],
      ] as const) {
        if (!isThere) continue;
        this.#alarm(id, {
          description,
          severity: "high",
          metrics: { lag: this.#metric(metric, "Maximum") },
          threshold: { above: seconds * 1000 },
        });
      }
      return;
    }
    const following = [
      ...replicaIdentifiers.map((identifier, index) => [`ReplicaLag${index + 1}`, identifier] as const),
      ...(followsOtherRegion ? ([["RegionLag", this.#props.identifier]] as const) : []),
    ];
    for (const [id, identifier] of following) {
      this.#alarm(id, {
        description,
        severity: "high",
        metrics: {
          lag: {
            namespace: "AWS/RDS",
            name: "ReplicaLag",
            dimensions: { DBInstanceIdentifier: identifier },
            statistic: "Maximum",
          },
        },
        threshold: { above: seconds },
        // A replica that is gone follows nobody any more.
        missing: "breaching",
      });
    }
  }

  #alarm(id: string, props: Omit<AlarmProps, "setting" | "name">): void {
    const { setting, store } = this.#props;
    const words = id.replaceAll(/\B([A-Z])/g, "-$1").toLowerCase();
    new Alarm(this, id, { setting, name: `${store.name}-${words}`, ...props });
  }

  #metric(name: string, statistic: string): AlarmMetric {
    const { store, identifier } = this.#props;
    const dimension = store.engine === "aurora" ? "DBClusterIdentifier" : "DBInstanceIdentifier";
    return { namespace: "AWS/RDS", name, dimensions: { [dimension]: identifier }, statistic };
  }
}

function bytes(gib: number): number {
  return Math.floor(gib * 1024 ** 3);
}
