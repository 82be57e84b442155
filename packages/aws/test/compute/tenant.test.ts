// Goal: one template gives every tenant what it has to itself, and nothing in it is another's.
import { assert, stableJson } from "@tenantry/base";
import { App } from "aws-cdk-lib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { primarySite } from "../../src/stack/site.ts";
import { tenantStackOfTier } from "../../src/stacks/tenant-stack-of-tier.ts";
import { validateTemplate } from "../validate-template.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { computeTemplate, computeTemplates, idsOf, ingressOf, onlyOf } from "./compute-templates.ts";

const development = computeTemplate(documentPlatform("tenant-silos", "development"), "tenant-silo");
const production = computeTemplate(documentPlatform("tenant-silos", "production"), "tenant-silo");
const app = { image: "nginx:1.29", route: "/" };
const silo = { services: { app: "silo" } };

const join = (...parts: unknown[]) => ({ "Fn::Join": ["", parts] });
const tenant = { Ref: "TenantId" };

function tenantOf(settings: object, environment: object = {}): Template {
  return computeTemplate(platformWith({ tiers: { silo }, ...settings }, environment), "tenant-silo");
}

test("S5.06 the task role reaches the tenant's bucket and secret, and no other's", () => {
  const role = onlyOf(development, "AWS::IAM::Role", /TaskRole$/);
  const [policy] = role["Policies"] as { PolicyDocument: { Statement: Record<string, unknown>[] } }[];
  const statements = policy?.PolicyDocument.Statement ?? [];
  const about = (prefix: string) =>
    statements.filter(({ Action }) => [Action].flat().some((action) => String(action).startsWith(prefix)));
  const bucket = JSON.stringify(about("s3:").flatMap(({ Resource }) => Resource));
  expect(about("s3:").length).toBeGreaterThan(0);
  for (const { Resource } of about("s3:")) expect(JSON.stringify(Resource)).toMatch(/"TenantId"|"Data"/);
  expect(bucket).not.toContain('"*"');
  for (const { Resource } of about("secretsmanager:")) {
    expect(Resource).toEqual({ Ref: "MainUserSecret" });
  }
  expect(role["Tags"]).toContainEqual({ Key: "tenant_id", Value: tenant });
});

test("S5.06 the execution role writes the tenant's log, reads its secret, and nothing else", () => {
  const role = onlyOf(development, "AWS::IAM::Role", /ExecutionRole$/);
  const [policy] = role["Policies"] as { PolicyDocument: { Statement: Record<string, unknown>[] } }[];
  expect(policy?.PolicyDocument.Statement.flatMap(({ Action }) => Action).toSorted()).toEqual([
    "kms:Decrypt",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "secretsmanager:GetSecretValue",
  ]);
  expect(policy?.PolicyDocument.Statement[0]?.["Resource"]).toEqual({
    "Fn::GetAtt": ["AppServiceLog", "Arn"],
  });
});

test("S5.07 a Fargate task of 1024 CPU units and 2048 MiB, whose log goes to the tenant's group", () => {
  expect(onlyOf(development, "AWS::ECS::TaskDefinition")).toMatchObject({
    Cpu: "1024",
    Memory: "2048",
    NetworkMode: "awsvpc",
    RequiresCompatibilities: ["FARGATE"],
    ContainerDefinitions: [
      {
        Image: "nginx:latest",
        LogConfiguration: { LogDriver: "awslogs", Options: { "awslogs-group": { Ref: "AppServiceLog" } } },
      },
    ],
  });
});

test("S5.08 an ECS service of two tasks in private subnets behind a target group of its own", () => {
  expect(onlyOf(development, "AWS::ECS::Service")).toMatchObject({
    ServiceName: join(tenant, "_app"),
    Cluster: { Ref: "CellClusterArn" },
    CapacityProviderStrategy: [{ CapacityProvider: "FARGATE" }],
    LoadBalancers: [{ TargetGroupArn: { Ref: "AppServiceTargetsTargetGroup" }, ContainerPort: 80 }],
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        AssignPublicIp: "DISABLED",
        Subnets: { Ref: "ValueNetworkSubnetsPrivate" },
        SecurityGroups: [
          { "Fn::GetAtt": ["AppServiceSecurityGroup", "GroupId"] },
          { Ref: "CellTargetSecurityGroup" },
          { Ref: "ValueStoresMainClientSecurityGroup" },
        ],
      },
    },
  });
  expect(onlyOf(development, "AWS::ElasticLoadBalancingV2::TargetGroup")).toMatchObject({
    Protocol: "HTTP",
    Port: 80,
    TargetType: "ip",
    HealthCheckPath: "/",
    Matcher: { HttpCode: "200-399" },
  });
});

