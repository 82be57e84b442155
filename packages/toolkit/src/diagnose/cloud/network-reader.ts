import {
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type IpPermission,
  type NetworkAcl,
  type RouteTable,
  type Subnet,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import type {
  NetworkAclSnapshot,
  NetworkSnapshot,
  RouteTableSnapshot,
  SecurityGroupRule,
  SubnetSnapshot,
  VpcEndpointSnapshot,
  VpcSnapshot,
} from "../network/network-snapshot.ts";
import { caller, chunks, everyPage, present, type Reading } from "./reading.ts";

interface Page {
  readonly NextToken?: string | undefined;
}

/** How many values a filter takes. */
const filterValuesMax = 200;

/** Reads whole networks: what decides about a path can be anywhere in its VPC. */
export function networkReader(
  reading: Reading,
): (subnets: readonly string[]) => Promise<NetworkSnapshot | null> {
  const client = new EC2Client(reading.config);
  const run = caller(reading, "ec2");
  const all = <P extends Page>(operation: string, read: (NextToken: string | undefined) => Promise<P>) =>
    everyPage(
      (token) => run(operation, () => read(token)),
      ({ NextToken }) => NextToken,
    );
  const subnetsBy = async (Name: string, values: readonly string[]): Promise<readonly SubnetSnapshot[]> => {
    const found: SubnetSnapshot[] = [];
    for (const Values of chunks(values, filterValuesMax)) {
      const pages = await all("DescribeSubnets", (NextToken) =>
        client.send(new DescribeSubnetsCommand({ Filters: [{ Name, Values: [...Values] }], NextToken })),
      );
      found.push(...pages.flatMap(({ Subnets }) => (Subnets ?? []).map(subnetOf)));
    }
    return found;
  };
  const vpcOf = async (id: string): Promise<VpcSnapshot> => {
    const read = (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
      run("DescribeVpcAttribute", () =>
        client.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute })),
      );
    const [support, hostnames] = await Promise.all([read("enableDnsSupport"), read("enableDnsHostnames")]);
    return {
      id,
      dnsSupport: support.EnableDnsSupport?.Value ?? null,
      dnsHostnames: hostnames.EnableDnsHostnames?.Value ?? null,
    };
  };
  return async (subnets) => {
    const vpcIds = [...new Set((await subnetsBy("subnet-id", subnets)).map(({ vpc }) => vpc))];
    if (vpcIds.length === 0) return null;
    const ofVpcs = { Filters: [{ Name: "vpc-id", Values: vpcIds }] };
    const [inVpcs, vpcs, groups, acls, tables, endpoints, gateways] = await Promise.all([
      subnetsBy("vpc-id", vpcIds),
      Promise.all(vpcIds.map(vpcOf)),
      all("DescribeSecurityGroups", (NextToken) =>
        client.send(new DescribeSecurityGroupsCommand({ ...ofVpcs, NextToken })),
      ),
      all("DescribeNetworkAcls", (NextToken) =>
        client.send(new DescribeNetworkAclsCommand({ ...ofVpcs, NextToken })),
      ),
      all("DescribeRouteTables", (NextToken) =>
        client.send(new DescribeRouteTablesCommand({ ...ofVpcs, NextToken })),
      ),
      all("DescribeVpcEndpoints", (NextToken) =>
        client.send(new DescribeVpcEndpointsCommand({ ...ofVpcs, NextToken })),
      ),
      all("DescribeNatGateways", (NextToken) =>
        client.send(new DescribeNatGatewaysCommand({ Filter: ofVpcs.Filters, NextToken })),
      ),
    ]);
    return {
      vpcs: Object.fromEntries(vpcs.map((one) => [one.id, one])),
      subnets: Object.fromEntries(inVpcs.map((one) => [one.id, one])),
      securityGroups: Object.fromEntries(
        groups
          .flatMap(({ SecurityGroups }) => SecurityGroups ?? [])
          .map(({ GroupId: id = "", GroupName, IpPermissions, IpPermissionsEgress }) => [
            id,
            {
              id,
              name: GroupName ?? "",
              ingress: (IpPermissions ?? []).map(ruleOf),
              egress: (IpPermissionsEgress ?? []).map(ruleOf),
            },
          ]),
      ),
      acls: acls.flatMap(({ NetworkAcls }) => (NetworkAcls ?? []).map(aclOf)),
      routeTables: tables.flatMap(({ RouteTables }) => (RouteTables ?? []).map(tableOf)),
      endpoints: endpoints.flatMap(({ VpcEndpoints }) => (VpcEndpoints ?? []).map(endpointOf)),
      natGateways: Object.fromEntries(
        gateways
          .flatMap(({ NatGateways }) => NatGateways ?? [])
          .map(({ NatGatewayId, State, SubnetId }) => [
            NatGatewayId ?? "",
            { state: State ?? "", subnet: SubnetId ?? "" },
          ]),
      ),
    };
  };
}

