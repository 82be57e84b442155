// Goal: what stands before the services lets in only whom it should, and says no to everybody that it does not know.
import { expect, test } from "vitest";
import { loadBalancerName } from "../../src/load-balancer/load-balancer.ts";
import { shortName } from "../../src/stack/short-name.ts";
import { primarySite } from "../../src/stack/site.ts";
import { cellsOf } from "../../src/stacks/cell-stack.ts";
import { documentPlatform, foundationTemplate } from "../foundation/document-platform.ts";
import { cellTemplate } from "../stamped.ts";
import { platformWith, resourcesOf } from "../test-stack.ts";
import { idsOf, onlyOf } from "./compute-templates.ts";

const development = cellTemplate(documentPlatform("tenant-silos", "development"));
const production = cellTemplate(documentPlatform("tenant-silos", "production"));
const management = cellTemplate(documentPlatform("saas-management", "production"));
const app = { image: "nginx:1.29", route: "/" };

const attributesOf = (template: typeof production) =>
  Object.fromEntries(
    (
      onlyOf(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"] as {
        Key: string;
        Value: unknown;
      }[]
    ).map(({ Key, Value }) => [Key, Value]),
  );

test("S5.12 a public load balancer answers 404 Invalid tenant to a host that is nobody's", () => {
  expect(onlyOf(development, "AWS::ElasticLoadBalancingV2::LoadBalancer")).toMatchObject({
    Scheme: "internet-facing",
    Type: "application",
    Subnets: { Ref: "ValueNetworkSubnetsPublic" },
  });
  expect(onlyOf(development, "AWS::ElasticLoadBalancingV2::Listener")).toMatchObject({
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [
      {
        Type: "fixed-response",
        FixedResponseConfig: { StatusCode: "404", MessageBody: "Invalid tenant" },
      },
    ],
  });
});

test("the load balancer goes out to the ports of the services behind it, and to nothing else", () => {
  const group = onlyOf(production, "AWS::EC2::SecurityGroup", /^LoadBalancerSecurityGroup$/);
  expect(group["SecurityGroupEgress"]).toEqual([
    {
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      DestinationSecurityGroupId: { "Fn::GetAtt": ["LoadBalancerTargetSecurityGroup", "GroupId"] },
      Description: "Services",
    },
  ]);
  const target = onlyOf(production, "AWS::EC2::SecurityGroup", /Target/);
  expect(target["SecurityGroupIngress"]).toBeUndefined();
  // Without any rule AWS would let everything out.
  expect(target["SecurityGroupEgress"]).toMatchObject([{ CidrIp: "255.255.255.255/32" }]);
});

test("S5.16 in production HTTPS with an ACM certificate and TLS 1.3; HTTP is sent there", () => {
  expect(onlyOf(production, "AWS::ElasticLoadBalancingV2::Listener", /Https$/)).toMatchObject({
    Port: 443,
    Protocol: "HTTPS",
    SslPolicy: "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    Certificates: [{ CertificateArn: { Ref: "Certificate" } }],
  });
  expect(onlyOf(production, "AWS::ElasticLoadBalancingV2::Listener", /Redirect$/)).toMatchObject({
    Port: 80,
    DefaultActions: [
      { Type: "redirect", RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" } },
    ],
  });
  expect(onlyOf(production, "AWS::CertificateManager::Certificate")).toMatchObject({
    DomainName: "example.com",
    SubjectAlternativeNames: ["*.example.com"],
    ValidationMethod: "DNS",
  });
  const older = cellTemplate(platformWith({ routing: { tlsMinimum: "1.2" }, services: { app } }));
  expect(onlyOf(older, "AWS::ElasticLoadBalancingV2::Listener", /Https$/)["SslPolicy"]).toBe(
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  );
});

test("S5.16 the load balancer is protected against deletion unless the environment is disposable", () => {
  expect(attributesOf(production)["deletion_protection.enabled"]).toBe("true");
  expect(attributesOf(development)["deletion_protection.enabled"]).toBe("false");
});

test("requests are logged, and what is not HTTP is dropped", () => {
  expect(attributesOf(production)).toEqual({
    "access_logs.s3.bucket": { Ref: "ValueAuditLogBucket" },
    "access_logs.s3.enabled": "true",
    "access_logs.s3.prefix": "load-balancers/cell-1",
    "deletion_protection.enabled": "true",
    "idle_timeout.timeout_seconds": "60",
    "routing.http.desync_mitigation_mode": "strictest",
    "routing.http.drop_invalid_header_fields.enabled": "true",
  });
});

test("S1.08 S1.09 behind CloudFront only CloudFront comes in, by HTTPS, and its secret is made", () => {
  const group = onlyOf(management, "AWS::EC2::SecurityGroup", /^LoadBalancerSecurityGroup$/);
  expect(group["SecurityGroupIngress"]).toEqual([
    {
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      SourcePrefixListId: "pl-3b927c52",
      Description: "CloudFront",
    },
  ]);
  expect(idsOf(management, "AWS::ElasticLoadBalancingV2::Listener")).toEqual(["ListenersHttps"]);
  // One for the region: it stands with what all cells stand on.
  const foundation = foundationTemplate(documentPlatform("saas-management", "production"));
  expect(onlyOf(foundation, "AWS::SecretsManager::Secret")).toMatchObject({
    Name: "saas-platform/production/origin-header/us-east-1",
    GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 40 },
  });
});

