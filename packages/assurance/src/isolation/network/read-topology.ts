import type { Resource } from "../../artifacts/shipment.ts";
import { resourceMark } from "../../artifacts/mark.ts";
import { everywhere, parseRange } from "./address-range.ts";
import { managedList } from "./known-prefix-lists.ts";
import type {
  AclEntry,
  AddressRange,
  NetworkAcl,
  Peering,
  Route,
  RouteTable,
  RouteTarget,
  Subnet,
  Vpc,
} from "./network-model.ts";
import { everything } from "./packet-box.ts";
import { idsOf, isTrue, type Notes, property, textOf, wholeOf } from "./property-values.ts";
import { type PrefixLists, readRange } from "./read-groups.ts";
import { aclTraffic } from "./read-traffic.ts";

/** All resources that make the topology, by their types; any stack may hold any of them. */
export type TopologyResources = ReadonlyMap<string, readonly Resource[]>;

export const topologyTypes: ReadonlySet<string> = new Set(
  [
    "VPC",
    "VPCCidrBlock",
    "Subnet",
    "SubnetCidrBlock",
    "RouteTable",
    "Route",
    "SubnetRouteTableAssociation",
    "NetworkAcl",
    "NetworkAclEntry",
    "SubnetNetworkAclAssociation",
    "VPCGatewayAttachment",
    "InternetGateway",
    "VPNGateway",
    "VPCPeeringConnection",
    "VPNGatewayRoutePropagation",
  ].map((name) => `AWS::EC2::${name}`),
);

const of = (resources: TopologyResources, name: string): readonly Resource[] =>
  resources.get(`AWS::EC2::${name}`) ?? [];

const withId = <Made extends { readonly id: string }>(made: readonly Made[]): ReadonlyMap<string, Made> =>
  new Map(made.map((one) => [one.id, one]));

export function readVpcs(resources: TopologyResources, notes: Notes): ReadonlyMap<string, Vpc> {
  const blocks = of(resources, "VPCCidrBlock");
  const attachments = of(resources, "VPCGatewayAttachment");
  const gateways = new Set(of(resources, "InternetGateway").map(({ physicalId }) => physicalId));
  return withId(
    of(resources, "VPC").map((resource, index): Vpc => {
      const id = resource.physicalId;
      const more = blocks.filter((block) => property(block, "VpcId") === id);
      const ranges = [resource, ...more].flatMap((one) => {
        const range = readRange(one.properties["CidrBlock"], `${one.key} CidrBlock`, notes);
        if (
          range === null &&
          one === resource &&
          notes.faults.every(({ subject }) => !subject.startsWith(one.key))
        ) {
          notes.gaps.push({ subject: one.key, missing: "the range of the VPC" });
        }
        const ipv6 = readRange(one.properties["Ipv6CidrBlock"], `${one.key} Ipv6CidrBlock`, notes);
        const given = isTrue(one.properties["AmazonProvidedIpv6CidrBlock"]) ? [placeholder(index)] : [];
        return [...(range === null ? [] : [range]), ...(ipv6 === null ? given : [ipv6])];
      });
      return {
        id,
        where: resource.key,
        region: resource.stack.region,
        ranges,
        internetGateways: attachments.flatMap((attachment) => {
          const gateway = property(attachment, "InternetGatewayId");
          const isHere = property(attachment, "VpcId") === id && gateway !== null;
          return isHere && (gateways.has(gateway) || gateway.startsWith("igw-")) ? [gateway] : [];
        }),
        defaultAcl: resourceMark(resource.key, "DefaultNetworkAcl"),
        defaultGroup: resourceMark(resource.key, "DefaultSecurityGroup"),
      };
    }),
  );
}

/**
 * The range that AWS will give a VPC or a subnet is not known before; one of the ranges for documentation stands in for it,
 * which no rule can name.
 */
function placeholder(vpc: number, subnet?: number): AddressRange {
  const text =
    subnet === undefined
      ? `3fff:0:${vpc.toString(16)}::/48`
      : `3fff:0:${vpc.toString(16)}:${subnet.toString(16)}::/64`;
  const parsed = parseRange(text);
  return parsed.kind === "range" ? parsed.range : everywhere(6);
}

