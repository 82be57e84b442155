import { unknownIn } from "../../artifacts/mark.ts";
import type { Properties, Resource } from "../../artifacts/shipment.ts";
import type { Context, Draft, Read } from "./interface-draft.ts";
import type { Interface } from "./network-model.ts";
import {
  idsOf,
  isRecord,
  isTrue,
  listOf,
  type Notes,
  property,
  recordOf,
  textOf,
  wholeOf,
} from "./property-values.ts";
import {
  readBroker,
  readCache,
  readCluster,
  readDatabase,
  readProxy,
  subnetsOfGroup,
} from "./read-stores.ts";

/** Every type with network interfaces that is known. */
const readers: Readonly<Record<string, Read>> = {
  "AWS::ECS::Service": readTasks,
  "AWS::ECS::TaskSet": readTasks,
  "AWS::ElasticLoadBalancingV2::LoadBalancer": readLoadBalancer,
  "AWS::RDS::DBCluster": readCluster,
  "AWS::RDS::DBInstance": readDatabase,
  "AWS::DocDB::DBCluster": readCluster,
  "AWS::Neptune::DBCluster": readCluster,
  "AWS::RDS::DBProxy": readProxy,
  "AWS::ElastiCache::ReplicationGroup": readCache,
  "AWS::ElastiCache::CacheCluster": readCache,
  "AWS::ElastiCache::ServerlessCache": readCache,
  "AWS::MemoryDB::Cluster": readCache,
  "AWS::AmazonMQ::Broker": readBroker,
  "AWS::SecretsManager::RotationSchedule": readRotation,
  "AWS::Lambda::Function": readFunction,
  "AWS::EC2::VPCEndpoint": readEndpoint,
  "AWS::EC2::NatGateway": readNatGateway,
  "AWS::EC2::Instance": readInstance,
  "AWS::EC2::NetworkInterface": readNetworkInterface,
  "AWS::EFS::MountTarget": readNetworkInterface,
  "AWS::Backup::RestoreTestingSelection": readRestoreTest,
};

/** Whether resources of the type may have network interfaces, and are read. */
export const hasInterfaces = (type: string): boolean => Object.hasOwn(readers, type);

/** The network interfaces of a resource. One of a type with interfaces that nobody here knows is noted as a gap. */
export function readInterfaces(resource: Resource, context: Context): readonly Interface[] {
  const read = hasInterfaces(resource.type) ? readers[resource.type] : undefined;
  if (read === undefined) {
    noteUnknownType(resource, context.notes);
    return [];
  }
  return read(resource, context).map((draft, index) => complete(resource, draft, index, context.notes));
}

/** Types that name subnets or groups and have no interface themselves, or whose interfaces are read with another resource. */
const withoutInterfaces =
  /^AWS::(?:[\w:]+::(?:\w*SubnetGroup|SecurityGroup\w*)|EC2::(?:Subnet\w*|NetworkAcl\w*|Route\w*|VPC\w*|Flow\w*|InternetGateway|EIP\w*|PrefixList)|ElasticLoadBalancingV2::(?:Listener\w*|TargetGroup|TrustStore\w*)|(?:DocDB|Neptune)::DBInstance|RDS::(?:GlobalCluster|DBProxyTargetGroup|\w*ParameterGroup|OptionGroup|EventSubscription))$/;

const namesOfInterfaces =
  /^(?:vpc)?(?:securitygroups?(?:ids?)?|subnets?(?:ids?)?|subnetmappings?|networkconfiguration|vpcconfig(?:uration)?|vpcoptions|vpczoneidentifier|resourcesvpcconfig|brokernodegroupinfo|networkinterfaces|publiclyaccessible)$/i;

/** Types that let others into the network by ways of their own. */
const doors =
  /^AWS::(?:EC2::(?:VPCEndpointService\w*|GatewayRouteTableAssociation|ClientVpn\w+|VPNConnection\w*|TransitGateway\w*|LocalGatewayRoute\w*|InstanceConnectEndpoint|TrafficMirror\w+|VPCBlockPublicAccess\w+)|VpcLattice::\w+|GlobalAccelerator::\w+|NetworkManager::\w+|DirectConnect::\w+|NetworkFirewall::\w+)$/;

