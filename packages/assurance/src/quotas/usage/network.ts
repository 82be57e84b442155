import type { Data, Resource } from "../../artifacts/shipment.ts";
import { isFlag, listAt, numberAt, textAt, valueAt } from "../../posture/read-value.ts";
import {
  type Container,
  containerNamed,
  containerOf,
  regionOf,
  type StackView,
  type Use,
} from "./stack-view.ts";

const vpc = "AWS::EC2::VPC";
const groupType = "AWS::EC2::SecurityGroup";

/** What a VPC holds, by the type of it. */
const inVpc: Readonly<Record<string, string>> = {
  "AWS::EC2::Subnet": "subnets-per-vpc",
  "AWS::EC2::RouteTable": "route-tables-per-vpc",
  "AWS::EC2::NetworkAcl": "network-acls-per-vpc",
};

export function networkUses(view: StackView): readonly Use[] {
  return [
    ...Object.entries(inVpc).flatMap(([type, quota]) =>
      view.ofType(type).flatMap((one) => named(view, quota, one, one.properties["VpcId"], vpc)),
    ),
    ...view
      .ofType("AWS::EC2::Route")
      .flatMap((route) =>
        named(
          view,
          "routes-per-route-table",
          route,
          route.properties["RouteTableId"],
          "AWS::EC2::RouteTable",
        ),
      ),
    ...view.ofType("AWS::EC2::NatGateway").flatMap((gateway) => natGateway(view, gateway)),
    ...view.ofType("AWS::EC2::VPCEndpoint").flatMap((endpoint) => endpointUses(view, endpoint)),
    ...view.ofType("AWS::EC2::NetworkAcl").flatMap(defaultDeny),
    ...view.ofType("AWS::EC2::NetworkAclEntry").flatMap((entry) => aclEntry(view, entry)),
    ...securityRules(view),
  ];
}

function named(
  view: StackView,
  quota: string,
  { key }: Resource,
  value: Data | undefined,
  ...types: readonly string[]
): readonly Use[] {
  const container = containerNamed(view, quota, key, value, ...types);
  return container === null ? [] : [{ quota, container, amount: 1, by: key }];
}

function natGateway(view: StackView, { key, properties }: Resource): readonly Use[] {
  const subnet = view.find(properties["SubnetId"], "AWS::EC2::Subnet");
  const zone = textAt(subnet?.properties, "AvailabilityZone");
  if (zone === undefined) {
    view.miss("nat-gateways-per-zone", key, "the availability zone of its subnet");
    return [];
  }
  const container: Container = { key: `zone ${zone}`, subject: zone, level: "region" };
  return [{ quota: "nat-gateways-per-zone", container, amount: 1, by: key }];
}

function endpointUses(view: StackView, endpoint: Resource): readonly Use[] {
  const kind = textAt(endpoint.properties, "VpcEndpointType") ?? "Gateway";
  if (kind !== "Gateway")
    return named(view, "interface-endpoints-per-vpc", endpoint, endpoint.properties["VpcId"], vpc);
  return [{ quota: "gateway-endpoints", container: regionOf(view), amount: 1, by: endpoint.key }];
}

interface Direction {
  readonly way: "inbound" | "outbound";
  readonly versions: readonly (4 | 6)[];
}

/** A container for each direction and IP version, which AWS counts apart. */
function sided(container: Container, { way, versions }: Direction): readonly Container[] {
  return versions.map((version) => ({
    ...container,
    key: `${container.key} ${way} IPv${version}`,
  }));
}

/** A network ACL ends with a rule of its own in each direction, which counts. */
function defaultDeny(acl: Resource): readonly Use[] {
  return (["inbound", "outbound"] as const).flatMap((way) =>
    sided(containerOf(acl), { way, versions: [4, 6] }).map((container) => ({
      quota: "rules-per-network-acl",
      container,
      amount: 1,
      by: acl.key,
    })),
  );
}

function aclEntry(view: StackView, { key, properties }: Resource): readonly Use[] {
  const quota = "rules-per-network-acl";
  const acl = containerNamed(view, quota, key, properties["NetworkAclId"], "AWS::EC2::NetworkAcl");
  if (acl === null) return [];
  const direction: Direction = {
    way: isFlag(properties["Egress"], true) ? "outbound" : "inbound",
    versions: [textAt(properties, "Ipv6CidrBlock") === undefined ? 4 : 6],
  };
  return sided(acl, direction).map((container) => ({ quota, container, amount: 1, by: key }));
}

/**
 * Rules of security groups, wherever they are written: in the group, or beside it for a group of another stack. A rule that
 * names a security group counts for both IP versions, one that names a prefix list as many times as the list is long.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
function securityRules(view: StackView): readonly Use[] {
  const inside = view.ofType(groupType).flatMap((group) =>
    (
      [
        ["SecurityGroupIngress", "inbound"],
        ["SecurityGroupEgress", "outbound"],
      ] as const
    ).flatMap(([property, way]) =>
      listAt(group.properties, property).map((rule) => ({
        rule,
        way,
        by: group.key,
        group: containerOf(group),
      })),
    ),
  );
  const beside = (
    [
      ["AWS::EC2::SecurityGroupIngress", "inbound"],
      ["AWS::EC2::SecurityGroupEgress", "outbound"],
    ] as const
  ).flatMap(([type, way]) =>
    view.ofType(type).flatMap(({ key, properties }) => {
      const group = containerNamed(view, "rules-per-security-group", key, properties["GroupId"], groupType);
      return group === null ? [] : [{ rule: properties as Data, way, by: key, group }];
    }),
  );
  return [...inside, ...beside].flatMap(({ rule, way, by, group }) =>
    sided(group, { way, versions: versionsOf(rule) }).map((container) => ({
      quota: "rules-per-security-group",
      container,
      amount: weightOf(view, rule, way),
      by,
    })),
  );
}

function versionsOf(rule: Data): readonly (4 | 6)[] {
  if (valueAt(rule, "CidrIp") !== undefined) return [4];
  return valueAt(rule, "CidrIpv6") === undefined ? [4, 6] : [6];
}

/**
 * The weight of CloudFront's list, the largest of those from which calls come. Of those to which calls go, the lists of the
 * gateway endpoints have a weight of 1.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
const managedListWeight = { inbound: 55, outbound: 1 } as const;

function weightOf(view: StackView, rule: Data, way: Direction["way"]): number {
  const list = valueAt(rule, way === "inbound" ? "SourcePrefixListId" : "DestinationPrefixListId");
  if (list === undefined) return 1;
  const own = view.find(list, "AWS::EC2::PrefixList");
  return Math.max(1, numberAt(own?.properties, "MaxEntries") ?? managedListWeight[way]);
}
