import { resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  add,
  all,
  getAtt,
  https,
  leaveOut,
  letOut,
  mutant,
  privateGateway,
  ref,
  remove,
  set,
  several,
  take,
} from "./network-edits.ts";

export const routeMutants: readonly Mutant[] = [
  mutant(
    "a private subnet's way out is the internet gateway",
    "public-subnets-hold-load-balancers-only",
    all,
    [
      "foundation",
      several(
        leaveOut("NetworkPrivateRouteToInternetA", "NatGatewayId"),
        set("NetworkPrivateRouteToInternetA", {
          GatewayId: getAtt("NetworkInternetGateway", "InternetGatewayId"),
        }),
      ),
    ],
  ),
  mutant("a private subnet has the public route table", "public-subnets-hold-load-balancers-only", all, [
    "foundation",
    set("NetworkPrivateRouteTableAssociationB", {
      RouteTableId: getAtt("NetworkPublicRouteTable", "RouteTableId"),
    }),
  ]),
  mutant("half of the internet is led past the NAT gateway", "public-subnets-hold-load-balancers-only", all, [
    "foundation",
    add("ShortCut", "AWS::EC2::Route", {
      RouteTableId: getAtt("NetworkPrivateRouteTableA", "RouteTableId"),
      DestinationCidrBlock: "0.0.0.0/1",
      GatewayId: getAtt("NetworkInternetGateway", "InternetGatewayId"),
    }),
  ]),
  mutant("IPv6 of a private subnet is led to the internet gateway", "ipv6-as-closed-as-ipv4", all, [
    "foundation",
    several(
      add("Ipv6Block", "AWS::EC2::VPCCidrBlock", {
        ...privateGateway,
        AmazonProvidedIpv6CidrBlock: true,
      }),
      set("NetworkPrivateSubnetA", { Ipv6CidrBlock: "2600:1f18::/64" }),
      add("Ipv6Route", "AWS::EC2::Route", {
        RouteTableId: getAtt("NetworkPrivateRouteTableA", "RouteTableId"),
        DestinationIpv6CidrBlock: "::/0",
        GatewayId: getAtt("NetworkInternetGateway", "InternetGatewayId"),
      }),
    ),
  ]),
  mutant(
    "databases have subnets of their own with a way out",
    "data-subnets-closed",
    all,
    [
      "foundation",
      (template) => {
        for (const [zone, cidr] of [
          ["A", "10.0.200.0/24"],
          ["B", "10.0.201.0/24"],
        ] as const) {
          add(`DataSubnet${zone}`, "AWS::EC2::Subnet", { ...privateGateway, CidrBlock: cidr })(template);
          add(`DataSubnetRoutes${zone}`, "AWS::EC2::SubnetRouteTableAssociation", {
            SubnetId: getAtt(`DataSubnet${zone}`, "SubnetId"),
            RouteTableId: getAtt("NetworkPrivateRouteTableA", "RouteTableId"),
          })(template);
        }
        const { Properties: shared } = resourceOf(template, "ProvideNetworkSubnetsPrivate");
        add("ProvideDataSubnets", "AWS::SSM::Parameter", {
          ...shared,
          Name: String(shared["Name"]).replace("private", "data"),
          Value: { "Fn::Join": [",", ["A", "B"].map((zone) => getAtt(`DataSubnet${zone}`, "SubnetId"))] },
        })(template);
      },
    ],
    [
      "data",
      several(
        take("DataSubnets", "network/subnets/data", true),
        set("MainSubnets", { SubnetIds: ref("DataSubnets") }),
      ),
    ],
  ),
  mutant("a route leads through a peering to somebody else's VPC", "no-ways-outside", all, [
    "foundation",
    several(
      add("Peering", "AWS::EC2::VPCPeeringConnection", {
        ...privateGateway,
        PeerVpcId: "vpc-0123456789abcdef0",
      }),
      add("PeeringRoute", "AWS::EC2::Route", {
        RouteTableId: getAtt("NetworkPrivateRouteTableA", "RouteTableId"),
        DestinationCidrBlock: "172.16.0.0/16",
        VpcPeeringConnectionId: ref("Peering"),
      }),
    ),
  ]),
  mutant("a route leads to a transit gateway", "no-ways-outside", all, [
    "foundation",
    add("OfficeRoute", "AWS::EC2::Route", {
      RouteTableId: getAtt("NetworkPrivateRouteTableA", "RouteTableId"),
      DestinationCidrBlock: "192.168.0.0/16",
      TransitGatewayId: "tgw-0123456789abcdef0",
    }),
  ]),
  mutant("a route leads to an appliance", "no-ways-outside", all, [
    "foundation",
    add("ApplianceRoute", "AWS::EC2::Route", {
      RouteTableId: getAtt("NetworkPrivateRouteTableA", "RouteTableId"),
      DestinationCidrBlock: "100.64.0.0/10",
      NetworkInterfaceId: "eni-0123456789abcdef0",
    }),
  ]),
  mutant("two VPCs with the same addresses are peered", "ranges-possible", all, [
    "foundation",
    several(
      add("SecondVpc", "AWS::EC2::VPC", { CidrBlock: "10.0.128.0/17" }),
      add("Peering", "AWS::EC2::VPCPeeringConnection", { ...privateGateway, PeerVpcId: ref("SecondVpc") }),
    ),
  ]),
  mutant("the NAT gateway stands in a private subnet", "ways-out-lead-out", all, [
    "foundation",
    set("NetworkNatGatewayA", { SubnetId: getAtt("NetworkPrivateSubnetA", "SubnetId") }),
  ]),
  mutant("a private subnet has no way out", "ways-out-lead-out", all, [
    "foundation",
    remove("NetworkPrivateRouteToInternetB"),
  ]),
  mutant("the internet gateway is not attached", "named-connections-pass", all, [
    "foundation",
    remove("NetworkInternetGatewayAttachment"),
  ]),
  mutant("a subnet has more bits than there are", "ranges-possible", all, [
    "foundation",
    set("NetworkPrivateSubnetA", { CidrBlock: "10.0.0.0/33" }),
  ]),
  mutant("a subnet is outside of its VPC", "ranges-possible", all, [
    "foundation",
    set("NetworkPrivateSubnetA", { CidrBlock: "10.1.0.0/24" }),
  ]),
  mutant("two subnets share addresses", "ranges-possible", all, [
    "foundation",
    add("TwinSubnet", "AWS::EC2::Subnet", { ...privateGateway, CidrBlock: "10.0.0.0/18" }),
  ]),
  mutant("a range has bits behind its prefix", "ranges-possible", all, [
    "cell",
    letOut("LoadBalancerTargetSecurityGroup", { ...https, CidrIp: "10.0.0.5/16" }),
  ]),
];

export const vpnMutant = mutant("routes of a VPN come by themselves", "no-ways-outside", all, [
  "foundation",
  several(
    add("OfficeGateway", "AWS::EC2::VPNGateway", { Type: "ipsec.1" }),
    add("OfficeRoutes", "AWS::EC2::VPNGatewayRoutePropagation", {
      RouteTableIds: [getAtt("NetworkPrivateRouteTableA", "RouteTableId")],
      VpnGatewayId: ref("OfficeGateway"),
    }),
  ),
]);