function subnetOf(subnet: Subnet): SubnetSnapshot {
  return {
    id: subnet.SubnetId ?? "",
    vpc: subnet.VpcId ?? "",
    cidr: subnet.CidrBlock ?? "",
    zone: subnet.AvailabilityZone ?? "",
    freeAddresses: subnet.AvailableIpAddressCount ?? null,
  };
}

function ruleOf(rule: IpPermission): SecurityGroupRule {
  return {
    protocol: rule.IpProtocol ?? "-1",
    fromPort: rule.FromPort ?? null,
    toPort: rule.ToPort ?? null,
    cidrs: present(rule.IpRanges?.map(({ CidrIp }) => CidrIp)),
    groups: present(rule.UserIdGroupPairs?.map(({ GroupId }) => GroupId)),
    prefixLists: present(rule.PrefixListIds?.map(({ PrefixListId }) => PrefixListId)),
  };
}

function aclOf(acl: NetworkAcl): NetworkAclSnapshot {
  return {
    id: acl.NetworkAclId ?? "",
    vpc: acl.VpcId ?? "",
    isDefault: acl.IsDefault ?? false,
    subnets: present(acl.Associations?.map(({ SubnetId }) => SubnetId)),
    // Entries without an IPv4 range are of IPv6, which tasks here do not speak.
    entries: (acl.Entries ?? []).flatMap((one) =>
      one.CidrBlock === undefined
        ? []
        : [
            {
              number: one.RuleNumber ?? 32_767,
              direction: one.Egress === true ? "egress" : "ingress",
              action: one.RuleAction === "allow" ? "allow" : "deny",
              protocol: one.Protocol ?? "-1",
              cidr: one.CidrBlock,
              fromPort: one.PortRange?.From ?? null,
              toPort: one.PortRange?.To ?? null,
            },
          ],
    ),
  };
}

function tableOf(table: RouteTable): RouteTableSnapshot {
  const associations = table.Associations ?? [];
  return {
    id: table.RouteTableId ?? "",
    vpc: table.VpcId ?? "",
    isMain: associations.some(({ Main }) => Main === true),
    subnets: present(associations.map(({ SubnetId }) => SubnetId)),
    routes: (table.Routes ?? []).map((one) => ({
      destination:
        one.DestinationCidrBlock ?? one.DestinationPrefixListId ?? one.DestinationIpv6CidrBlock ?? "",
      target:
        one.NatGatewayId ??
        one.GatewayId ??
        one.TransitGatewayId ??
        one.VpcPeeringConnectionId ??
        one.NetworkInterfaceId ??
        one.InstanceId ??
        "",
      isBlackhole: one.State === "blackhole",
    })),
  };
}

function endpointOf(endpoint: VpcEndpoint): VpcEndpointSnapshot {
  const { VpcEndpointType: kind } = endpoint;
  return {
    id: endpoint.VpcEndpointId ?? "",
    vpc: endpoint.VpcId ?? "",
    service: (endpoint.ServiceName ?? "").replace(/^(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\./, ""),
    kind: kind === "Interface" || kind === "Gateway" ? kind : "other",
    state: (endpoint.State ?? "").toLowerCase(),
    hasPrivateDns: endpoint.PrivateDnsEnabled ?? false,
    securityGroups: present(endpoint.Groups?.map(({ GroupId }) => GroupId)),
    subnets: present(endpoint.SubnetIds),
    routeTables: present(endpoint.RouteTableIds),
  };
}
