import { errors } from "../errors.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import type { Report } from "./report.ts";

type Store = ParsedDefinition["stores"][string];
type Database = Extract<Store, { kind: "postgres" | "documentdb" }>;

/** The recovery of an environment, as far as its data depend on it. */
export interface Standing {
  readonly environment: string;
  readonly strategy: string | null;
}

/** Whether a store's data get to the recovery region, and how: what was written, or what its strategy needs. */
export function replicationOf(
  store: Database,
  strategy: string | null,
): NonNullable<Database["replication"]> {
  if (strategy === null) return "none";
  if (store.replication !== undefined) return store.replication;
  if (strategy === "backup-and-restore") return "backup-copy";
  return store.kind === "postgres" ? "replica" : "global-cluster";
}

export function checkDatabase(
  name: string,
  store: Database,
  parsed: ParsedDefinition,
  { environment, strategy }: Standing,
  report: Report,
): void {
  const path = ["stores", name];
  checkFamily(name, store, strategy, report);
  if (store.kind === "postgres") {
    const { engine, instances, multiAz, replication } = store;
    if (engine === "aurora" && multiAz !== undefined && multiAz !== instances > 1) {
      report([...path, "multiAz"], errors.MODEL_AURORA_STANDBY({ instances, multiAz }));
    }
    if (engine === "rds" && replication === "global-database") {
      report([...path, "replication"], errors.MODEL_GLOBAL_DATABASE({}));
    }
  }
  if (strategy === null) {
    if (store.replication !== undefined && store.replication !== "none")
      report([...path, "replication"], errors.MODEL_DATABASE_REPLICATION_NOWHERE({ environment }));
    if (store.backups.copyToRecovery === true)
      report([...path, "backups", "copyToRecovery"], errors.MODEL_COPY_NOWHERE({ environment }));
    return;
  }
  const replication = replicationOf(store, strategy);
  const copied =
    (store.backups.copyToRecovery ?? replication === "backup-copy") ||
    Object.values(parsed.backups.plans).some(
      (plan) => plan.copyToRecovery && (plan.stores === "all" || plan.stores.includes(name)),
    );
  const follows = replication !== "none" && replication !== "backup-copy";
  if (follows || (strategy === "backup-and-restore" && copied)) return;
  const live = store.kind === "postgres" ? "replica" : "global-cluster";
  const fix =
    strategy === "backup-and-restore"
      ? "set backups.copyToRecovery to true, or remove replication"
      : `set replication to "${live}", or the strategy of recovery to "backup-and-restore"`;
  const at = store.backups.copyToRecovery === false ? ["backups", "copyToRecovery"] : ["replication"];
  report(
    [...path, ...(strategy === "backup-and-restore" ? at : ["replication"])],
    errors.MODEL_RECOVERY_DATA({ store: name, strategy, fix }),
  );
}

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html
 * https://docs.aws.amazon.com/documentdb/latest/developerguide/db-instance-classes.html
 * Global databases and clusters run on no burstable class.
 */
function checkFamily(name: string, store: Database, strategy: string | null, report: Report): void {
  const instance = store.instance.replace(/^db\./, "");
  const replication = replicationOf(store, strategy);
  const isGlobal = replication === "global-database" || replication === "global-cluster";
  const isBurstable = instance.startsWith("t");
  const engine = store.kind === "documentdb" ? "DocumentDB" : store.engine === "aurora" ? "Aurora" : null;
  const wrong =
    isGlobal && isBurstable
      ? `a global ${store.kind === "documentdb" ? "cluster" : "database"}`
      : engine !== null && !/^(r|t|x)\d/.test(instance)
        ? engine
        : null;
  if (wrong === null) return;
  report(
    ["stores", name, "instance"],
    errors.MODEL_INSTANCE_FAMILY({ instance: store.instance, engine: wrong, example: "r6g.large" }),
  );
}

/** SNS and S3 refuse some pairs: https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html */
export function checkFifo(parsed: ParsedDefinition, report: Report): void {
  const isFifo = (name: string) => {
    const store = Object.hasOwn(parsed.stores, name) ? parsed.stores[name] : undefined;
    return store?.kind === "queue" && store.fifo;
  };
  for (const [name, store] of Object.entries(parsed.stores)) {
    if (store.kind !== "topic") continue;
    for (const [index, subscriber] of store.subscribers.entries()) {
      const path = ["stores", name, "subscribers", index];
      if (store.fifo && Object.hasOwn(parsed.functions, subscriber)) {
        const reason = `subscribes the function "${subscriber}" to a FIFO topic, which SNS refuses`;
        report(path, errors.MODEL_FIFO({ reason, fix: "put a queue between the topic and the function" }));
      } else if (!store.fifo && isFifo(subscriber)) {
        const reason = `subscribes the FIFO queue "${subscriber}" to a topic that is none, which SNS refuses`;
        report(path, errors.MODEL_FIFO({ reason, fix: "set fifo of both to the same value" }));
      }
    }
  }
  for (const [name, { triggers }] of Object.entries(parsed.functions)) {
    for (const [index, trigger] of triggers.entries()) {
      if (trigger.kind !== "bucket" || trigger.through === null || !isFifo(trigger.through)) continue;
      const reason = `sends events of a bucket to the FIFO queue "${trigger.through}", which S3 refuses`;
      report(
        ["functions", name, "triggers", index, "through"],
        errors.MODEL_FIFO({ reason, fix: "use a queue with fifo: false" }),
      );
    }
  }
}

/** What AWS puts over two zones or not at all. */
export function checkZonesNeeded(
  parsed: ParsedDefinition,
  zones: readonly string[],
  path: readonly (string | number)[],
  report: Report,
): void {
  if (zones.length !== 1) return;
  const stores = Object.entries(parsed.stores)
    .filter(([, { kind }]) => kind === "postgres" || kind === "documentdb")
    .map(([name, { kind }]) => `the ${kind} store "${name}"`);
  const hasLoadBalancer = Object.values(parsed.services).some(
    ({ allowFrom, route }) => route !== null || allowFrom?.includes("load-balancer") === true,
  );
  const what = [
    ...(hasLoadBalancer ? ["the load balancer"] : []),
    ...(parsed.cluster === null ? [] : ["the cluster"]),
    ...stores,
  ];
  if (what.length > 0) report(path, errors.MODEL_ONE_ZONE({ what }));
}
