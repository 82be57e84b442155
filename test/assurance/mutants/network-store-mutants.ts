import { resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  add,
  all,
  anything,
  carry,
  everyPort,
  getAtt,
  https,
  leaveOut,
  letIn,
  letOut,
  management,
  mutant,
  ref,
  set,
  several,
  starter,
  take,
  vpcRange,
  withEndpoints,
  withRotation,
  withTenants,
} from "./network-edits.ts";

export const storeMutants: readonly Mutant[] = [
  mutant(
    "a service that does not use the database carries its client group",
    "stores-reached-by-clients-only",
    management,
    ["services", carry("WebService", ref("ValueStoresMainClientSecurityGroup"))],
  ),
  mutant(
    "a database lets in the VPC",
    "stores-reached-by-clients-only",
    [...starter, ...management],
    [
      "data",
      letIn("MainNetworkStore", { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIp: vpcRange }),
    ],
  ),
  mutant("a cache lets in the private subnets", "stores-reached-by-clients-only", management, [
    "data",
    letIn("CacheNetworkStore", { IpProtocol: "tcp", FromPort: 6379, ToPort: 6379, CidrIp: "10.0.0.0/17" }),
  ]),
  mutant(
    "a database lets its clients in on every port",
    "stores-reached-by-clients-only",
    all,
    ["data", set("MainNetworkFromClients", everyPort)],
    ["data", letOut("MainNetworkClient", { ...anything, CidrIp: "0.0.0.0/0" })],
  ),
  mutant(
    "two databases have each other's clients",
    "stores-reached-by-clients-only",
    management,
    [
      "data",
      set("DocumentsNetworkFromClients", { SourceSecurityGroupId: getAtt("MainNetworkClient", "GroupId") }),
    ],
    ["data", letOut("MainNetworkClient", { ...anything, CidrIp: "0.0.0.0/0" })],
  ),
  mutant(
    "a tenant with a database of its own is a client of the shared one",
    "stores-reached-by-clients-only",
    starter,
    [
      "tenant-silo",
      several(
        take("SharedClient", "stores/main/client-security-group"),
        carry("AppService", ref("SharedClient")),
      ),
    ],
  ),
  mutant("a tenant's own database lets in the VPC", "silo-stores-reached-by-own-tenant-only", starter, [
    "tenant-silo",
    letIn("MainNetworkStore", { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIp: vpcRange }),
  ]),
  mutant(
    "a tenant's own database lets in all tenants of the cell",
    "silo-stores-reached-by-own-tenant-only",
    starter,
    ["tenant-silo", set("MainNetworkFromClients", { SourceSecurityGroupId: ref("CellTargetSecurityGroup") })],
  ),
  mutant(
    "a tenant's own database lets in clients of the shared one",
    "silo-stores-reached-by-own-tenant-only",
    starter,
    [
      "tenant-silo",
      several(
        take("SharedClient", "stores/main/client-security-group"),
        set("MainNetworkFromClients", { SourceSecurityGroupId: ref("SharedClient") }),
      ),
    ],
  ),
  mutant(
    "a database is publicly accessible",
    "public-subnets-hold-load-balancers-only",
    [...withTenants],
    ["data", set("MainInstance1", { PubliclyAccessible: true })],
  ),
  mutant(
    "nobody says that a database has no public address",
    "public-subnets-hold-load-balancers-only",
    management,
    ["data", leaveOut("MainInstance", "PubliclyAccessible")],
  ),
  mutant("a database stands in public subnets", "public-subnets-hold-load-balancers-only", all, [
    "data",
    several(
      take("PublicSubnets", "network/subnets/public", true),
      set("MainSubnets", { SubnetIds: ref("PublicSubnets") }),
    ),
  ]),
  mutant("the internet reaches a database", "internet-reaches-load-balancers-only", withTenants, [
    "data",
    several(
      take("PublicSubnets", "network/subnets/public", true),
      set("MainSubnets", { SubnetIds: ref("PublicSubnets") }),
      set("MainInstance1", { PubliclyAccessible: true }),
      letIn("MainNetworkStore", { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIp: "0.0.0.0/0" }),
    ),
  ]),
  mutant("a database's group lets everything out", "exits-as-defined", all, [
    "data",
    leaveOut("MainNetworkStore", "SecurityGroupEgress"),
  ]),
  mutant("the rotation may call every port", "exits-as-defined", withRotation, [
    "data",
    letOut("MainMasterRotationFunctionGroup", { ...anything, CidrIp: "0.0.0.0/0" }),
  ]),
  mutant("the rotation is reached from the VPC", "others-reached-by-nobody", withRotation, [
    "data",
    letIn("MainMasterRotationFunctionGroup", { ...anything, CidrIp: vpcRange }),
  ]),
  mutant(
    "databases that are restored for a test are reached from the VPC",
    "others-reached-by-nobody",
    management,
    [
      "operations",
      letIn("RestoreTestClosed", { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIp: vpcRange }),
    ],
  ),
];