test("S5.09 two to eight tasks, as many as keep CPU at 70 %", () => {
  expect(onlyOf(development, "AWS::ApplicationAutoScaling::ScalableTarget")).toMatchObject({
    MinCapacity: 2,
    MaxCapacity: 8,
  });
  expect(onlyOf(development, "AWS::ApplicationAutoScaling::ScalingPolicy")).toMatchObject({
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 70,
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
    },
  });
});

test("S5.10 the tenant's log group, kept 30 days, encrypted and tagged", () => {
  expect(onlyOf(development, "AWS::Logs::LogGroup")).toMatchObject({
    LogGroupName: join("/ecs/tenant/", tenant, "/development"),
    RetentionInDays: 30,
    KmsKeyId: { Ref: "ValueKeysLogs" },
  });
  expect(onlyOf(development, "AWS::Logs::LogGroup")["Tags"]).toEqual(
    expect.arrayContaining([
      { Key: "tenant_id", Value: tenant },
      { Key: "cost_center", Value: { Ref: "CostCenter" } },
    ]),
  );
});

test("S5.11 port 80 is open to the load balancer alone, so that no tenant reaches another", () => {
  expect(ingressOf(development, "AppServiceSecurityGroup")).toEqual([
    expect.objectContaining({
      IpProtocol: "tcp",
      FromPort: 80,
      ToPort: 80,
      SourceSecurityGroupId: { Ref: "CellLoadBalancerSecurityGroup" },
    }),
  ]);
  expect(idsOf(development, "AWS::EC2::SecurityGroup")).toEqual(["AppServiceSecurityGroup"]);
});

test("S5.12 a rule on the tenant's hosts, in the place that its slot gives", () => {
  expect(onlyOf(development, "AWS::ElasticLoadBalancingV2::ListenerRule")).toMatchObject({
    ListenerArn: { Ref: "CellListenerArn" },
    Priority: { Ref: "PriorityApp" },
    Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: { Ref: "Hosts" } } }],
    Actions: [{ Type: "forward", TargetGroupArn: { Ref: "AppServiceTargetsTargetGroup" } }],
  });
});

test("S5.13 S5.16 the endpoint is the tenant's host, by HTTPS in production", () => {
  expect(development.Outputs?.["Endpoint"]?.Value).toEqual(join("http://", { Ref: "MainHost" }));
  expect(production.Outputs?.["Endpoint"]?.Value).toEqual(join("https://", { Ref: "MainHost" }));
});

test("S5.16 hosts that the cell's certificate does not cover have one of the tenant's own", () => {
  expect(onlyOf(production, "AWS::CertificateManager::Certificate")).toMatchObject({
    DomainName: join("*.", tenant, ".example.com"),
    DomainValidationOptions: [{ HostedZoneId: { Ref: "ValueDnsHostedZoneId" } }],
  });
  expect(onlyOf(production, "AWS::ElasticLoadBalancingV2::ListenerCertificate")["ListenerArn"]).toEqual({
    Ref: "CellListenerArn",
  });
  expect(idsOf(development, "AWS::CertificateManager::Certificate")).toEqual([]);
  const covered = tenantOf({
    routing: { tenantHosts: ["{tenant}.{domain}"] },
    domain: "example.com",
    services: { app },
  });
  expect(idsOf(covered, "AWS::CertificateManager::Certificate")).toEqual([]);
});

test("the tenant's names lead to its own cell, because the proof of its certificate hides the wildcard", () => {
  const records = Object.values(resourcesOf(production, "AWS::Route53::RecordSet")).map(
    ({ Properties }) => Properties,
  );
  expect(records.map((record) => record?.["Name"])).toEqual([
    join(tenant, ".example.com"),
    join("*.", tenant, ".example.com"),
  ]);
  for (const record of records) {
    expect(record).toMatchObject({ AliasTarget: { DNSName: { Ref: "CellLoadBalancerDnsName" } } });
  }
});

