import type { Data, Resource } from "../../artifacts/shipment.ts";
import type { Context, Draft } from "./interface-draft.ts";
import { idsOf, property, textOf, wholeOf } from "./property-values.ts";

const subnetGroupTypes = [
  "AWS::RDS::DBSubnetGroup",
  "AWS::DocDB::DBSubnetGroup",
  "AWS::Neptune::DBSubnetGroup",
  "AWS::ElastiCache::SubnetGroup",
  "AWS::MemoryDB::SubnetGroup",
];

export function subnetsOfGroup(
  resource: Resource,
  name: Data | undefined,
  { lookup }: Context,
): readonly string[] {
  return idsOf(lookup.find(resource, textOf(name), ...subnetGroupTypes)?.properties["SubnetIds"]);
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ConnectToInstance.html and its siblings */
const defaultPorts: readonly (readonly [engine: RegExp, port: number])[] = [
  [/postgres/, 5432],
  [/mysql|mariadb|^aurora$/, 3306],
  [/sqlserver/, 1433],
  [/oracle/, 1521],
];

function portOf({ properties, type }: Resource): readonly number[] {
  const port = wholeOf(properties["Port"]);
  if (port !== null) return [port];
  if (type.startsWith("AWS::DocDB")) return [27_017];
  if (type.startsWith("AWS::Neptune")) return [8182];
  const engine = textOf(properties["Engine"]) ?? "";
  return defaultPorts.flatMap(([pattern, number]) => (pattern.test(engine) ? [number] : [])).slice(0, 1);
}

/** The nodes of a cluster have one place; each instance says for itself whether it has a public address. */
export function readCluster(resource: Resource, context: Context): readonly Draft[] {
  const { physicalId, properties } = resource;
  const own = "PubliclyAccessible" in properties ? [resource] : [];
  const nodes = context.lookup
    .beside(resource, "AWS::RDS::DBInstance")
    .filter((instance) => property(instance, "DBClusterIdentifier") === physicalId);
  return [
    {
      kind: "store",
      name: storeName(resource, context, resource.type.startsWith("AWS::RDS") ? "postgres" : "documentdb"),
      subnets: subnetsOfGroup(resource, properties["DBSubnetGroupName"], context),
      groups: idsOf(properties["VpcSecurityGroupIds"]),
      ports: portOf(resource),
      isPublic: [...own, ...nodes].some(mayBePublic),
      hasIpv6: property(resource, "NetworkType") === "DUAL",
    },
  ];
}

/** AWS gives a public address by itself in a VPC with an internet gateway, so what is not said counts as said. */
const mayBePublic = ({ properties }: Resource): boolean =>
  properties["PubliclyAccessible"] !== false && properties["PubliclyAccessible"] !== "false";

export function readDatabase(resource: Resource, context: Context): readonly Draft[] {
  const { properties } = resource;
  const cluster = properties["DBClusterIdentifier"];
  const isOfCluster = cluster !== undefined;
  if (isOfCluster && context.lookup.find(resource, textOf(cluster), "AWS::RDS::DBCluster") !== undefined)
    return [];
  if (isOfCluster) context.notes.gaps.push({ subject: resource.key, missing: "the cluster of the instance" });
  return [
    {
      kind: "store",
      name: storeName(resource, context, "postgres"),
      subnets: subnetsOfGroup(resource, properties["DBSubnetGroupName"], context),
      groups: idsOf(properties["VPCSecurityGroups"]),
      ports: portOf(resource),
      isPublic: mayBePublic(resource),
      hasIpv6: property(resource, "NetworkType") === "DUAL",
    },
  ];
}

export function readProxy(resource: Resource, context: Context): readonly Draft[] {
  const family = property(resource, "EngineFamily") ?? "";
  return [
    {
      kind: "store-proxy",
      name: storeName(resource, context, "postgres"),
      subnets: idsOf(resource.properties["VpcSubnetIds"]),
      groups: idsOf(resource.properties["VpcSecurityGroupIds"]),
      ports: family === "POSTGRESQL" ? [5432] : family === "MYSQL" ? [3306] : [1433],
    },
  ];
}

export function readCache(resource: Resource, context: Context): readonly Draft[] {
  const { properties } = resource;
  const group = properties["CacheSubnetGroupName"] ?? properties["SubnetGroupName"];
  const network = property(resource, "NetworkType");
  return [
    {
      kind: "store",
      name: storeName(resource, context, "redis"),
      subnets: [...subnetsOfGroup(resource, group, context), ...idsOf(properties["SubnetIds"])],
      groups: idsOf(properties["SecurityGroupIds"] ?? properties["VpcSecurityGroupIds"]),
      ports: [wholeOf(properties["Port"]) ?? 6379],
      hasIpv6: network === "dual_stack" || network === "ipv6",
    },
  ];
}

export function readBroker(resource: Resource, context: Context): readonly Draft[] {
  const { properties } = resource;
  return [
    {
      kind: "store",
      name: storeName(resource, context, "broker"),
      subnets: idsOf(properties["SubnetIds"]),
      groups: idsOf(properties["SecurityGroups"]),
      ports: [5671],
      isPublic: mayBePublic(resource),
    },
  ];
}

/** The store of the definition: the only one of its kind, or the one with whose name the logical id begins. */
function storeName(resource: Resource, { definition, notes }: Context, kind: string): string | null {
  const stores = Object.values(definition.stores).filter((store) => store.kind === kind);
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const named = stores
    .filter(({ name }) => plain(resource.logicalId).startsWith(plain(name)))
    .toSorted((a, b) => b.name.length - a.name.length);
  const store = stores.length === 1 ? stores[0] : named[0];
  if (store === undefined) {
    notes.gaps.push({ subject: resource.key, missing: "the store of the definition that this is" });
  }
  return store?.name ?? null;
}