function noteUnknownType({ key, type, properties }: Resource, { gaps }: Notes): void {
  if (doors.test(type)) {
    gaps.push({ subject: key, missing: `whom ${type} lets into the network: it is not read` });
    return;
  }
  if (withoutInterfaces.test(type)) return;
  const name = Object.keys(properties).find((one) => namesOfInterfaces.test(one));
  if (name === undefined) return;
  gaps.push({
    subject: key,
    missing: `what network interfaces ${type} has: its property ${name} is not read`,
  });
}

function complete(resource: Resource, draft: Draft, index: number, notes: Notes): Interface {
  const { key, type, stack } = resource;
  const { kind, name = null, groups, ports = [], isPublic = false, hasIpv6 = true, serves = null } = draft;
  const subnets = distinct(draft.subnets);
  if (subnets.length === 0) notes.gaps.push({ subject: key, missing: "the subnets in which it is" });
  for (const id of [...subnets, ...(groups ?? [])]) {
    const why = unknownIn(id);
    if (why !== undefined) notes.gaps.push({ subject: key, missing: why });
  }
  return {
    key: index === 0 ? key : `${key}#${index}`,
    kind,
    type,
    name,
    stack: stack.id,
    role: stack.role,
    tenant: stack.tenant,
    tier: stack.tier,
    cell: stack.cell,
    subnets,
    groups: groups === null ? null : distinct(groups),
    ports,
    isPublic,
    hasIpv6,
    serves,
  };
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].toSorted();

function readTasks(resource: Resource, context: Context): readonly Draft[] {
  const place = recordOf(recordOf(resource.properties["NetworkConfiguration"])["AwsvpcConfiguration"]);
  const name = serviceName(resource, context);
  const service = context.definition.services[name ?? ""];
  return [
    {
      kind: "tasks",
      name,
      subnets: idsOf(place["Subnets"]),
      groups: idsOf(place["SecurityGroups"]),
      ports: service === undefined ? [] : [service.port],
      isPublic: textOf(place["AssignPublicIp"]) === "ENABLED",
    },
  ];
}

/** The service whose name one of the containers has. */
function serviceName(resource: Resource, { definition, lookup, notes }: Context): string | null {
  const balanced = listOf(resource.properties["LoadBalancers"]).map((one) => recordOf(one)["ContainerName"]);
  const task = lookup.find(resource, property(resource, "TaskDefinition"), "AWS::ECS::TaskDefinition");
  const containers = listOf(task?.properties["ContainerDefinitions"]).map((one) => recordOf(one)["Name"]);
  const name = [...balanced, ...containers]
    .map((one) => textOf(one) ?? "")
    .find((one) => Object.hasOwn(definition.services, one));
  if (name === undefined) {
    notes.gaps.push({
      subject: resource.key,
      missing: "the service of the definition whose tasks these are",
    });
  }
  return name ?? null;
}

function readLoadBalancer(resource: Resource, { lookup }: Context): readonly Draft[] {
  const { properties } = resource;
  const mapped = listOf(properties["SubnetMappings"]).flatMap((one) => idsOf(recordOf(one)["SubnetId"]));
  const groups = idsOf(properties["SecurityGroups"]);
  const isNetwork = property(resource, "Type") === "network" || property(resource, "Type") === "gateway";
  const listeners = lookup
    .beside(resource, "AWS::ElasticLoadBalancingV2::Listener")
    .filter((listener) => property(listener, "LoadBalancerArn") === resource.physicalId);
  return [
    {
      kind: "load-balancer",
      subnets: [...idsOf(properties["Subnets"]), ...mapped],
      groups: isNetwork && groups.length === 0 ? null : groups,
      ports: listeners.flatMap((listener) => wholeOf(listener.properties["Port"]) ?? []),
      // AWS makes it internet-facing where the template does not say.
      isPublic: property(resource, "Scheme") !== "internal",
      hasIpv6: property(resource, "IpAddressType")?.startsWith("dualstack") === true,
    },
  ];
}

/** AWS's own function, which its transform puts into a nested stack. It serves the database that the secret is attached to. */
function readRotation(resource: Resource, { lookup }: Context): readonly Draft[] {
  const hosted = resource.properties["HostedRotationLambda"];
  if (!isRecord(hosted)) return [];
  const secret = property(resource, "SecretId");
  const attachment = lookup
    .beside(resource, "AWS::SecretsManager::SecretTargetAttachment")
    .find((one) => property(one, "SecretId") === secret);
  const target = lookup.find(
    resource,
    attachment === undefined ? null : property(attachment, "TargetId"),
    ...Object.keys(readers).filter((type) => /::DB(?:Cluster|Instance)$/.test(type)),
  );
  return placeOf(hosted, "VpcSubnetIds", "VpcSecurityGroupIds").map((place) => ({
    ...place,
    kind: "rotation",
    serves: target?.key ?? null,
  }));
}