export function readSubnets(
  resources: TopologyResources,
  vpcs: ReadonlyMap<string, Vpc>,
  notes: Notes,
): ReadonlyMap<string, Subnet> {
  const tables = associated(resources, "SubnetRouteTableAssociation", "RouteTableId", notes);
  const acls = associated(resources, "SubnetNetworkAclAssociation", "NetworkAclId", notes);
  const order = [...vpcs.keys()];
  const subnets = of(resources, "Subnet").flatMap((resource, index): Subnet[] => {
    const id = resource.physicalId;
    const vpc = vpcs.get(property(resource, "VpcId") ?? "");
    if (vpc === undefined) {
      notes.gaps.push({
        subject: resource.key,
        missing: `the VPC ${property(resource, "VpcId")} of the subnet`,
      });
      return [];
    }
    const acl = acls.get(id);
    const range = readRange(resource.properties["CidrBlock"], `${resource.key} CidrBlock`, notes);
    const added = of(resources, "SubnetCidrBlock").find((block) => property(block, "SubnetId") === id);
    const written = resource.properties["Ipv6CidrBlock"] ?? added?.properties["Ipv6CidrBlock"];
    const ipv6 = readRange(written, `${resource.key} Ipv6CidrBlock`, notes);
    const given = written === undefined ? [] : [placeholder(order.indexOf(vpc.id), index)];
    return [
      {
        id,
        where: resource.key,
        vpc: vpc.id,
        ranges: [...(range === null ? [] : [range]), ...(ipv6 === null ? given : [ipv6])],
        routeTable: tables.get(id) ?? `the main route table of ${vpc.where}`,
        acl: acl ?? vpc.defaultAcl,
        isAclOwn: acl !== undefined && acl !== vpc.defaultAcl,
        mapsPublicAddress: isTrue(resource.properties["MapPublicIpOnLaunch"]),
      },
    ];
  });
  return withId(subnets);
}

/** What each subnet is associated with. AWS takes one; where templates name two, nobody knows which stays. */
function associated(
  resources: TopologyResources,
  type: string,
  name: string,
  notes: Notes,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const resource of of(resources, type)) {
    const subnet = property(resource, "SubnetId") ?? "";
    const id = property(resource, name) ?? "";
    const before = found.get(subnet);
    if (before !== undefined && before !== id) {
      notes.gaps.push({
        subject: resource.key,
        missing: `which ${name} the subnet keeps of two: ${before}, ${id}`,
      });
    }
    found.set(subnet, id);
  }
  return found;
}

export function readRouteTables(
  resources: TopologyResources,
  vpcs: ReadonlyMap<string, Vpc>,
  lists: PrefixLists,
  notes: Notes,
): ReadonlyMap<string, RouteTable> {
  const gateways = new Map(
    ["InternetGateway", "VPNGateway"].flatMap((type) =>
      of(resources, type).map(({ physicalId }) => [physicalId, type] as const),
    ),
  );
  const routes = Map.groupBy(
    [
      ...of(resources, "Route").flatMap((resource) => readRoute(resource, gateways, lists, notes)),
      ...of(resources, "VPNGatewayRoutePropagation").flatMap(propagated),
    ],
    ({ table }) => table,
  );
  const made = of(resources, "RouteTable").map(({ physicalId, key }) => ({ id: physicalId, where: key }));
  const main = [...vpcs.values()].map(({ where }) => {
    const name = `the main route table of ${where}`;
    return { id: name, where: name };
  });
  const tables = [...made, ...main].map((table) => ({
    ...table,
    routes: (routes.get(table.id) ?? []).map(({ route }) => route),
  }));
  const ids = new Set(tables.map(({ id }) => id));
  for (const [table, [first]] of routes) {
    if (ids.has(table) || first === undefined) continue;
    notes.gaps.push({ subject: first.route.where, missing: `the route table ${table}` });
  }
  return withId(tables);
}

interface ReadRoute {
  readonly table: string;
  readonly route: Route;
}

/** Routes that come by themselves from whoever is on the other side of a VPN. */
function propagated(resource: Resource): readonly ReadRoute[] {
  const target = { kind: "virtual-gateway", id: property(resource, "VpnGatewayId") ?? "" } as const;
  const route = { destination: null, destinationText: "whatever is propagated", target, where: resource.key };
  return idsOf(resource.properties["RouteTableIds"]).map((table) => ({ table, route }));
}

/** One route for each range of its destination. */
function readRoute(
  resource: Resource,
  gateways: ReadonlyMap<string, string>,
  lists: PrefixLists,
  notes: Notes,
): readonly ReadRoute[] {
  const { key, properties } = resource;
  const table = property(resource, "RouteTableId") ?? "";
  const target = targetOf(resource, gateways);
  if (target.kind === "unknown") notes.gaps.push({ subject: key, missing: "where the route leads" });
  const name = ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"].find(
    (one) => properties[one] !== undefined,
  );
  const destinationText = textOf(properties[name ?? ""]) ?? "";
  const route = { destinationText, target, where: key };
  if (name === "DestinationPrefixListId") {
    const ranges = lists.get(destinationText);
    if (ranges !== undefined)
      return ranges.map((destination) => ({ table, route: { ...route, destination } }));
    if (managedList(destinationText) !== undefined)
      return [{ table, route: { ...route, destination: null } }];
  } else if (name !== undefined) {
    const destination = readRange(properties[name], `${key} ${name}`, notes);
    if (destination !== null) return [{ table, route: { ...route, destination } }];
    // What AWS refuses leads nowhere.
    if (!destinationText.includes("⟨")) return [];
  }
  notes.gaps.push({ subject: key, missing: `the addresses of the route's destination ${destinationText}` });
  return [{ table, route: { ...route, destination: null, target: { kind: "unknown", id: target.id } } }];
}

