import type { Mutant } from "./mutant.ts";
import {
  everywhere,
  first,
  foundation,
  management,
  repeat,
  silos,
  silosProduction,
  smallSubnets,
  template,
  tenant,
} from "./quotas-edits.ts";

const addressed: readonly Mutant[] = [
  {
    name: "private subnets of eleven addresses",
    theme: "quotas",
    rule: "quotas/addresses-per-subnet",
    platforms: [...silosProduction, ...management],
    mutate: foundation((content) => smallSubnets(content, "Private", 28)),
  },
  {
    name: "a public subnet too small for a load balancer to scale in",
    theme: "quotas",
    rule: "quotas/addresses-per-subnet",
    platforms: everywhere,
    mutate: foundation((content) => smallSubnets(content, "PublicSubnetB", 29)),
  },
  {
    name: "sixty more rules in the security group of the load balancer",
    theme: "quotas",
    rule: "quotas/rules-per-security-group",
    platforms: everywhere,
    mutate: template("cell", (content) => {
      const group = first(content, "AWS::EC2::SecurityGroup", "LoadBalancerSecurityGroup");
      for (let port = 1; port <= 60; port += 1)
        group.Properties["SecurityGroupIngress"].push({
          CidrIp: "203.0.113.0/24",
          IpProtocol: "tcp",
          FromPort: port,
          ToPort: port,
        });
    }),
  },
  {
    name: "every tenant writes twenty rules into the load balancer's group from its own stack",
    theme: "quotas",
    rule: "quotas/rules-per-security-group",
    platforms: silos,
    mutate: tenant((content) => {
      for (let port = 1; port <= 20; port += 1)
        content.Resources[`Opened${port}`] = {
          Type: "AWS::EC2::SecurityGroupIngress",
          Properties: {
            GroupId: { Ref: "CellLoadBalancerSecurityGroup" },
            SourceSecurityGroupId: { "Fn::GetAtt": ["AppServiceSecurityGroup", "GroupId"] },
            IpProtocol: "tcp",
            FromPort: port,
            ToPort: port,
          },
        };
    }),
  },
  {
    name: "CloudFront's prefix list is let in twice",
    theme: "quotas",
    rule: "quotas/rules-per-security-group",
    platforms: management,
    mutate: template("cell", (content) => {
      const group = first(content, "AWS::EC2::SecurityGroup", "LoadBalancerSecurityGroup");
      const [rule] = group.Properties["SecurityGroupIngress"];
      group.Properties["SecurityGroupIngress"].push({ ...rule, FromPort: 80, ToPort: 80 });
    }),
  },
  {
    name: "tasks carry six security groups",
    theme: "quotas",
    rule: "quotas/security-groups-per-interface",
    platforms: [...silos, ["starter", "production"]],
    mutate: tenant((content) => {
      const { AwsvpcConfiguration: vpc } = first(content, "AWS::ECS::Service").Properties[
        "NetworkConfiguration"
      ];
      vpc.SecurityGroups.push("sg-1", "sg-2", "sg-3");
    }),
  },
  {
    name: "twenty rules more in a network ACL",
    theme: "quotas",
    rule: "quotas/rules-per-network-acl",
    platforms: everywhere,
    mutate: foundation((content) =>
      repeat(content, "AWS::EC2::NetworkAclEntry", 20, (copy, index) => {
        copy.Properties["RuleNumber"] = 20_000 + index;
      }),
    ),
  },
  {
    name: "three more addresses for nobody",
    theme: "quotas",
    rule: "quotas/elastic-ips",
    platforms: [...silos, ["starter", "production"]],
    mutate: foundation((content) => repeat(content, "AWS::EC2::EIP", 3)),
  },
  {
    name: "six NAT gateways in one zone",
    theme: "quotas",
    rule: "quotas/nat-gateways-per-zone",
    platforms: everywhere,
    mutate: foundation((content) => repeat(content, "AWS::EC2::NatGateway", 5)),
  },
  {
    name: "six VPCs",
    theme: "quotas",
    rule: "quotas/vpcs",
    platforms: everywhere,
    mutate: foundation((content) => repeat(content, "AWS::EC2::VPC", 5)),
  },
  {
    name: "fifty more interface endpoints",
    theme: "quotas",
    rule: "quotas/interface-endpoints-per-vpc",
    platforms: [...silosProduction, ...management],
    mutate: foundation((content) =>
      repeat(content, "AWS::EC2::VPCEndpoint", 50, (copy) => {
        copy.Properties["VpcEndpointType"] = "Interface";
      }),
    ),
  },
];

const routed: readonly Mutant[] = [
  {
    name: "every tenant has thirty-four rules",
    theme: "quotas",
    rule: "quotas/rules-per-load-balancer",
    platforms: silos,
    mutate: tenant((content) => repeat(content, "AWS::ElasticLoadBalancingV2::ListenerRule", 33)),
  },
  {
    name: "every tenant has nine certificates",
    theme: "quotas",
    rule: "quotas/certificates-per-load-balancer",
    platforms: silosProduction,
    mutate: tenant((content) => repeat(content, "AWS::ElasticLoadBalancingV2::ListenerCertificate", 8)),
  },
  {
    name: "a rule asks for six values",
    theme: "quotas",
    rule: "quotas/condition-values-per-rule",
    platforms: management,
    mutate: template("services", (content) => {
      const { Conditions } = first(content, "AWS::ElasticLoadBalancingV2::ListenerRule").Properties;
      Conditions.push({ Field: "path-pattern", PathPatternConfig: { Values: ["/a", "/b", "/c", "/d"] } });
    }),
  },
  {
    name: "a rule has seven wildcards",
    theme: "quotas",
    rule: "quotas/condition-wildcards-per-rule",
    platforms: silos,
    mutate: tenant((content) => {
      const { Conditions } = first(content, "AWS::ElasticLoadBalancingV2::ListenerRule").Properties;
      Conditions.push({ Field: "path-pattern", PathPatternConfig: { Values: ["/*/*/*/*/*/*/*"] } });
    }),
  },
  {
    name: "a tenant's service stands behind six target groups",
    theme: "quotas",
    rule: "quotas/target-groups-per-service",
    platforms: [...silos, ["starter", "production"]],
    mutate: tenant((content) => {
      const { LoadBalancers } = first(content, "AWS::ECS::Service").Properties;
      for (let index = 0; index < 5; index += 1) LoadBalancers.push(structuredClone(LoadBalancers[0]));
    }),
  },
  {
    name: "a certificate for eleven domains",
    theme: "quotas",
    rule: "quotas/domains-per-certificate",
    platforms: silosProduction,
    mutate: template("cell", (content) => {
      first(content, "AWS::CertificateManager::Certificate").Properties["SubjectAlternativeNames"] =
        Array.from({ length: 10 }, (_, index) => `shop-${index}.example.com`);
    }),
  },
  {
    name: "a hundred more names for a distribution",
    theme: "quotas",
    rule: "quotas/aliases-per-distribution",
    platforms: management,
    mutate: template("edge-global", (content) => {
      const { DistributionConfig } = first(content, "AWS::CloudFront::Distribution").Properties;
      for (let index = 0; index < 100; index += 1) DistributionConfig.Aliases.push(`a${index}.example.com`);
    }),
  },
];

export const quotasNetworkMutants: readonly Mutant[] = [...addressed, ...routed];