test("behind CloudFront names and certificates are the distribution's, and the rule asks for its header", () => {
  const template = tenantOf({ services: { app }, edge: { cloudFront: {} } });
  expect(idsOf(template, "AWS::Route53::RecordSet")).toEqual([]);
  expect(idsOf(template, "AWS::CertificateManager::Certificate")).toEqual([]);
  expect(onlyOf(template, "AWS::ElasticLoadBalancingV2::ListenerRule")["Conditions"]).toMatchObject([
    { HttpHeaderConfig: { HttpHeaderName: "x-origin-verify-us-east-1" } },
    { HostHeaderConfig: { Values: { Ref: "Hosts" } } },
  ]);
});

test("where the recovery region serves as well, each region has its share of the tenant's names", () => {
  const platform = platformWith(
    { services: { app }, tiers: { silo }, edge: { dns: { recoveryPercent: 10 } } },
    { recovery: { region: "us-west-2", strategy: "active-active" } },
  );
  const share = (role: "primary" | "recovery") => {
    const { SetIdentifier, Weight } = onlyOf(
      computeTemplate(platform, "tenant-silo", role),
      "AWS::Route53::RecordSet",
      /Host1/,
    );
    return [SetIdentifier, Weight];
  };
  expect(share("primary")).toEqual(["us-east-1", 90]);
  expect(share("recovery")).toEqual(["us-west-2", 10]);
});

test("services of a tenant call one another in a namespace of its own, and shared ones by a group that they carry", () => {
  const template = tenantOf({
    services: {
      app,
      worker: { image: "worker:1", allowFrom: ["app"] },
      shared: { image: "shared:1", allowFrom: ["app"], port: 9000 },
      caller: { image: "caller:1" },
      called: { image: "called:1", allowFrom: ["caller"] },
    },
    tiers: { silo: { services: { app: "silo", worker: "silo", called: "silo" } } },
  });
  expect(onlyOf(template, "AWS::ServiceDiscovery::HttpNamespace")["Name"]).toEqual(
    join("test-platform-production-", tenant),
  );
  const own = { "Fn::GetAtt": ["Namespace", "Arn"] };
  expect(onlyOf(template, "AWS::ECS::Service", /^Worker/)["ServiceConnectConfiguration"]).toMatchObject({
    Namespace: own,
  });
  expect(ingressOf(template, "WorkerServiceSecurityGroup")).toMatchObject([
    { SourceSecurityGroupId: { "Fn::GetAtt": ["AppServiceSecurityGroup", "GroupId"] } },
  ]);
  expect(ingressOf(template, "CalledServiceSecurityGroup")).toMatchObject([
    { SourceSecurityGroupId: { Ref: "ValueServicesCallerSecurityGroup" } },
  ]);
  expect(JSON.stringify(onlyOf(template, "AWS::ECS::Service", /^App/)["NetworkConfiguration"])).toContain(
    "ValueServicesSharedClientSecurityGroup",
  );
});

test("a shared service that tenants' services call lets in who carries its client group", () => {
  const platform = platformWith({
    services: { app, shared: { image: "shared:1", allowFrom: ["app"], port: 9000 } },
    tiers: { silo },
  });
  const template = computeTemplate(platform, "services");
  expect(ingressOf(template, "SharedServiceSecurityGroup")).toMatchObject([
    { SourceSecurityGroupId: { "Fn::GetAtt": ["SharedClients", "GroupId"] }, FromPort: 9000, ToPort: 9000 },
  ]);
  expect(onlyOf(template, "AWS::EC2::SecurityGroup", /Clients/)["SecurityGroupEgress"]).toMatchObject([
    {
      FromPort: 9000,
      DestinationSecurityGroupId: { "Fn::GetAtt": ["SharedServiceSecurityGroup", "GroupId"] },
    },
  ]);
});

test("names are the tenant's where they have its id in them, and CloudFormation's where two tenants would share them", () => {
  const names = { taskRole: "app-{tenant}", executionRole: "execution-app" };
  const template = tenantOf({ services: { app: { ...app, names } } });
  expect(onlyOf(template, "AWS::IAM::Role", /TaskRole$/)["RoleName"]).toEqual(join("app-", tenant));
  expect(onlyOf(template, "AWS::IAM::Role", /ExecutionRole$/)["RoleName"]).toBeUndefined();
});

