import { assert } from "@tenantry/base";
import type { Platform, PlatformNetwork, PlatformSubnet, SubnetGroup } from "@tenantry/model";
import { Fn } from "aws-cdk-lib";
import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { pascal } from "../stack/platform-stack.ts";
import { FlowLogs } from "./flow-logs.ts";
import { NetworkAcls } from "./network-acls.ts";
import { innerGroup, type NetworkFlow } from "./network-flow.ts";
import { tagName } from "./tag-name.ts";
import { VpcEndpoints } from "./vpc-endpoints.ts";

export interface NetworkProps {
  /** Begins the `Name` tags, such as "shop-production". */
  readonly name: string;
  readonly network: Pick<
    PlatformNetwork,
    | "cidr"
    | "subnets"
    | "natGateways"
    | "dnsSupport"
    | "dnsHostnames"
    | "flowLogs"
    | "networkAcls"
    | "endpoints"
  >;
  /** What the network ACLs let through where they are "named-flows". */
  readonly flows: readonly NetworkFlow[];
  /** Name of the log group of the flow logs. */
  readonly flowLogGroup: string;
  /** ARN of the KMS key that encrypts the flow logs; null for AWS's own. */
  readonly logKey: string | null;
  readonly dataProtection: Platform["dataProtection"];
  /** ARN of the permissions boundary of the role that writes the flow logs; null for none. */
  readonly permissionsBoundary: string | null;
}

/** What of a subnet group the others of the construct need. */
interface MadeGroup {
  /** Ids of the subnets by the suffix of their zone, in the order of the zones. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** One for the group, or one for each zone. */
  readonly routeTableIds: readonly string[];
}

/**
 * A VPC with its subnets and what connects them. Subnets of "public" have a route to the internet; "private", "web" and "app" one
 * through the NAT gateway of their zone, or of the only one; "database" has none.
 *
 * The VPC's default security group belongs to AWS: its rules (everything among its members, everything out) cannot be
 * taken away by CloudFormation. Nothing here is ever put into it, and the Config rule `vpc-default-security-group-closed`
 * of `Audit` reports it until somebody has revoked them.
 */
export class Network extends Construct {
  readonly vpcId: string;
  readonly subnetIds: Readonly<Partial<Record<SubnetGroup, readonly string[]>>>;
  readonly routeTableIds: Readonly<Partial<Record<SubnetGroup, readonly string[]>>>;
  /** The public addresses from which the private subnets reach the internet. */
  readonly natAddresses: readonly string[];
  readonly #props: NetworkProps;
  readonly #zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.#props = props;
    const { name, network } = props;
    this.#zones = Object.values(network.subnets)[0]?.map(({ zone }) => zone) ?? [];
    const vpc = new CfnVPC(this, "Vpc", {
      cidrBlock: network.cidr,
      enableDnsSupport: network.dnsSupport,
      enableDnsHostnames: network.dnsHostnames,
    });
    tagName(vpc, name);
    this.vpcId = vpc.attrVpcId;