function readFunction(resource: Resource, { definition }: Context): readonly Draft[] {
  const place = resource.properties["VpcConfig"];
  if (!isRecord(place)) return [];
  const name = Object.keys(definition.functions)
    .toSorted((a, b) => b.length - a.length)
    .find((one) => resource.physicalId.includes(one));
  return placeOf(place, "SubnetIds", "SecurityGroupIds").map((one) => ({
    ...one,
    kind: "function",
    name: name ?? null,
    hasIpv6: isTrue(place["Ipv6AllowedForDualStack"]),
  }));
}

/** A function without subnets is outside of every VPC. */
function placeOf(
  place: Properties,
  subnetsName: string,
  groupsName: string,
): readonly Pick<Draft, "subnets" | "groups">[] {
  const subnets = idsOf(place[subnetsName]);
  return subnets.length === 0 ? [] : [{ subnets, groups: idsOf(place[groupsName]) }];
}

function readEndpoint(resource: Resource): readonly Draft[] {
  if (property(resource, "VpcEndpointType") !== "Interface") return [];
  return [
    {
      kind: "endpoint",
      subnets: idsOf(resource.properties["SubnetIds"]),
      groups: idsOf(resource.properties["SecurityGroupIds"]),
      ports: [443],
    },
  ];
}

/** It forwards what comes from inside, and lets nothing in that was opened outside. */
function readNatGateway(resource: Resource): readonly Draft[] {
  return [{ kind: "nat-gateway", subnets: idsOf(resource.properties["SubnetId"]), groups: null }];
}

function readInstance(resource: Resource, { lookup }: Context): readonly Draft[] {
  const { physicalId, properties } = resource;
  const own = listOf(properties["NetworkInterfaces"]).map(recordOf);
  const addresses = [
    ...lookup.beside(resource, "AWS::EC2::EIP"),
    ...lookup.beside(resource, "AWS::EC2::EIPAssociation"),
  ].some((address) => property(address, "InstanceId") === physicalId);
  // An instance takes a public address where its subnet gives one, unless it is told not to.
  const asked = own.map((one) => one["AssociatePublicIpAddress"]);
  return [
    {
      kind: "instance",
      subnets: [...idsOf(properties["SubnetId"]), ...own.flatMap((one) => idsOf(one["SubnetId"]))],
      groups: [...idsOf(properties["SecurityGroupIds"]), ...own.flatMap((one) => idsOf(one["GroupSet"]))],
      isPublic: addresses || asked.length === 0 || asked.some((one) => one !== false && one !== "false"),
    },
  ];
}

function readNetworkInterface(resource: Resource, { lookup }: Context): readonly Draft[] {
  const { physicalId, properties } = resource;
  return [
    {
      kind: "other",
      subnets: idsOf(properties["SubnetId"]),
      groups: idsOf(properties["GroupSet"] ?? properties["SecurityGroups"]),
      isPublic: lookup
        .beside(resource, "AWS::EC2::EIPAssociation")
        .some((one) => property(one, "NetworkInterfaceId") === physicalId),
    },
  ];
}

/** A database that is restored to see whether it can be has the place that the overrides name. */
function readRestoreTest(resource: Resource, context: Context): readonly Draft[] {
  const overrides = recordOf(resource.properties["RestoreMetadataOverrides"]);
  const key = (name: string) => Object.keys(overrides).find((one) => one.toLowerCase() === name) ?? "";
  const group = overrides[key("dbsubnetgroupname")];
  const groups = textOf(overrides[key("vpcsecuritygroupids")]);
  if (group === undefined && groups === null) return [];
  return [
    {
      kind: "other",
      subnets: subnetsOfGroup(resource, group, context),
      // The ids are an array of JSON in a text.
      groups: [...(groups ?? "").matchAll(/[^\s"[\],]+/gu)].map(([id]) => id),
      isPublic: isTrue(overrides[key("publiclyaccessible")]),
    },
  ];
}
