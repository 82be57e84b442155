import { resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  aclEntries,
  add,
  all,
  anything,
  editProperties,
  getAtt,
  isAnswer,
  leaveOut,
  letIn,
  management,
  mutant,
  remove,
  set,
  swapNumbers,
  vpcRange,
  withEndpoints,
  withTenants,
} from "./network-edits.ts";

export const aclMutants: readonly Mutant[] = [
  mutant("a deny comes after the allow of everything", "acl-entries-in-order", all, [
    "foundation",
    swapNumbers("NetworkAclsPrivate", true, 9000, 10_000),
  ]),
  mutant("the deny of the VPC comes after the answers of the internet", "acl-entries-in-order", all, [
    "foundation",
    swapNumbers("NetworkAclsPrivate", false, 9000, 10_000),
  ]),
  mutant("two entries have the same number", "acl-entries-in-order", all, [
    "foundation",
    (template) => {
      const [first, second] = aclEntries(template, "NetworkAclsPrivate", false);
      if (first !== undefined && second !== undefined) second[1]["RuleNumber"] = first[1]["RuleNumber"];
    },
  ]),
  mutant("an ACL begins with letting everything in", "acls-let-in-what-is-listened-for", all, [
    "foundation",
    add("Everything", "AWS::EC2::NetworkAclEntry", {
      NetworkAclId: getAtt("NetworkAclsPrivate", "Id"),
      RuleNumber: 50,
      RuleAction: "allow",
      Protocol: -1,
      CidrBlock: "0.0.0.0/0",
      Egress: false,
    }),
  ]),
  mutant("an ACL lets SSH in from the VPC", "acls-let-in-what-is-listened-for", all, [
    "foundation",
    add("Ssh", "AWS::EC2::NetworkAclEntry", {
      NetworkAclId: getAtt("NetworkAclsPrivate", "Id"),
      RuleNumber: 50,
      RuleAction: "allow",
      Protocol: 6,
      PortRange: { From: 22, To: 22 },
      CidrBlock: vpcRange,
      Egress: false,
    }),
  ]),
  mutant("a subnet has the default ACL", "acls-let-in-what-is-listened-for", all, [
    "foundation",
    remove("NetworkAclsPrivateSubnetA"),
  ]),
  mutant("the answers of tasks do not come back to the load balancer", "named-connections-pass", all, [
    "foundation",
    (template) => {
      for (const [id, properties] of aclEntries(template, "NetworkAclsPrivate", true)) {
        const isToPublic = Number(properties["RuleNumber"]) < 2000;
        if (isAnswer(properties) && isToPublic) delete template.Resources[id];
      }
    },
  ]),
  mutant("answers come back on half of the ports only", "named-connections-pass", all, [
    "foundation",
    (template) => {
      for (const [, properties] of aclEntries(template, "NetworkAclsPrivate", true)) {
        if (isAnswer(properties)) properties["PortRange"] = { From: 1024, To: 32_767 };
      }
    },
  ]),
  mutant("the internet's answers do not come back through the NAT gateway", "ways-out-lead-out", all, [
    "foundation",
    (template) => {
      for (const [id, properties] of aclEntries(template, "NetworkAclsPrivate", false)) {
        if (isAnswer(properties) && properties["CidrBlock"] === "0.0.0.0/0") delete template.Resources[id];
      }
    },
  ]),
  mutant("an ACL has no entries", "named-connections-pass", all, [
    "foundation",
    (template) => {
      for (const isEgress of [true, false]) {
        for (const [id] of aclEntries(template, "NetworkAclsPrivate", isEgress))
          delete template.Resources[id];
      }
    },
  ]),
  mutant("an ACL lets IPv6 through where it lets no IPv4", "ipv6-as-closed-as-ipv4", all, [
    "foundation",
    add("Ipv6", "AWS::EC2::NetworkAclEntry", {
      NetworkAclId: getAtt("NetworkAclsPrivate", "Id"),
      RuleNumber: 60,
      RuleAction: "allow",
      Protocol: -1,
      Ipv6CidrBlock: "::/0",
      Egress: false,
    }),
  ]),
];