test("S1.08 in the recovery region the secret of its load balancer is copied to where CloudFront is made", () => {
  const platform = documentPlatform("saas-management", "production");
  expect(onlyOf(foundationTemplate(platform, "recovery"), "AWS::SecretsManager::Secret")).toMatchObject({
    Name: "saas-platform/production/origin-header/us-west-2",
    ReplicaRegions: [{ Region: "us-east-1" }],
  });
  const recovery = cellTemplate(platform, 1, "recovery");
  const group = onlyOf(recovery, "AWS::EC2::SecurityGroup", /^LoadBalancerSecurityGroup$/);
  expect(group["SecurityGroupIngress"]).toMatchObject([{ SourcePrefixListId: "pl-82a045eb" }]);
});

test("without CloudFront everybody comes in on 80 and 443, and to an internal one only the VPC", () => {
  const sourcesOf = (template: typeof production) =>
    (
      onlyOf(template, "AWS::EC2::SecurityGroup", /^LoadBalancerSecurityGroup$/)[
        "SecurityGroupIngress"
      ] as Record<string, unknown>[]
    ).map(({ CidrIp, FromPort, ToPort }) => [CidrIp, FromPort, ToPort]);
  expect(sourcesOf(production)).toEqual([
    ["0.0.0.0/0", 443, 443],
    ["0.0.0.0/0", 80, 80],
  ]);
  const internal = platformWith({ routing: { scheme: "internal" }, services: { app } });
  const template = cellTemplate(internal);
  expect(sourcesOf(template)).toEqual([
    ["10.0.0.0/16", 443, 443],
    ["10.0.0.0/16", 80, 80],
  ]);
  expect(onlyOf(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Subnets"]).toEqual({
    Ref: "ValueNetworkSubnetsPrivate",
  });
});

test("S1.03 an ECS cluster with Container Insights on Fargate, and a namespace for its services", () => {
  expect(onlyOf(management, "AWS::ECS::Cluster")).toMatchObject({
    ClusterName: "saas-platform-production-cell-1",
    ClusterSettings: [{ Name: "containerInsights", Value: "enabled" }],
    CapacityProviders: ["FARGATE", "FARGATE_SPOT"],
    Configuration: { ExecuteCommandConfiguration: { Logging: "NONE" } },
    ServiceConnectDefaults: { Namespace: { "Fn::GetAtt": ["ClusterHttpNamespace", "Arn"] } },
  });
});

test("where services are looked up in DNS the namespace is in the VPC", () => {
  const platform = platformWith({ services: { app: { ...app, discovery: "cloud-map" } } });
  expect(onlyOf(cellTemplate(platform), "AWS::ServiceDiscovery::PrivateDnsNamespace")).toEqual(
    expect.objectContaining({ Name: "cell-1.production.test-platform.internal" }),
  );
});

test("S3.04 the cell says how it is reached", () => {
  expect(Object.keys(management.Outputs ?? {}).sort()).toEqual(["AlbDnsName", "ClusterName"]);
  const provided = Object.values(resourcesOf(management, "AWS::SSM::Parameter"))
    .map(({ Properties }) => Properties?.["Name"])
    .filter((name) => String(name).includes("/cells/1/"));
  expect(provided).toHaveLength(10);
});

test("a cell for each that has tenants, one at least, and none where nothing runs on Fargate", () => {
  const tiers = { silo: { services: { app: "silo" } } };
  const cells = (settings: object) => cellsOf(primarySite(platformWith({ services: { app }, ...settings })));
  expect(cells({})).toEqual([1]);
  expect(cells({ cells: { capacity: 1 }, tiers, tenants: { acme: "silo", globex: "silo" } })).toEqual([1, 2]);
  expect(cellsOf(primarySite(platformWith({})))).toEqual([]);
});

test("a name that is too long for a load balancer ends in a digest of all of it", () => {
  const long = "a-platform-with-a-long-name-production-cell-1";
  expect(shortName(long, 32)).toMatch(/^a-platform-with-a-long-[0-9a-f]{8}$/);
  expect(shortName(long, 32)).not.toBe(shortName(long.replace("cell-1", "cell-2"), 32));
  expect(shortName("short-cell-1", 32)).toBe("short-cell-1");
  expect(loadBalancerName("internal-shop-production-cell-1")).toBeNull();
});