test("nothing but parameters differs: no template has the id of a tenant in it", () => {
  for (const template of [development, production]) {
    const text = stableJson(template);
    for (const id of ["acme-corp", "globex-inc", "initech-llc"]) expect(text).not.toContain(id);
  }
});

test("what a tenant shares below what it has to itself is asked first, and its own rules keep apart from others'", () => {
  const services = {
    app,
    api: { image: "api:1", route: "/api" },
    reports: { image: "reports:1", route: "/reports" },
    worker: { image: "worker:1" },
  };
  const platform = platformWith({
    services,
    tiers: {
      silo: { services: { app: "silo", worker: "silo" } },
      full: { services: { app: "silo", reports: "silo" } },
      pool: {},
    },
    tenants: { acme: "full" },
  });
  // "reports" is shared in "silo", where "/" is not, and has no place there that would be right in "full" too.
  expect(() => computeTemplate(platform, "services")).toThrow(
    "the rule of app takes what is meant for reports",
  );
  const { reports: _, ...fewer } = services;
  const tiers = { silo: { services: { app: "silo", worker: "silo" } }, pool: {} };
  const shared = computeTemplate(platformWith({ services: fewer, tiers }), "services");
  const priorityOf = (service: string) =>
    onlyOf(shared, "AWS::ElasticLoadBalancingV2::ListenerRule", new RegExp(`^${service}`))["Priority"];
  expect(priorityOf("Api")).toBe(1);
  expect(Number(priorityOf("App"))).toBeGreaterThan(40_000);
  const mixed = platformWith({ services: fewer, tiers });
  const [tier] = Object.values(mixed.tiers);
  assert(tier !== undefined, "the platform has no tier");
  const stack = tenantStackOfTier(new App({ analyticsReporting: false }), primarySite(mixed), tier);
  expect(stack?.tenantSources.get("PriorityApp")).toEqual({ kind: "priority", index: 1, count: 2 });
});

test("a tenant's services without a route need neither hosts nor a load balancer", () => {
  const template = tenantOf({
    services: { worker: { image: "worker:1" } },
    tiers: { silo: { services: { worker: "silo" } } },
  });
  expect(Object.keys(template.Parameters ?? {})).not.toContain("Hosts");
  expect(validateTemplate(template)).toEqual([]);
});

test("a tier that shares everything has no template", () => {
  const platform = platformWith({ services: { app }, tiers: { pool: {} } });
  expect(() => computeTemplate(platform, "tenant-pool")).toThrow("no template tenant-pool");
});

test("a tier that has nothing of its own in the recovery region has no template there", () => {
  const platform = platformWith(
    {
      stores: { main: { kind: "postgres", engine: "aurora", version: "16.4", instances: 2 } },
      tiers: { bridge: { stores: { main: "bridge" } } },
    },
    { recovery: { region: "us-west-2", strategy: "warm-standby" } },
  );
  expect(Object.keys(computeTemplates(platform))).toEqual(["tenant-bridge"]);
  expect(Object.keys(computeTemplates(platform, "recovery"))).toEqual([]);
});

test("S5.17 tenants that come, go or change places leave the template as it is, byte by byte", () => {
  const settings = { services: { app }, tiers: { silo, other: {} } };
  const without = stableJson(computeTemplate(platformWith(settings), "tenant-silo"));
  const id = fc.stringMatching(/^[a-z][a-z0-9]{2,9}(-[a-z0-9]{1,5})?$/);
  const tenants = fc.uniqueArray(fc.tuple(id, fc.constantFrom("silo", "other")), {
    maxLength: 12,
    selector: ([name]) => name,
  });
  const reserved =
    /^(admin|api|app|assets|auth|cdn|console|docs|ftp|help|imap|mail|pop|prod|root|sip|smtp|stage|www|dev)/;
  fc.assert(
    fc.property(tenants, (list) => {
      const named = Object.fromEntries(list.filter(([name]) => !reserved.test(name)));
      const template = computeTemplate(platformWith({ ...settings, tenants: named }), "tenant-silo");
      expect(stableJson(template)).toBe(without);
    }),
    { numRuns: 15 },
  );
  // The comparison sees a difference where there is one.
  const larger = { ...settings, services: { app: { ...app, cpuUnits: 512, memoryMiB: 1024 } } };
  expect(stableJson(computeTemplate(platformWith(larger), "tenant-silo"))).not.toBe(without);
});
