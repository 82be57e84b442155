import type { Resource } from "../../artifacts/shipment.ts";
import { listAt, numberAt, textAt, valueAt } from "../../posture/read-value.ts";
import { cacheNodes } from "./addresses.ts";
import type { ScaledService } from "./ecs-services.ts";
import { classMemoryGiB, connectionsByMemory } from "./instance-memory.ts";
import {
  type Container,
  containerNamed,
  containerOf,
  regionOf,
  type StackView,
  type Use,
} from "./stack-view.ts";

const instanceType = "AWS::RDS::DBInstance";
const clusterType = "AWS::RDS::DBCluster";

/** PostgreSQL keeps these for its superusers (superuser_reserved_connections). */
const reservedConnections = 3;

export function dataStoreUses(view: StackView, services: readonly ScaledService[]): readonly Use[] {
  return [
    ...view.ofType(instanceType).flatMap((instance) => instanceUses(view, instance)),
    ...view.ofType("AWS::RDS::DBSubnetGroup", "AWS::DocDB::DBSubnetGroup").map((group) => ({
      quota: "subnets-per-db-subnet-group",
      container: containerOf(group),
      amount: listAt(group.properties, "SubnetIds").length,
      by: group.key,
    })),
    ...view.ofType("AWS::ElastiCache::ReplicationGroup").map(({ key, properties }) => ({
      quota: "cache-nodes",
      container: regionOf(view),
      amount: cacheNodes(properties),
      by: key,
    })),
    ...view.ofType("AWS::ElastiCache::CacheCluster").map(({ key, properties }) => ({
      quota: "cache-nodes",
      container: regionOf(view),
      amount: Math.max(0, numberAt(properties, "NumCacheNodes") ?? 1),
      by: key,
    })),
    ...view.ofType("AWS::SecretsManager::Secret").flatMap(({ key, properties }) =>
      // A replica is a secret of its region.
      [
        view.stack.region,
        ...listAt(properties, "ReplicaRegions").flatMap((one) => textAt(one, "Region") ?? []),
      ].map((region) => ({ quota: "secrets", container: regionOf(view, region), amount: 1, by: key })),
    ),
    ...services.flatMap((service) => connectionUses(view, service)),
  ];
}

function instanceUses(view: StackView, { key, properties }: Resource): readonly Use[] {
  const source = properties["SourceDBInstanceIdentifier"];
  const primary =
    source === undefined
      ? null
      : containerNamed(view, "read-replicas-per-instance", key, source, instanceType);
  // The storage of Aurora is the cluster's and has no size here; a replica has as much as its primary.
  const storage = Math.max(
    0,
    numberAt(properties, "MaxAllocatedStorage") ?? numberAt(properties, "AllocatedStorage") ?? 0,
  );
  const copies = textAt(properties, "MultiAZ") === "true" ? 2 : 1;
  return [
    ...(primary === null
      ? []
      : [{ quota: "read-replicas-per-instance", container: primary, amount: 1, by: key }]),
    ...(storage === 0
      ? []
      : [{ quota: "db-storage", container: regionOf(view), amount: storage * copies, by: key }]),
  ];
}

/**
 * A task holds at least one connection to each PostgreSQL server whose address it is given, and as many as its pool takes where its
 * environment says how large that is.
 */
function connectionUses(view: StackView, { service, task, tasksMax }: ScaledService): readonly Use[] {
  const environment = listAt(task?.properties, "ContainerDefinitions").flatMap((container) =>
    listAt(container, "Environment"),
  );
  const servers = new Map<string, Resource>();
  for (const variable of environment) {
    const server = view.find(valueAt(variable, "Value"), clusterType, instanceType);
    if (server !== null && isPostgres(server)) servers.set(server.key, server);
  }
  const pool = environment
    .filter((variable) =>
      /POOL_?(SIZE|MAX)|MAX_?(POOL|CONNECTIONS)|CONNECTIONS_?MAX/.test(textAt(variable, "Name") ?? ""),
    )
    .map((variable) => numberAt(variable, "Value") ?? 1);
  return [...servers.values()].map((server) => ({
    quota: "postgres-connections",
    container: serverContainer(view, server),
    amount: tasksMax * Math.max(1, ...pool),
    by: service.key,
  }));
}

const isPostgres = ({ properties }: Resource): boolean =>
  (textAt(properties, "Engine") ?? "").endsWith("postgres") ||
  (textAt(properties, "Engine") ?? "").endsWith("postgresql");

function serverContainer(view: StackView, server: Resource): Container {
  const container = containerOf(server);
  const written = parametersOf(view, server)["max_connections"];
  if (written !== undefined) {
    const connections = numberAt(written);
    if (connections !== undefined)
      return { ...container, capacity: Math.max(0, connections - reservedConnections) };
    return { ...container, capacity: null, why: "max_connections is a formula" };
  }
  const classes = instanceClasses(view, server);
  const memories = classes.map(classMemoryGiB).filter((memory) => memory !== null);
  if (classes.length === 0 || memories.length < classes.length)
    return {
      ...container,
      capacity: null,
      why: `the memory of ${classes.join(", ") || "its instances"} is not known here`,
    };
  // Any instance of a cluster may be its writer one day.
  return { ...container, capacity: connectionsByMemory(Math.min(...memories)) - reservedConnections };
}

function parametersOf(view: StackView, { properties }: Resource) {
  const name = properties["DBClusterParameterGroupName"] ?? properties["DBParameterGroupName"];
  const group = view.find(name, "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup");
  const parameters = valueAt(group?.properties, "Parameters");
  return typeof parameters === "object" && parameters !== null && !Array.isArray(parameters)
    ? (parameters as Resource["properties"])
    : {};
}

function instanceClasses(view: StackView, server: Resource): readonly string[] {
  if (server.type === instanceType) return [textAt(server.properties, "DBInstanceClass") ?? ""];
  return view
    .everyOfType(instanceType)
    .filter(({ properties }) => view.find(properties["DBClusterIdentifier"], clusterType) === server)
    .map(({ properties }) => textAt(properties, "DBInstanceClass") ?? "")
    .filter((instanceClass) => instanceClass !== "");
}
