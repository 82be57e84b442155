import { addressRange } from "./cidr.ts";
import { aclObstacle, describeGroups, innerObstacles, balancerPorts, linuxPorts } from "./inner-path.ts";
import { aclOfSubnet, refusalOf } from "./network-acl-rules.ts";
import type { NetworkSnapshot, RouteTableSnapshot, VpcEndpointSnapshot } from "./network-snapshot.ts";
import type { Obstacle, PathEnd } from "./obstacle.ts";
import { groupsAllow } from "./security-group-rules.ts";

export interface OuterPath {
  readonly from: PathEnd & { readonly hasPublicAddress: boolean };
  /** A service of AWS as an endpoint of a VPC calls it, such as ecr.dkr; null is the internet. */
  readonly service: string | null;
  readonly region: string;
}

const https = 443;
const internet = "0.0.0.0/0";
/** An address that is nobody's in particular: it stands for the internet. */
const somewhere = addressRange("52.94.0.1") ?? { first: 0, last: 0 };

/** What keeps tasks from reaching a service of AWS, by an endpoint of the VPC where there is one, or the internet. */
export function outerObstacles(network: NetworkSnapshot, path: OuterPath): readonly Obstacle[] {
  const vpcs = new Set(path.from.subnets.map((id) => network.subnets[id]?.vpc));
  const endpoint = network.endpoints.find(
    ({ service, vpc, kind, hasPrivateDns }) =>
      service === path.service && vpcs.has(vpc) && kind === "Interface" && hasPrivateDns,
  );
  if (endpoint !== undefined) return endpointObstacles(network, endpoint, path);
  const ranges = [...egressObstacles(network, path), ...edgeObstacles(network, path)];
  return [...ranges, ...path.from.subnets.flatMap((subnet) => routeObstacles(network, subnet, path))];
}

function endpointObstacles(
  network: NetworkSnapshot,
  endpoint: VpcEndpointSnapshot,
  { from, region }: OuterPath,
): readonly Obstacle[] {
  const { id, state, service, vpc, subnets, securityGroups } = endpoint;
  const unusable = (what: string, fix: string): Obstacle => ({
    code: "VPC_ENDPOINT_UNUSABLE",
    kind: "vpc-endpoint",
    id,
    at: "network",
    port: null,
    what,
    because: [`${id} is the way to ${service} in ${vpc}`],
    fix: [fix],
  });
  const see = `aws ec2 describe-vpc-endpoints --region ${region} --vpc-endpoint-ids ${id}`;
  if (state !== "available") return [unusable(`the endpoint ${id} of ${service} is ${state}`, see)];
  if (subnets.length === 0) return [unusable(`the endpoint ${id} of ${service} is in no subnet`, see)];
  const to = { name: `the endpoint of ${service}`, groups: securityGroups, subnets };
  return [
    ...dnsObstacles(network, vpc, region),
    ...innerObstacles(network, { from, to, port: https, ephemeral: linuxPorts, region }).map((one) =>
      // An endpoint that lets nobody in is one cause, whoever asks.
      one.at === "to" ? { ...one, code: "VPC_ENDPOINT_UNUSABLE" as const, at: "network" as const } : one,
    ),
  ];
}

function dnsObstacles(network: NetworkSnapshot, vpc: string, region: string): readonly Obstacle[] {
  const { dnsSupport = null, dnsHostnames = null } = network.vpcs[vpc] ?? {};
  const off = [
    dnsSupport === false ? "enable-dns-support" : "",
    dnsHostnames === false ? "enable-dns-hostnames" : "",
  ];
  return off
    .filter((attribute) => attribute !== "")
    .map((attribute) => ({
      code: "VPC_DNS_OFF",
      kind: "vpc",
      id: vpc,
      at: "network",
      port: null,
      what: `${attribute.replace("enable-", "").replaceAll("-", " ")} is off in ${vpc}, so names of its endpoints do not resolve to them`,
      because: [`attribute ${attribute} is false`],
      fix: [`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpc} --${attribute}`],
    }));
}

function egressObstacles(
  network: NetworkSnapshot,
  { from, service, region }: OuterPath,
): readonly Obstacle[] {
  const peer = { address: somewhere.first, groups: [] };
  if (groupsAllow(network, from.groups, "egress", { port: https, peer }) !== "no") return [];
  const [group = "none"] = from.groups;
  return [
    {
      code: "SECURITY_GROUP_EGRESS_MISSING",
      kind: "security-group",
      id: group,
      at: "from",
      port: https,
      what: `${from.name} may not open connections to ${service ?? "the internet"} on port ${https}: no rule of its security groups lets them out`,
      because: describeGroups(network, from.groups, "egress"),
      fix: [
        `aws ec2 authorize-security-group-egress --region ${region} --group-id ${group} --ip-permissions IpProtocol=tcp,FromPort=${https},ToPort=${https},IpRanges=[{CidrIp=0.0.0.0/0}]`,
      ],
    },
  ];
}