export const needlessMutants: readonly Mutant[] = [
  mutant("nothing denies the private subnets to the public ones", "acl-flows-as-needed", all, [
    "foundation",
    remove("NetworkAclsPrivateInbound9000"),
  ]),
  mutant("nothing denies the public subnets to the private ones", "acl-flows-as-needed", all, [
    "foundation",
    remove("NetworkAclsPrivateOutbound9000"),
  ]),
  mutant("a tenant's rule has one port more than the service", "groups-let-in-listened-ports", withTenants, [
    "tenant-silo",
    editProperties("AppServiceSecurityGroupFromLoadBalancer", (properties) => {
      properties["ToPort"] = Number(properties["ToPort"]) + 1;
    }),
  ]),
  mutant("a cache's rule is for another port", "groups-let-in-listened-ports", management, [
    "data",
    set("CacheNetworkFromClients", { FromPort: 6380, ToPort: 6380 }),
  ]),
  mutant("endpoints take every protocol from the VPC", "groups-let-in-listened-ports", withEndpoints, [
    "foundation",
    letIn("NetworkEndpointsSecurityGroup", { ...anything, CidrIp: vpcRange }),
  ]),
  mutant(
    "a public subnet gives addresses to whatever starts",
    "public-subnets-hold-load-balancers-only",
    all,
    ["foundation", set("NetworkPublicSubnetA", { MapPublicIpOnLaunch: true })],
  ),
  mutant("the endpoint of S3 is gone", "endpoint-policies-confine", all, [
    "foundation",
    remove("NetworkEndpointsS3"),
  ]),
  mutant("the endpoint of S3 stands in no route table", "endpoint-policies-confine", all, [
    "foundation",
    leaveOut("NetworkEndpointsS3", "RouteTableIds"),
  ]),
];

export const endpointMutants: readonly Mutant[] = [
  mutant("an endpoint has AWS's own policy", "endpoint-policies-confine", all, [
    "foundation",
    leaveOut("NetworkEndpointsS3", "PolicyDocument"),
  ]),
  mutant("an endpoint lets callers of every account pass", "endpoint-policies-confine", all, [
    "foundation",
    (template) => {
      const { Properties: properties } = resourceOf(template, "NetworkEndpointsS3");
      delete properties["PolicyDocument"].Statement[0].Condition;
    },
  ]),
  mutant("an endpoint lets out to buckets of every account", "endpoint-policies-confine", all, [
    "foundation",
    (template) => {
      const { Properties: properties } = resourceOf(template, "NetworkEndpointsS3");
      delete properties["PolicyDocument"].Statement[0].Condition.StringEquals["aws:ResourceAccount"];
    },
  ]),
  mutant("the statement for image layers names every bucket", "endpoint-policies-confine", all, [
    "foundation",
    (template) => {
      const { Properties: properties } = resourceOf(template, "NetworkEndpointsS3");
      properties["PolicyDocument"].Statement[1].Resource = "arn:aws:s3:::*";
    },
  ]),
  mutant("an endpoint's account may be any", "endpoint-policies-confine", withEndpoints, [
    "foundation",
    (template) => {
      const { Properties: properties } = resourceOf(template, "NetworkEndpointsKms");
      const [statement] = properties["PolicyDocument"].Statement;
      statement.Condition = { StringLike: statement.Condition.StringEquals };
    },
  ]),
  mutant("nothing records the flows of the VPC", "flow-logs-kept", all, [
    "foundation",
    remove("NetworkFlowLogsFlowLog"),
  ]),
  mutant("only refused flows are recorded", "flow-logs-kept", all, [
    "foundation",
    set("NetworkFlowLogsFlowLog", { TrafficType: "REJECT" }),
  ]),
];
