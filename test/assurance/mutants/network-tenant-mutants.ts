import type { ShippedFiles } from "@tenantry/assurance";
import { assert } from "@tenantry/base";
import { editJson } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  aclEntries,
  add,
  all,
  anything,
  carry,
  editProperties,
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
  silos,
  starter,
  take,
  vpcRange,
  withEndpoints,
  withTenants,
} from "./network-edits.ts";

export const tenantMutants: readonly Mutant[] = [
  mutant("a tenant's group lets in the whole VPC", "tenants-apart", withTenants, [
    "tenant-silo",
    letIn("AppServiceSecurityGroup", { ...anything, CidrIp: vpcRange }),
  ]),
  mutant("a tenant's group lets in ten million addresses on a high port", "tenants-apart", withTenants, [
    "tenant-silo",
    letIn("AppServiceSecurityGroup", {
      IpProtocol: "udp",
      FromPort: 5000,
      ToPort: 6000,
      CidrIp: "10.0.0.0/8",
    }),
  ]),
  mutant("a tenant's group lets in whatever the load balancer reaches", "tenants-apart", withTenants, [
    "tenant-silo",
    letIn("AppServiceSecurityGroup", {
      ...anything,
      SourceSecurityGroupId: ref("CellTargetSecurityGroup"),
    }),
  ]),
  mutant("the source of a tenant's rule is the target group", "tenant-groups-name-own-only", withTenants, [
    "tenant-silo",
    set("AppServiceSecurityGroupFromLoadBalancer", { SourceSecurityGroupId: ref("CellTargetSecurityGroup") }),
  ]),
  mutant("the target group lets in itself", "carried-groups-let-nothing-in", all, [
    "cell",
    add("TargetsAmongThemselves", "AWS::EC2::SecurityGroupIngress", {
      ...anything,
      GroupId: getAtt("LoadBalancerTargetSecurityGroup", "GroupId"),
      SourceSecurityGroupId: getAtt("LoadBalancerTargetSecurityGroup", "GroupId"),
    }),
  ]),
  mutant("tenants reach one another by the target group", "tenants-apart", withTenants, [
    "cell",
    letIn("LoadBalancerTargetSecurityGroup", { IpProtocol: "tcp", ...everyPort, CidrIp: vpcRange }),
  ]),
  mutant(
    "the client group of a database lets in its carriers",
    "carried-groups-let-nothing-in",
    [...silos, ...management],
    [
      "data",
      add("ClientsAmongThemselves", "AWS::EC2::SecurityGroupIngress", {
        ...https,
        GroupId: getAtt("MainNetworkClient", "GroupId"),
        SourceSecurityGroupId: getAtt("MainNetworkClient", "GroupId"),
      }),
    ],
  ),
  mutant(
    "the client group of a tenant's own database lets in the VPC",
    "carried-groups-let-nothing-in",
    starter,
    ["tenant-silo", letIn("MainNetworkClient", { ...https, CidrIp: vpcRange })],
  ),
  mutant("a tenant's group lets in everybody", "tenant-groups-name-own-only", withTenants, [
    "tenant-silo",
    letIn("AppServiceSecurityGroup", { ...https, CidrIp: "0.0.0.0/0" }),
  ]),
  mutant("a tenant's group lets in everybody of IPv6", "tenant-groups-name-own-only", withTenants, [
    "tenant-silo",
    letIn("AppServiceSecurityGroup", { ...https, CidrIpv6: "::/0" }),
  ]),
  mutant(
    "a tenant's group lets in CloudFront past the load balancer",
    "tenant-groups-name-own-only",
    withTenants,
    ["tenant-silo", letIn("AppServiceSecurityGroup", { ...https, SourcePrefixListId: "pl-3b927c52" })],
  ),
  mutant(
    "a tenant's group lets in a group that no template makes",
    "tenant-groups-name-own-only",
    withTenants,
    [
      "tenant-silo",
      letIn("AppServiceSecurityGroup", { ...https, SourceSecurityGroupId: "sg-0123456789abcdef0" }),
    ],
  ),
  mutant(
    "a tenant's stack lets itself into the shared store",
    "tenant-stacks-change-own-network-only",
    silos,
    [
      "tenant-silo",
      several(
        take("SharedStore", "stores/main/client-security-group"),
        add("IntoTheStore", "AWS::EC2::SecurityGroupIngress", {
          IpProtocol: "tcp",
          FromPort: 5432,
          ToPort: 5432,
          GroupId: ref("SharedStore"),
          SourceSecurityGroupId: getAtt("AppServiceSecurityGroup", "GroupId"),
        }),
      ),
    ],
  ),
  mutant(
    "a tenant's stack opens the target group of its cell",
    "tenant-stacks-change-own-network-only",
    withTenants,
    [
      "tenant-silo",
      add("IntoTheTargets", "AWS::EC2::SecurityGroupIngress", {
        ...anything,
        GroupId: ref("CellTargetSecurityGroup"),
        SourceSecurityGroupId: getAtt("AppServiceSecurityGroup", "GroupId"),
      }),
    ],
  ),
  mutant("a tenant's stack adds a subnet to the VPC", "tenant-stacks-change-own-network-only", withTenants, [
    "tenant-silo",
    add("OwnSubnet", "AWS::EC2::Subnet", { VpcId: ref("ValueNetworkVpcId"), CidrBlock: "10.0.250.0/24" }),
  ]),
  mutant("a tenant's tasks carry the group of the load balancer", "tenants-apart", withTenants, [
    "tenant-silo",
    carry("AppService", ref("CellLoadBalancerSecurityGroup")),
  ]),
  {
    name: "one tenant's rule names the load balancer of another cell",
    theme: "network",
    rule: "network/tenant-groups-name-own-only",
    platforms: silos,
    mutate: (files) => inOtherCell(files, "CellLoadBalancerSecurityGroup"),
  },
  {
    name: "one tenant is behind the load balancer of another cell",
    theme: "network",
    rule: "network/tasks-reached-by-callers-only",
    platforms: silos,
    mutate: (files) => inOtherCell(files, "CellLoadBalancerSecurityGroup", "CellTargetSecurityGroup"),
  },
];

