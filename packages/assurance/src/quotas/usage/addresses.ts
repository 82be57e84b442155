import type { Data, Resource } from "../../artifacts/shipment.ts";
import { isFlag, listAt, numberAt, textAt, valueAt } from "../../posture/read-value.ts";
import type { ScaledService } from "./ecs-services.ts";
import { hostedFunctions } from "./simple-counts.ts";
import { type Container, containerNamed, regionOf, type StackView, type Use } from "./stack-view.ts";

const quota = "addresses-per-subnet";
const subnetType = "AWS::EC2::Subnet";

/** AWS keeps the first four and the last address of every subnet (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). */
const reserved = 5;

/**
 * What a load balancer takes of each of its subnets as it scales.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
 */
const perLoadBalancer = 8;

/** Something with network interfaces. */
interface Placed {
  readonly by: string;
  readonly subnets: readonly Data[];
  /** In all subnets together. */
  readonly interfaces: number;
  /** In each subnet. */
  readonly addresses: number;
}

/** Addresses of subnets, and the network interfaces that have them. */
export function addressUses(view: StackView, services: readonly ScaledService[]): readonly Use[] {
  const placed = [
    ...services.map(ofService),
    ...view.ofType("AWS::ElasticLoadBalancingV2::LoadBalancer").map(ofLoadBalancer),
    ...view.ofType("AWS::EC2::VPCEndpoint").map(ofEndpoint),
    ...view.ofType("AWS::EC2::NatGateway", "AWS::EC2::Instance").map(ofSubnet),
    ...view.ofType("AWS::RDS::DBInstance", "AWS::DocDB::DBInstance").map((one) => ofDatabase(view, one)),
    ...view.ofType("AWS::ElastiCache::ReplicationGroup").map((one) => ofCache(view, one)),
    ...hostedFunctions(view).map(ofFunction),
  ];
  return placed.flatMap(({ by, subnets, interfaces, addresses }) => [
    ...(interfaces === 0
      ? []
      : [{ quota: "network-interfaces", container: regionOf(view), amount: interfaces, by }]),
    ...subnets.flatMap((subnet) => {
      const container = subnetContainer(view, by, subnet);
      return container === null ? [] : [{ quota, container, amount: addresses, by }];
    }),
  ]);
}

/** ECS spreads the tasks of a service evenly over its zones. */
function ofService({ service: { key, properties }, tasksMax }: ScaledService): Placed {
  const subnets = listAt(properties, "NetworkConfiguration", "AwsvpcConfiguration", "Subnets");
  return { by: key, subnets, interfaces: tasksMax, addresses: tasksMax / Math.max(1, subnets.length) };
}

function ofLoadBalancer({ key, properties }: Resource): Placed {
  const subnets = listAt(properties, "Subnets");
  return { by: key, subnets, interfaces: subnets.length, addresses: perLoadBalancer };
}

function ofEndpoint({ key, properties }: Resource): Placed {
  const subnets = listAt(properties, "SubnetIds");
  return { by: key, subnets, interfaces: subnets.length, addresses: 1 };
}

function ofSubnet({ key, properties }: Resource): Placed {
  return { by: key, subnets: listAt(properties, "SubnetId"), interfaces: 1, addresses: 1 };
}

/** An instance may stand in any subnet of its group; a standby stands in another one. */
function ofDatabase(view: StackView, { key, type, properties }: Resource): Placed {
  const engine = type.split("::")[1] ?? "";
  const cluster = view.find(properties["DBClusterIdentifier"], `AWS::${engine}::DBCluster`);
  const name = valueAt(cluster?.properties ?? properties, "DBSubnetGroupName");
  const group = view.find(name, "AWS::RDS::DBSubnetGroup", "AWS::DocDB::DBSubnetGroup");
  const interfaces = isFlag(properties["MultiAZ"], true) ? 2 : 1;
  return { by: key, subnets: listAt(group?.properties, "SubnetIds"), interfaces, addresses: 1 };
}

function ofCache(view: StackView, { key, properties }: Resource): Placed {
  const group = view.find(properties["CacheSubnetGroupName"], "AWS::ElastiCache::SubnetGroup");
  const subnets = listAt(group?.properties, "SubnetIds");
  const nodes = cacheNodes(properties);
  return {
    by: key,
    subnets,
    interfaces: nodes,
    addresses: Math.ceil(nodes / Math.max(1, subnets.length)),
  };
}

export function cacheNodes(properties: Resource["properties"]): number {
  const groups = Math.max(0, numberAt(properties, "NumNodeGroups") ?? 1);
  const replicas = numberAt(properties, "ReplicasPerNodeGroup");
  const nodes = replicas === undefined ? numberAt(properties, "NumCacheClusters") : groups * (1 + replicas);
  return Math.max(groups, nodes ?? groups);
}

/** Lambda makes one interface for each subnet and set of security groups. */
function ofFunction({ key, properties }: Resource): Placed {
  const subnets = (textAt(properties, "HostedRotationLambda", "VpcSubnetIds") ?? "")
    .split(",")
    .filter((subnet) => subnet !== "");
  return { by: key, subnets, interfaces: subnets.length, addresses: 1 };
}

function subnetContainer(view: StackView, by: string, value: Data): Container | null {
  const container = containerNamed(view, quota, by, value, subnetType);
  if (container === null) return null;
  const subnet = view.find(value, subnetType);
  const range = textAt(subnet?.properties, "CidrBlock") ?? "";
  const prefix = /^\d+\.\d+\.\d+\.\d+\/(\d{1,2})$/.exec(range)?.[1];
  if (prefix !== undefined)
    return { ...container, capacity: Math.max(0, 2 ** (32 - Number(prefix)) - reserved) };
  return { ...container, capacity: null, why: "its range of addresses is not in what is shipped" };
}
