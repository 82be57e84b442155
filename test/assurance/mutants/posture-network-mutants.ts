import { resourceOf, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import { broken, development, firstOf, management, silos, staging, starter } from "./posture-broken.ts";

export const networkMutants: readonly Mutant[] = [
  broken(
    "the VPC has a prefix of 33",
    "cidrs-valid",
    [silos, management, starter],
    "foundation",
    (template) => {
      firstOf(template, "AWS::EC2::VPC").Properties["CidrBlock"] = "10.0.0.0/33";
    },
  ),
  broken(
    "a range of a network ACL has bits behind its prefix",
    "cidrs-valid",
    [silos],
    "foundation",
    (template) => {
      firstOf(template, "AWS::EC2::NetworkAclEntry").Properties["CidrBlock"] = "10.0.1.7/24";
    },
  ),
  broken("an octet is 256", "cidrs-valid", [starter], "cell", (template) => {
    firstOf(template, "AWS::EC2::SecurityGroup").Properties["SecurityGroupIngress"] = [
      { CidrIp: "10.0.256.0/24", IpProtocol: "tcp", FromPort: 443, ToPort: 443 },
    ];
  }),
  broken("two subnets overlap", "subnets-apart", [silos, development], "foundation", (template) => {
    const [first, second] = resourcesOfType(template, "AWS::EC2::Subnet");
    if (first !== undefined && second !== undefined)
      second[1].Properties["CidrBlock"] = first[1].Properties["CidrBlock"];
  }),
  broken(
    "a subnet is outside of its VPC",
    "subnets-apart",
    [management],
    "recovery-foundation",
    (template) => {
      firstOf(template, "AWS::EC2::Subnet").Properties["CidrBlock"] = "10.9.0.0/24";
    },
  ),
  broken(
    "one NAT gateway serves three zones",
    "zones-as-asked",
    [silos, starter],
    "foundation",
    (template) => {
      const [first, ...others] = resourcesOfType(template, "AWS::EC2::NatGateway").map(([id]) => id);
      for (const [, route] of resourcesOfType(template, "AWS::EC2::Route"))
        if (route.Properties["NatGatewayId"] !== undefined) route.Properties["NatGatewayId"] = { Ref: first };
      for (const id of others) delete template.Resources[id];
    },
  ),
  broken(
    "a zone's private subnet goes out through another zone",
    "zones-as-asked",
    [management],
    "foundation",
    (template) => {
      const routes = resourcesOfType(template, "AWS::EC2::Route").filter(
        ([, one]) => one.Properties["NatGatewayId"] !== undefined,
      );
      const [first, second] = routes;
      if (first !== undefined && second !== undefined)
        second[1].Properties["NatGatewayId"] = first[1].Properties["NatGatewayId"];
    },
  ),
  broken(
    "a database that is asked for in two zones stands in one",
    "zones-as-asked",
    [management],
    "data",
    (template) => {
      resourceOf(template, "MainInstance").Properties["MultiAZ"] = false;
    },
  ),
  broken("the standby of a cluster is left out", "zones-as-asked", [silos], "data", (template) => {
    delete template.Resources["MainInstance2"];
    for (const resource of Object.values(template.Resources))
      if (Array.isArray(resource["DependsOn"]))
        resource["DependsOn"] = resource["DependsOn"].filter((id) => id !== "MainInstance2");
  }),
  broken("a service may shrink to one task", "zones-as-asked", [silos], "tenant-silo", (template) => {
    firstOf(template, "AWS::ApplicationAutoScaling::ScalableTarget").Properties["MinCapacity"] = 1;
  }),
];

export const edgeMutants: readonly Mutant[] = [
  broken(
    "port 80 forwards instead of redirecting",
    "listeners-use-tls",
    [silos, starter],
    "cell",
    (template) => {
      resourceOf(template, "ListenersRedirect").Properties["DefaultActions"] = [
        { Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } },
      ];
    },
  ),
  broken("a listener takes TLS 1.0", "tls-modern", [silos, management, starter], "cell", (template) => {
    resourceOf(template, "ListenersHttps").Properties["SslPolicy"] = "ELBSecurityPolicy-2016-08";
  }),
  broken(
    "a listener takes TLS 1.2 where 1.3 is asked for",
    "tls-modern",
    [management],
    "recovery-cell",
    (template) => {
      resourceOf(template, "ListenersHttps").Properties["SslPolicy"] = "ELBSecurityPolicy-TLS13-1-2-2021-06";
    },
  ),
  broken(
    "CloudFront speaks HTTP with the load balancer",
    "tls-modern",
    [management, staging],
    "edge-global",
    (template) => {
      const { DistributionConfig } = resourceOf(template, "Distribution").Properties;
      DistributionConfig.Origins[0].CustomOriginConfig.OriginProtocolPolicy = "match-viewer";
    },
  ),
  broken(
    "the database takes plain connections",
    "databases-require-tls",
    [silos, management, starter],
    "data",
    (template) => {
      resourceOf(template, "MainParameters").Properties["Parameters"]["rds.force_ssl"] = "0";
    },
  ),
  broken(
    "the cache takes plain connections beside TLS",
    "databases-require-tls",
    [management],
    "data",
    (template) => {
      resourceOf(template, "CacheReplicationGroup").Properties["TransitEncryptionMode"] = "preferred";
    },
  ),
  broken(
    "the load balancer writes no access logs",
    "load-balancers-hardened",
    [silos, management, starter],
    "cell",
    (template) => {
      const attributes = resourceOf(template, "LoadBalancer").Properties["LoadBalancerAttributes"];
      for (const attribute of attributes)
        if (attribute.Key === "access_logs.s3.enabled") attribute.Value = "false";
    },
  ),
  broken("a rule group of the web ACL only counts", "firewall-as-asked", [silos], "edge", (template) => {
    const rules = firstOf(template, "AWS::WAFv2::WebACL").Properties["Rules"];
    const managed = rules.find(
      (rule: { Statement: object }) => "ManagedRuleGroupStatement" in rule.Statement,
    );
    managed.OverrideAction = { Count: {} };
  }),
  broken("the web ACL stands in front of nothing", "firewall-as-asked", [silos], "cell-watch", (template) => {
    for (const [id] of resourcesOfType(template, "AWS::WAFv2::WebACLAssociation"))
      delete template.Resources[id];
  }),
  broken(
    "the distribution has no web ACL",
    "firewall-as-asked",
    [management, staging],
    "edge-global",
    (template) => {
      delete resourceOf(template, "Distribution").Properties["DistributionConfig"].WebACLId;
    },
  ),
];