/** Adds a second cell, and gives one tenant of the first some of its values. */
function inOtherCell(files: ShippedFiles, ...parameters: readonly string[]): ShippedFiles {
  interface Stack {
    id: string;
    area: string;
    stackName: string;
    parameters: Record<string, { kind: string; value?: string }>;
  }
  const added = editJson<{ stacks: Stack[] }>(files, "cloudformation/manifest.json", ({ stacks }) => {
    const first = stacks.find(({ id }) => id === "cell-1");
    assert(first !== undefined, "there is no first cell");
    const text = JSON.stringify(first).replaceAll("cell-1", "cell-2");
    const second = JSON.parse(text) as Stack;
    second.parameters["Cell"] = { kind: "literal", value: "2" };
    stacks.splice(stacks.indexOf(first) + 1, 0, second);
  });
  interface Placement {
    tenants: Record<string, { stacks: { parameters: Record<string, string> }[] }>;
  }
  return editJson<Placement>(added, "placement.json", ({ tenants }) => {
    const [stack] = tenants["globex-inc"]?.stacks ?? [];
    assert(stack !== undefined, "there is no tenant globex-inc");
    for (const name of parameters) {
      stack.parameters[name] = stack.parameters[name]?.replace("/cells/1/", "/cells/2/") ?? "";
    }
  });
}

export const serviceMutants: readonly Mutant[] = [
  mutant(
    "the load balancer reaches tasks on every port",
    "tasks-reached-by-callers-only",
    withTenants,
    ["tenant-silo", set("AppServiceSecurityGroupFromLoadBalancer", everyPort)],
    [
      "cell",
      letOut("LoadBalancerSecurityGroup", {
        IpProtocol: "tcp",
        ...everyPort,
        DestinationSecurityGroupId: getAtt("LoadBalancerTargetSecurityGroup", "GroupId"),
      }),
    ],
    [
      "foundation",
      (template) => {
        for (const [, properties] of aclEntries(template, "NetworkAclsPrivate", false)) {
          if (properties["RuleNumber"] === 1000) properties["PortRange"] = { From: 0, To: 65_535 };
        }
      },
    ],
  ),
  mutant("the load balancer's group lets out every port of targets", "exits-as-defined", all, [
    "cell",
    letOut("LoadBalancerSecurityGroup", {
      IpProtocol: "tcp",
      ...everyPort,
      DestinationSecurityGroupId: getAtt("LoadBalancerTargetSecurityGroup", "GroupId"),
    }),
  ]),
  mutant("the load balancer's group lets everything out", "exits-as-defined", all, [
    "cell",
    leaveOut("LoadBalancerSecurityGroup", "SecurityGroupEgress"),
  ]),
  mutant("a service lets in another that it does not name", "tasks-reached-by-callers-only", management, [
    "services",
    add("WebFromApi", "AWS::EC2::SecurityGroupIngress", {
      IpProtocol: "tcp",
      FromPort: 8080,
      ToPort: 8080,
      GroupId: getAtt("WebServiceSecurityGroup", "GroupId"),
      SourceSecurityGroupId: getAtt("ApiServiceSecurityGroup", "GroupId"),
    }),
  ]),
  mutant("a service lets its caller in on every port", "tasks-reached-by-callers-only", management, [
    "services",
    set("ApiServiceSecurityGroupFromWeb", { IpProtocol: "-1" }),
  ]),
  mutant("tasks of a shared service are reached from the VPC", "tasks-reached-by-callers-only", starter, [
    "services",
    letIn("AppServiceSecurityGroup", { ...anything, CidrIp: "10.0.0.0/8" }),
  ]),
  mutant("tasks get public addresses", "public-subnets-hold-load-balancers-only", withTenants, [
    "tenant-silo",
    editProperties("AppService", (properties) => {
      const text = JSON.stringify(properties["NetworkConfiguration"]);
      properties["NetworkConfiguration"] = JSON.parse(text.replace("DISABLED", "ENABLED"));
    }),
  ]),
  mutant("tasks stand in public subnets", "public-subnets-hold-load-balancers-only", withTenants, [
    "tenant-silo",
    several(
      take("PublicSubnets", "network/subnets/public", true),
      editProperties("AppService", (properties) => {
        const text = JSON.stringify(properties["NetworkConfiguration"]);
        properties["NetworkConfiguration"] = JSON.parse(
          text.replace("ValueNetworkSubnetsPrivate", "PublicSubnets"),
        );
      }),
    ),
  ]),
  mutant("tasks name no group", "default-groups-unused", withTenants, [
    "tenant-silo",
    editProperties("AppService", (properties) => {
      const network = properties["NetworkConfiguration"] as { AwsvpcConfiguration: object };
      Reflect.deleteProperty(network.AwsvpcConfiguration, "SecurityGroups");
    }),
  ]),
  mutant("the load balancer names no group", "default-groups-unused", all, [
    "cell",
    leaveOut("LoadBalancer", "SecurityGroups"),
  ]),
  mutant("endpoints name no group", "default-groups-unused", withEndpoints, [
    "foundation",
    leaveOut("NetworkEndpointsKms", "SecurityGroupIds"),
  ]),
];