function edgeObstacles(network: NetworkSnapshot, { from, region }: OuterPath): readonly Obstacle[] {
  const found = new Map<string, Obstacle>();
  for (const subnet of from.subnets) {
    const acl = aclOfSubnet(network, subnet);
    if (acl === null) continue;
    const traffic = [
      { direction: "egress", ports: { first: https, last: https }, what: "connections to the internet" },
      { direction: "ingress", ports: linuxPorts, what: "answers from the internet" },
    ] as const;
    for (const { direction, ports, what } of traffic) {
      const refusal = refusalOf(acl, { direction, peers: somewhere, ports });
      if (refusal === null) continue;
      const given = { ...refusal, region, what: `${what} of ${subnet}`, cidr: internet };
      found.set(`${acl.id} ${direction}`, aclObstacle(given));
    }
  }
  return [...found.values()];
}

/** The table of a subnet; the VPC's main one where none is associated. */
function routeTableOf({ routeTables, subnets }: NetworkSnapshot, subnet: string): RouteTableSnapshot | null {
  const vpc = subnets[subnet]?.vpc;
  return (
    routeTables.find((table) => table.subnets.includes(subnet)) ??
    routeTables.find((table) => table.vpc === vpc && table.isMain) ??
    null
  );
}

function routeObstacles(network: NetworkSnapshot, subnet: string, path: OuterPath): readonly Obstacle[] {
  const { from, region, service } = path;
  const table = routeTableOf(network, subnet);
  if (table === null) return [];
  const viaGateway = network.endpoints.some(
    (one) => one.kind === "Gateway" && one.service === service && one.routeTables.includes(table.id),
  );
  if (viaGateway) return [];
  const route = table.routes.find(({ destination }) => destination === "0.0.0.0/0");
  const obstacle = (code: Obstacle["code"], what: string, because: string, fix: string): Obstacle => ({
    code,
    kind: "route-table",
    id: table.id,
    at: "network",
    port: null,
    what,
    because: [because],
    fix: [fix],
  });
  const [nat] = Object.entries(network.natGateways).find(([, { state }]) => state === "available") ?? [];
  const verb = route === undefined ? "create-route" : "replace-route";
  const mend = `aws ec2 ${verb} --region ${region} --route-table-id ${table.id} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id ${nat ?? "<nat gateway>"}`;
  const seen = table.routes.map(({ destination, target }) => `${destination} → ${target}`).join(", ");
  if (route === undefined) {
    const what = `the route table ${table.id} has no way to the internet: a route for 0.0.0.0/0 is missing, and its subnets reach nothing outside the VPC that has no endpoint`;
    return [obstacle("ROUTE_MISSING", what, `routes of ${table.id}: ${seen || "none"}`, mend)];
  }
  if (route.isBlackhole) {
    const what = `the route of ${table.id} for 0.0.0.0/0 leads to ${route.target}, which does not exist any more`;
    return [obstacle("ROUTE_BLACKHOLE", what, `routes of ${table.id}: ${seen}`, mend)];
  }
  if (route.target.startsWith("igw-") && !from.hasPublicAddress) {
    const what = `the route table ${table.id} leads to the internet gateway ${route.target}, which only serves what has a public address, and the tasks have none`;
    return [obstacle("ROUTE_MISSING", what, `routes of ${table.id}: ${seen}`, mend)];
  }
  if (route.target.startsWith("nat-")) return natObstacles(network, route.target, region);
  return [];
}

function natObstacles(network: NetworkSnapshot, id: string, region: string): readonly Obstacle[] {
  const gateway = network.natGateways[id];
  const unusable = (what: string, because: string, fix: string): readonly Obstacle[] => [
    {
      code: "NAT_GATEWAY_UNUSABLE",
      kind: "route-table",
      id,
      at: "network",
      port: null,
      what,
      because: [because],
      fix: [fix],
    },
  ];
  const see = `aws ec2 describe-nat-gateways --region ${region} --nat-gateway-ids ${id}`;
  if (gateway === undefined)
    return unusable(`the NAT gateway ${id} does not exist`, "a route leads to it", see);
  if (gateway.state !== "available")
    return unusable(`the NAT gateway ${id} is ${gateway.state}`, "a route leads to it", see);
  const table = routeTableOf(network, gateway.subnet);
  const route = table?.routes.find(({ destination }) => destination === "0.0.0.0/0");
  if (table !== null && route?.target.startsWith("igw-") !== true) {
    const what = `the NAT gateway ${id} stands in ${gateway.subnet}, whose route table ${table.id} does not lead to an internet gateway`;
    const fix = `aws ec2 create-route --region ${region} --route-table-id ${table.id} --destination-cidr-block 0.0.0.0/0 --gateway-id <internet gateway>`;
    return unusable(what, `0.0.0.0/0 → ${route?.target ?? "no route"}`, fix);
  }
  const acl = aclOfSubnet(network, gateway.subnet);
  const refusal = acl && refusalOf(acl, { direction: "ingress", peers: somewhere, ports: balancerPorts });
  return refusal === null
    ? []
    : [aclObstacle({ ...refusal, region, what: `answers to the NAT gateway ${id}`, cidr: internet })];
}
