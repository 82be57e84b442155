import type { PlatformRegion, PlatformStore } from "@tenantry/model";
import type { Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { isFlag, listAt, numberAt, textAt, valueAt } from "../read-value.ts";
import { storeOf } from "../store-of.ts";

export const zonesAsAsked = postureRule({
  name: "zones-as-asked",
  why: "What stands in one zone goes with it, though the definition paid for several.",
  fix: "Ship a subnet and a NAT gateway for each zone, a standby of each database, and a replica of each cache.",
  things: "subnets, databases or caches",
  find: ({ ofType }) =>
    ofType(
      "AWS::EC2::VPC",
      "AWS::RDS::DBInstance",
      "AWS::RDS::DBCluster",
      "AWS::DocDB::DBCluster",
      "AWS::ElastiCache::ReplicationGroup",
      "AWS::ECS::Service",
    ),
  judge: (resource, posture) => {
    const region = posture.askedOf(resource.stack);
    if (region === null) return [];
    if (resource.type === "AWS::EC2::VPC") return judgeNetwork(resource, region, posture);
    if (resource.type === "AWS::ECS::Service") return judgeService(resource, region, posture);
    return judgeStore(resource, storeOf(resource, posture), posture);
  },
});

function judgeNetwork(
  { key, physicalId }: Resource,
  region: PlatformRegion,
  { ofType }: Posture,
): readonly Finding[] {
  const subnets = ofType("AWS::EC2::Subnet").filter(
    ({ properties }) => textAt(properties, "VpcId") === physicalId,
  );
  const zoneOf = (subnet: Resource | undefined) => textAt(subnet?.properties, "AvailabilityZone") ?? "";
  const gateways = ofType("AWS::EC2::NatGateway")
    .map(({ properties }) => textAt(properties, "SubnetId"))
    .map((id) => subnets.find((subnet) => subnet.physicalId === id))
    .filter((subnet) => subnet !== undefined)
    .map((subnet) => zoneOf(subnet));
  const zones = new Set(subnets.map((subnet) => zoneOf(subnet)));
  const findings: Finding[] = [];
  if (zones.size < region.zones.length)
    findings.push(
      refuted(key, `its subnets are in ${zones.size} zones, and the definition names ${region.zones.length}`),
    );
  const wanted = { "per-zone": region.zones.length, single: 1, none: 0 }[region.network.natGateways];
  if (new Set(gateways).size < wanted)
    findings.push(
      refuted(
        key,
        `${new Set(gateways).size} zones have a NAT gateway, and the definition wants ${wanted}: private subnets lose the internet with another zone`,
      ),
    );
  return [...findings, ...judgeRoutes(key, subnets, region, zoneOf, ofType)];
}

/** A route through the gateway of another zone goes with that zone. */
function judgeRoutes(
  key: string,
  subnets: readonly Resource[],
  region: PlatformRegion,
  zoneOf: (subnet: Resource | undefined) => string,
  ofType: Posture["ofType"],
): readonly Finding[] {
  if (region.network.natGateways !== "per-zone") return [];
  const zoneOfGateway = new Map(
    ofType("AWS::EC2::NatGateway").map(({ physicalId, properties }) => [
      physicalId,
      zoneOf(subnets.find((subnet) => subnet.physicalId === textAt(properties, "SubnetId"))),
    ]),
  );
  const tableOf = new Map(
    ofType("AWS::EC2::SubnetRouteTableAssociation").map(({ properties }) => [
      textAt(properties, "SubnetId"),
      textAt(properties, "RouteTableId"),
    ]),
  );
  return subnets.flatMap((subnet) => {
    const routes = ofType("AWS::EC2::Route").filter(
      ({ properties }) => textAt(properties, "RouteTableId") === tableOf.get(subnet.physicalId),
    );
    return routes.flatMap(({ key: route, properties }) => {
      const gateway = textAt(properties, "NatGatewayId");
      const zone = gateway === undefined ? undefined : zoneOfGateway.get(gateway);
      return zone === undefined || zone === "" || zone === zoneOf(subnet)
        ? []
        : [
            refuted(
              key,
              `${route} leads ${subnet.key} in ${zoneOf(subnet)} through the NAT gateway in ${zone}`,
            ),
          ];
    });
  });
}

function judgeStore(resource: Resource, store: PlatformStore | null, posture: Posture): readonly Finding[] {
  const { type, properties, key } = resource;
  if (store === null) return [];
  if (type === "AWS::ElastiCache::ReplicationGroup") {
    if (store.kind !== "redis" || !store.multiAz) return [];
    const isSpread = ["MultiAZEnabled", "AutomaticFailoverEnabled"].every((field) =>
      isFlag(valueAt(properties, field), true),
    );
    const replicas =
      numberAt(properties, "ReplicasPerNodeGroup") ?? (numberAt(properties, "NumCacheClusters") ?? 1) - 1;
    return isSpread && replicas >= 1
      ? []
      : [
          refuted(
            key,
            "it has no replica in another zone that takes over, and the definition says multiAz: true",
          ),
        ];
  }
  if (type === "AWS::RDS::DBInstance") {
    const isAlone =
      valueAt(properties, "DBClusterIdentifier") === undefined &&
      (valueAt(properties, "SourceDBInstanceIdentifier") === undefined ||
        valueAt(properties, "SourceRegion") !== undefined);
    const wants = store.kind === "postgres" && store.multiAz;
    return isAlone && wants && !isFlag(valueAt(properties, "MultiAZ"), true)
      ? [refuted(key, "MultiAZ is not true, and the definition says multiAz: true")]
      : [];
  }
  return judgeInstances(resource, "instances" in store ? store.instances : 1, posture);
}

/** The standbys of a cluster are its further instances. */
function judgeInstances(
  { key, type, physicalId, stack }: Resource,
  asked: number,
  { ofType }: Posture,
): readonly Finding[] {
  const instances = ofType(
    type === "AWS::RDS::DBCluster" ? "AWS::RDS::DBInstance" : "AWS::DocDB::DBInstance",
  ).filter(
    (instance) =>
      instance.stack === stack && textAt(instance.properties, "DBClusterIdentifier") === physicalId,
  );
  return instances.length >= asked
    ? []
    : [refuted(key, `it has ${instances.length} instances, and the definition says ${asked}`)];
}

/** Fewest tasks: of one service all run in one zone when there is one, and a release of two takes one away. */
function judgeService(
  { key, properties, physicalId, stack }: Resource,
  region: PlatformRegion,
  { ofType }: Posture,
): readonly Finding[] {
  const name = textAt(listAt(properties, "LoadBalancers")[0], "ContainerName");
  const service =
    name !== undefined && Object.hasOwn(region.services, name) ? region.services[name] : undefined;
  if (service === undefined) return [];
  const desired = numberAt(properties, "DesiredCount");
  const named = textAt(properties, "ServiceName") ?? physicalId;
  const targets = ofType("AWS::ApplicationAutoScaling::ScalableTarget").filter((target) => {
    const id = textAt(target.properties, "ResourceId") ?? "";
    return target.stack === stack && (id.endsWith(`/${named}`) || id.includes(key));
  });
  const least = targets.map((target) => numberAt(target.properties, "MinCapacity") ?? 0);
  const floor = least.length > 0 ? Math.min(...least) : (desired ?? 1);
  return floor >= service.scaling.min
    ? []
    : [refuted(key, `it may run ${floor} tasks, and the definition says ${service.scaling.min} at least`)];
}