const targetKinds = {
  NatGatewayId: "nat",
  VpcPeeringConnectionId: "peering",
  TransitGatewayId: "transit-gateway",
  EgressOnlyInternetGatewayId: "egress-only",
  VpcEndpointId: "endpoint",
  NetworkInterfaceId: "interface",
  InstanceId: "interface",
  CarrierGatewayId: "other",
  LocalGatewayId: "other",
  CoreNetworkArn: "other",
} as const;

function targetOf(resource: Resource, gateways: ReadonlyMap<string, string>): RouteTarget {
  const gateway = property(resource, "GatewayId");
  if (gateway !== null) {
    const type = gateways.get(gateway);
    if (type === "InternetGateway" || gateway.startsWith("igw-"))
      return { kind: "internet-gateway", id: gateway };
    if (type === "VPNGateway" || gateway.startsWith("vgw-")) return { kind: "virtual-gateway", id: gateway };
    return { kind: "unknown", id: gateway };
  }
  for (const [name, kind] of Object.entries(targetKinds)) {
    const id = property(resource, name);
    if (id !== null) return { kind: id.includes("⟨unknown:") ? "unknown" : kind, id };
  }
  return { kind: "unknown", id: "" };
}

export function readAcls(
  resources: TopologyResources,
  vpcs: ReadonlyMap<string, Vpc>,
  subnets: ReadonlyMap<string, Subnet>,
  notes: Notes,
): ReadonlyMap<string, NetworkAcl> {
  const entries = Map.groupBy(
    of(resources, "NetworkAclEntry"),
    (entry) => property(entry, "NetworkAclId") ?? "",
  );
  const made = of(resources, "NetworkAcl").map(({ physicalId, key }) => ({
    id: physicalId,
    where: key,
    isDefault: false,
    entries: (entries.get(physicalId) ?? []).map((entry) => readEntry(entry, notes)),
  }));
  const defaults = [...vpcs.values()].map(({ defaultAcl, where }) => {
    const name = `the default ACL of ${where}`;
    const added = (entries.get(defaultAcl) ?? []).map((entry) => readEntry(entry, notes));
    return { id: defaultAcl, where: name, isDefault: true, entries: [...added, ...defaultEntries(name)] };
  });
  const known = new Set([...made, ...defaults].map(({ id }) => id));
  for (const [acl, [first]] of entries) {
    if (known.has(acl) || first === undefined) continue;
    notes.gaps.push({ subject: first.key, missing: `the network ACL ${acl}` });
  }
  // An ACL that no template makes may let anything through.
  const foreign = [...new Set([...subnets.values()].map(({ acl }) => acl))].filter((acl) => !known.has(acl));
  const unknown = foreign.map((id): NetworkAcl => {
    notes.gaps.push({ subject: id, missing: "the entries of a network ACL that no template makes" });
    const where = `the unknown ACL ${id}`;
    const entry = { number: 1, action: "allow", match: null, where } as const;
    return {
      id,
      where,
      isDefault: false,
      entries: [
        { ...entry, direction: "inbound" },
        { ...entry, direction: "outbound" },
      ],
    };
  });
  return withId([...made, ...defaults, ...unknown]);
}

/** AWS lets everything through the ACL that it makes with a VPC, by an entry with this number. */
function defaultEntries(where: string): readonly AclEntry[] {
  return (["inbound", "outbound"] as const).flatMap((direction) =>
    ([4, 6] as const).map((family) => ({
      direction,
      number: family === 4 ? 100 : 101,
      action: "allow" as const,
      match: { range: everywhere(family), traffic: everything },
      where,
    })),
  );
}

function readEntry(resource: Resource, notes: Notes): AclEntry {
  const { key, properties } = resource;
  const name = properties["Ipv6CidrBlock"] === undefined ? "CidrBlock" : "Ipv6CidrBlock";
  const range = readRange(properties[name], `${key} ${name}`, notes);
  const traffic = aclTraffic(properties);
  const number = wholeOf(properties["RuleNumber"]);
  const action = property(resource, "RuleAction")?.toLowerCase();
  const isRead = range !== null && traffic !== null && number !== null;
  if (!isRead || (action !== "allow" && action !== "deny")) {
    notes.gaps.push({ subject: key, missing: "number, action, range, protocol or ports of an ACL entry" });
  }
  return {
    direction: isTrue(properties["Egress"]) ? "outbound" : "inbound",
    number: number ?? 0,
    action: action === "deny" ? "deny" : "allow",
    match: isRead ? { range, traffic } : null,
    where: key,
  };
}

export function readPeerings(resources: TopologyResources): ReadonlyMap<string, Peering> {
  return withId(
    of(resources, "VPCPeeringConnection").map((resource) => ({
      id: resource.physicalId,
      where: resource.key,
      vpc: property(resource, "VpcId") ?? "",
      peerVpc: property(resource, "PeerVpcId") ?? "",
    })),
  );
}