    const groups: Partial<Record<SubnetGroup, MadeGroup>> = {};
    const natGateways = new Map<string, string>();
    const natAddresses: string[] = [];
    if (network.subnets.public !== undefined) {
      groups.public = this.#sharedTableGroup("public", network.subnets.public);
      const wayOut = this.#routeToInternet(groups.public);
      for (const zone of this.#natZones()) {
        const subnetId = groups.public.subnetIds[zoneSuffix(zone)];
        assert(subnetId !== undefined, `the zone ${zone} has no public subnet`);
        const nat = this.#natGateway(zone, subnetId, wayOut);
        natGateways.set(zone, nat.gatewayId);
        natAddresses.push(nat.address);
      }
    }
    for (const group of ["private", "web", "app"] as const) {
      const subnets = network.subnets[group];
      if (subnets !== undefined) groups[group] = this.#innerGroup(group, subnets, natGateways);
    }
    if (network.subnets.database !== undefined) {
      groups.database = this.#sharedTableGroup("database", network.subnets.database);
    }
    this.natAddresses = natAddresses;
    this.subnetIds = mapGroups(groups, ({ subnetIds }) => Object.values(subnetIds));
    this.routeTableIds = mapGroups(groups, ({ routeTableIds }) => routeTableIds);
    this.#guard(groups);
  }

  #guard(groups: Readonly<Partial<Record<SubnetGroup, MadeGroup>>>): void {
    const { name, network, flows, flowLogGroup, logKey, dataProtection, permissionsBoundary } = this.#props;
    const { vpcId } = this;
    if (network.networkAcls === "named-flows") {
      const subnetIds = mapGroups(groups, ({ subnetIds }) => subnetIds);
      new NetworkAcls(this, "Acls", { name, vpcId, network, subnetIds, flows });
    }
    if (network.flowLogs !== null) {
      new FlowLogs(this, "FlowLogs", {
        vpcId,
        settings: network.flowLogs,
        logGroupName: flowLogGroup,
        logKey,
        dataProtection,
        permissionsBoundary,
      });
    }
    if (network.endpoints.length > 0) {
      const tables = Object.entries(this.routeTableIds).filter(([group]) => group !== "public");
      new VpcEndpoints(this, "Endpoints", {
        name,
        vpcId,
        network,
        subnetIds: this.subnetIds[innerGroup(network)] ?? [],
        routeTableIds: tables.flatMap(([, ids]) => ids),
      });
    }
  }

  #natZones(): readonly string[] {
    switch (this.#props.network.natGateways) {
      case "per-zone":
        return this.#zones;
      case "single":
        return this.#zones.slice(0, 1);
      case "none":
        return [];
    }
  }

  /** AWS refuses addresses and NAT gateways in a VPC that has no way out yet. */
  #natGateway(
    zone: string,
    subnetId: string,
    wayOut: CfnRoute,
  ): { readonly gatewayId: string; readonly address: string } {
    const suffix = zoneSuffix(zone);
    const name = `${this.#props.name}-nat-${zone}`;
    const address = new CfnEIP(this, `NatAddress${suffix}`, { domain: "vpc" });
    tagName(address, name);
    address.addResourceDependency(wayOut);
    const gateway = new CfnNatGateway(this, `NatGateway${suffix}`, {
      subnetId,
      allocationId: address.attrAllocationId,
    });
    tagName(gateway, name);
    gateway.addResourceDependency(wayOut);
    return { gatewayId: gateway.attrNatGatewayId, address: address.attrPublicIp };
  }

  #routeToInternet({ routeTableIds }: MadeGroup): CfnRoute {
    const gateway = new CfnInternetGateway(this, "InternetGateway");
    tagName(gateway, this.#props.name);
    const attachment = new CfnVPCGatewayAttachment(this, "InternetGatewayAttachment", {
      vpcId: this.vpcId,
      internetGatewayId: gateway.attrInternetGatewayId,
    });
    const [routeTableId = ""] = routeTableIds;
    const route = new CfnRoute(this, "PublicRouteToInternet", {
      routeTableId,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.attrInternetGatewayId,
    });
    route.addResourceDependency(attachment);
    return route;
  }

  /** A group whose subnets all have the same routes. */
  #sharedTableGroup(group: SubnetGroup, subnets: readonly PlatformSubnet[]): MadeGroup {
    const table = this.#routeTable(`${pascal(group)}RouteTable`, group);
    const subnetIds = subnets.map((subnet) => this.#subnet(group, subnet, table));
    return { subnetIds: Object.fromEntries(subnetIds), routeTableIds: [table] };
  }

  /** A group with a route table for each zone, so that a zone never depends on the NAT gateway of another. */
  #innerGroup(
    group: SubnetGroup,
    subnets: readonly PlatformSubnet[],
    natGateways: ReadonlyMap<string, string>,
  ): MadeGroup {
    const made = subnets.map((subnet) => {
      const suffix = zoneSuffix(subnet.zone);
      const table = this.#routeTable(`${pascal(group)}RouteTable${suffix}`, `${group}-${subnet.zone}`);
      const natGatewayId = natGateways.get(subnet.zone) ?? natGateways.values().next().value;
      if (natGatewayId !== undefined) {
        new CfnRoute(this, `${pascal(group)}RouteToInternet${suffix}`, {
          routeTableId: table,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId,
        });
      }
      return { table, subnet: this.#subnet(group, subnet, table) };
    });
    return {
      subnetIds: Object.fromEntries(made.map(({ subnet }) => subnet)),
      routeTableIds: made.map(({ table }) => table),
    };
  }

  #routeTable(id: string, name: string): string {
    const table = new CfnRouteTable(this, id, { vpcId: this.vpcId });
    tagName(table, `${this.#props.name}-${name}`);
    return table.attrRouteTableId;
  }

  /** The suffix of its zone, and its id. */
  #subnet(group: SubnetGroup, { zone, cidr }: PlatformSubnet, routeTableId: string): [string, string] {
    const suffix = zoneSuffix(zone);
    const subnet = new CfnSubnet(this, `${pascal(group)}Subnet${suffix}`, {
      vpcId: this.vpcId,
      availabilityZone: zoneInRegion(zone),
      cidrBlock: cidr,
      // Load balancers and NAT gateways bring their own addresses; nothing else is reachable by accident.
      mapPublicIpOnLaunch: false,
    });
    tagName(subnet, `${this.#props.name}-${group}-${zone}`);
    new CfnSubnetRouteTableAssociation(this, `${pascal(group)}RouteTableAssociation${suffix}`, {
      subnetId: subnet.attrSubnetId,
      routeTableId,
    });
    return [suffix, subnet.attrSubnetId];
  }
}

/** What stands behind the region in the name of a zone: "a" of us-east-1a. */
const behindRegion = /^[a-z]{2,4}(?:-[a-z]+)+?-\d+(.+)$/;

function zoneSuffix(zone: string): string {
  return pascal(behindRegion.exec(zone)?.[1] ?? zone);
}

/** The zone in the region of the stack, as AWS's validator wants it: no name of a zone is written out. */
function zoneInRegion(zone: string): string {
  const [, suffix] = behindRegion.exec(zone) ?? [];
  return suffix === undefined ? zone : Fn.sub(`\${AWS::Region}${suffix}`);
}

function mapGroups<From, To>(
  groups: Readonly<Partial<Record<SubnetGroup, From>>>,
  change: (made: From) => To,
): Readonly<Partial<Record<SubnetGroup, To>>> {
  return Object.fromEntries(Object.entries(groups).map(([group, made]) => [group, change(made)]));
}