export const outsideMutants: readonly Mutant[] = [
  mutant("a database lets in the address of an office", "groups-stay-inside", all, [
    "data",
    letIn("MainNetworkStore", { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, CidrIp: "203.0.113.7/32" }),
  ]),
  mutant("a database lets in the group of another account", "groups-stay-inside", all, [
    "data",
    letIn("MainNetworkStore", {
      IpProtocol: "tcp",
      FromPort: 5432,
      ToPort: 5432,
      SourceSecurityGroupId: "sg-0123456789abcdef0",
      SourceSecurityGroupOwnerId: "210987654321",
    }),
  ]),
  mutant("endpoints let in everybody", "groups-stay-inside", withEndpoints, [
    "foundation",
    letIn("NetworkEndpointsSecurityGroup", { ...anything, CidrIp: "0.0.0.0/0" }),
  ]),
  mutant("a list of addresses of the platform's own holds everybody", "groups-stay-inside", all, [
    "data",
    several(
      add("Friends", "AWS::EC2::PrefixList", {
        PrefixListName: "friends",
        AddressFamily: "IPv4",
        MaxEntries: 2,
        Entries: [{ Cidr: "0.0.0.0/1" }, { Cidr: "128.0.0.0/1" }],
      }),
      letIn("MainNetworkStore", {
        IpProtocol: "tcp",
        FromPort: 5432,
        ToPort: 5432,
        SourcePrefixListId: getAtt("Friends", "PrefixListId"),
      }),
    ),
  ]),
];

export const edgeMutants: readonly Mutant[] = [
  mutant("the load balancer lets in every port", "internet-reaches-load-balancers-only", withTenants, [
    "cell",
    letIn("LoadBalancerSecurityGroup", { IpProtocol: "tcp", ...everyPort, CidrIp: "0.0.0.0/0" }),
  ]),
  mutant("the load balancer lets in a port that nobody listens on", "entrance-as-defined", all, [
    "cell",
    letIn("LoadBalancerSecurityGroup", { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: "0.0.0.0/0" }),
  ]),
  mutant("everybody comes past CloudFront", "internet-reaches-load-balancers-only", management, [
    "cell",
    letIn("LoadBalancerSecurityGroup", { ...https, CidrIp: "0.0.0.0/0" }),
  ]),
  mutant("half of the internet comes past CloudFront", "internet-reaches-load-balancers-only", management, [
    "cell",
    letIn("LoadBalancerSecurityGroup", { ...https, CidrIp: "128.0.0.0/1" }),
  ]),
  mutant("CloudFront's list is that of another region", "entrance-as-defined", management, [
    "cell",
    (template) => {
      const { Properties: properties } = resourceOf(template, "LoadBalancerSecurityGroup");
      properties["SecurityGroupIngress"][0].SourcePrefixListId = "pl-4fa04526";
    },
  ]),
  mutant("the list of S3 stands in the place of CloudFront's", "entrance-as-defined", management, [
    "cell",
    (template) => {
      const { Properties: properties } = resourceOf(template, "LoadBalancerSecurityGroup");
      properties["SecurityGroupIngress"][0].SourcePrefixListId = "pl-63a5400a";
    },
  ]),
  mutant("IPv6 comes in where IPv4 does not", "ipv6-as-closed-as-ipv4", management, [
    "cell",
    letIn("LoadBalancerSecurityGroup", { ...https, CidrIpv6: "::/0" }),
  ]),
  mutant("an instance is opened to the internet", "internet-reaches-load-balancers-only", all, [
    "foundation",
    several(
      add("JumpHostGroup", "AWS::EC2::SecurityGroup", {
        GroupDescription: "Jump host",
        VpcId: getAtt("NetworkVpc", "VpcId"),
        SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 3389, ToPort: 3389, CidrIp: "0.0.0.0/0" }],
      }),
      add("JumpHost", "AWS::EC2::Instance", {
        NetworkInterfaces: [
          {
            DeviceIndex: "0",
            AssociatePublicIpAddress: true,
            SubnetId: getAtt("NetworkPublicSubnetA", "SubnetId"),
            GroupSet: [getAtt("JumpHostGroup", "GroupId")],
          },
        ],
      }),
    ),
  ]),
  mutant("a network load balancer without a group stands beside", "entrance-as-defined", all, [
    "foundation",
    add("SideDoor", "AWS::ElasticLoadBalancingV2::LoadBalancer", {
      Type: "network",
      Subnets: [getAtt("NetworkPublicSubnetA", "SubnetId")],
    }),
  ]),
];
