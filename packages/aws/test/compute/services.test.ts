// Goal: a shared service has what it needs and nothing that another one has.
import { describe, expect, test } from "vitest";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { computeTemplate, computeTemplates, idsOf, ingressOf, onlyOf } from "./compute-templates.ts";

const management = documentPlatform("saas-management", "production");
const template = computeTemplate(management, "services");
const app = { image: "nginx:1.29", route: "/" };

function servicesOf(settings: object, environment: object = {}): Template {
  return computeTemplate(platformWith(settings, environment), "services");
}

describe("saas-management", () => {
  test("S1.04 releases are blue/green: two target groups, a bake time, alarms that take it back", () => {
    const service = onlyOf(template, "AWS::ECS::Service", /^WebService$/);
    expect(service).toMatchObject({
      DeploymentController: { Type: "ECS" },
      DeploymentConfiguration: {
        Strategy: "BLUE_GREEN",
        BakeTimeInMinutes: 10,
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        Alarms: {
          Enable: true,
          Rollback: true,
          AlarmNames: [
            "saas-platform-production-web-release-errors-main",
            "saas-platform-production-web-release-errors-alternate",
          ],
        },
      },
      LoadBalancers: [
        {
          ContainerName: "web",
          ContainerPort: 8080,
          TargetGroupArn: { Ref: "WebServiceTargetsTargetGroup" },
          AdvancedConfiguration: {
            AlternateTargetGroupArn: { Ref: "WebServiceTargetsAlternateTargetGroup" },
            ProductionListenerRule: { Ref: "WebServiceTargetsRule" },
            RoleArn: { "Fn::GetAtt": ["WebServiceTargetsShiftRole", "Arn"] },
          },
        },
      ],
    });
    expect(Object.keys(resourcesOf(template, "AWS::CloudWatch::Alarm"))).toHaveLength(4);
    const names = Object.values(resourcesOf(template, "AWS::CloudWatch::Alarm")).map(
      ({ Properties }) => Properties?.["AlarmName"],
    );
    expect(names).toContain("saas-platform-production-web-release-errors-alternate");
  });

  test("S1.04 the role that moves the traffic can change one rule and two target groups", () => {
    const role = onlyOf(template, "AWS::IAM::Role", /^WebServiceTargetsShiftRole$/);
    const [policy] = role["Policies"] as {
      PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] };
    }[];
    const writing = policy?.PolicyDocument.Statement.filter(
      ({ Action }) => !String(Action).includes("Describe"),
    );
    expect(writing).toMatchObject([
      {
        Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
        Resource: [{ Ref: "WebServiceTargetsTargetGroup" }, { Ref: "WebServiceTargetsAlternateTargetGroup" }],
      },
      { Action: "elasticloadbalancing:ModifyRule", Resource: { Ref: "WebServiceTargetsRule" } },
    ]);
  });

  test("S1.03 services run on Fargate, scale by themselves, and find one another", () => {
    expect(onlyOf(template, "AWS::ECS::TaskDefinition", /^ApiService/)).toMatchObject({
      RequiresCompatibilities: ["FARGATE"],
      NetworkMode: "awsvpc",
      Cpu: "1024",
      Memory: "2048",
    });
    expect(onlyOf(template, "AWS::ApplicationAutoScaling::ScalableTarget", /^ApiService/)).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 20,
    });
    expect(
      Object.values(resourcesOf(template, "AWS::ApplicationAutoScaling::ScalingPolicy")).map(
        ({ Properties }) => Properties?.["TargetTrackingScalingPolicyConfiguration"],
      ),
    ).toMatchObject([{ TargetValue: 70 }, { TargetValue: 80 }, { TargetValue: 70 }]);
    expect(
      onlyOf(template, "AWS::ECS::Service", /^ApiService$/)["ServiceConnectConfiguration"],
    ).toMatchObject({
      Enabled: true,
      Namespace: { Ref: "ValueCells1NamespaceArn" },
      Services: [{ DiscoveryName: "api", ClientAliases: [{ DnsName: "api", Port: 8080 }] }],
    });
  });

  test("S1.08 only who shows the header of the distribution, and asks for a host of the platform, gets to a service", () => {
    const rules = Object.values(resourcesOf(template, "AWS::ElasticLoadBalancingV2::ListenerRule"));
    expect(rules).toHaveLength(2);
    for (const { Properties } of rules) {
      expect(Properties?.["Conditions"]).toEqual(
        expect.arrayContaining([
          {
            Field: "http-header",
            HttpHeaderConfig: {
              HttpHeaderName: "x-origin-verify-us-east-1",
              Values: [
                "{{resolve:secretsmanager:saas-platform/production/origin-header/us-east-1:SecretString}}",
              ],
            },
          },
          {
            Field: "host-header",
            HostHeaderConfig: { Values: ["saasplatform.com", "*.saasplatform.com"] },
          },
        ]),
      );
    }
    const priorityOf = (service: string) =>
      Number(
        onlyOf(template, "AWS::ElasticLoadBalancingV2::ListenerRule", new RegExp(`^${service}`))["Priority"],
      );
    expect(priorityOf("ApiService")).toBeLessThan(priorityOf("WebService"));
    expect(priorityOf("ApiService")).toBeGreaterThan(40_000);
  });

  test("S1.09 the port of a service is open to the load balancer and to the callers that it names", () => {
    const sources = (group: string) =>
      ingressOf(template, group).map(({ SourceSecurityGroupId, FromPort, ToPort, CidrIp }) => {
        expect([FromPort, ToPort, CidrIp]).toEqual([8080, 8080, undefined]);
        return SourceSecurityGroupId;
      });
    expect(sources("WebServiceSecurityGroup")).toEqual([{ Ref: "ValueCells1LoadBalancerSecurityGroup" }]);
    expect(sources("ApiServiceSecurityGroup")).toEqual([
      { Ref: "ValueCells1LoadBalancerSecurityGroup" },
      { "Fn::GetAtt": ["WebServiceSecurityGroup", "GroupId"] },
    ]);
  });

  test("S1.10 every service has roles of its own, within the boundary, for tasks of this account alone", () => {
    const roles = resourcesOf(template, "AWS::IAM::Role");
    expect(Object.keys(roles).filter((id) => id.includes("Roles"))).toEqual([
      "ApiServiceRolesTaskRole",
      "ApiServiceRolesExecutionRole",
      "WebServiceRolesTaskRole",
      "WebServiceRolesExecutionRole",
    ]);
    for (const [id, { Properties }] of Object.entries(roles)) {
      expect(Properties?.["PermissionsBoundary"]).toEqual({ Ref: "ValueIdentityPermissionsBoundaryArn" });
      if (!id.includes("Roles")) continue;
      expect(JSON.stringify(Properties?.["AssumeRolePolicyDocument"])).toContain("aws:SourceAccount");
    }
    const tasksOf = (id: string) => JSON.stringify(roles[id]?.Properties?.["Policies"]);
    expect(tasksOf("ApiServiceRolesTaskRole")).toContain("s3:GetObject");
    expect(tasksOf("WebServiceRolesTaskRole")).not.toMatch(/s3:|secretsmanager:/);
  });

  test("tasks are unprivileged, and write nowhere but in /tmp", () => {
    const [container] = onlyOf(template, "AWS::ECS::TaskDefinition", /^WebService/)[
      "ContainerDefinitions"
    ] as Record<string, unknown>[];
    expect(container).toMatchObject({
      User: "10001",
      ReadonlyRootFilesystem: true,
      Privileged: false,
      LinuxParameters: { Capabilities: { Drop: ["ALL"] }, Tmpfs: [{ ContainerPath: "/tmp", Size: 128 }] },
      Image: { "Fn::Join": ["", [{ Ref: "ValueRegistryWeb" }, ":1.0.1"]] },
    });
    expect(onlyOf(template, "AWS::ECS::Service", /^WebService$/)).toMatchObject({
      EnableExecuteCommand: false,
      PropagateTags: "SERVICE",
      AvailabilityZoneRebalancing: "ENABLED",
    });
  });

  test("the recovery region waits with the sizes that it was given", () => {
    const recovery = computeTemplate(management, "services", "recovery");
    expect(
      onlyOf(recovery, "AWS::ApplicationAutoScaling::ScalableTarget", /^ApiService/)["MinCapacity"],
    ).toBe(1);
  });
});

test("a rolling release goes back by the circuit breaker, and has one target group", () => {
  const rolling = servicesOf({ services: { app } });
  expect(onlyOf(rolling, "AWS::ECS::Service")["DeploymentConfiguration"]).toEqual({
    Strategy: "ROLLING",
    MinimumHealthyPercent: 100,
    MaximumPercent: 200,
    DeploymentCircuitBreaker: { Enable: true, Rollback: true },
  });
  expect(idsOf(rolling, "AWS::ElasticLoadBalancingV2::TargetGroup")).toHaveLength(1);
  expect(rolling.Resources["AppService"]).toMatchObject({ DependsOn: ["AppServiceTargetsRule"] });
});

test("a canary has its step, even steps are linear, and what the definition analyses are the alarms", () => {
  const analysis = {
    errorRatePercentMax: 2,
    successRatePercentMin: 99,
    latencyP99MsMax: 300,
    failuresMax: 2,
  };
  const canary = servicesOf({
    services: {
      app: {
        ...app,
        deployment: {
          strategy: "canary",
          steps: [{ percent: 10, pauseMinutes: 15 }],
          analysis,
          rollback: "manual",
        },
      },
    },
  });
  expect(onlyOf(canary, "AWS::ECS::Service")["DeploymentConfiguration"]).toMatchObject({
    Strategy: "CANARY",
    CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 15 },
    Alarms: { Enable: true, Rollback: false },
  });
  const alarms = Object.values(resourcesOf(canary, "AWS::CloudWatch::Alarm")).map(
    ({ Properties }) => Properties,
  );
  expect(alarms.map((alarm) => [alarm?.["Threshold"], alarm?.["EvaluationPeriods"]])).toEqual([
    [1, 3],
    [0.3, 3],
    [1, 3],
    [0.3, 3],
  ]);
  const steps = [25, 50, 75].map((percent) => ({ percent, pauseMinutes: 5 }));
  const linear = servicesOf({
    services: { app: { ...app, deployment: { strategy: "blue-green-canary", steps } } },
  });
  expect(onlyOf(linear, "AWS::ECS::Service")["DeploymentConfiguration"]).toMatchObject({
    Strategy: "LINEAR",
    LinearConfiguration: { StepPercent: 25, StepBakeTimeInMinutes: 5 },
  });
});

test("a fixed number of copies is wanted; where scaling decides nothing is said that a release would go back to", () => {
  const fixed = servicesOf({ services: { app: { ...app, scaling: { min: 3, max: 3 } } } });
  expect(onlyOf(fixed, "AWS::ECS::Service")["DesiredCount"]).toBe(3);
  expect(idsOf(fixed, "AWS::ApplicationAutoScaling::ScalableTarget")).toEqual([]);
  expect(onlyOf(template, "AWS::ECS::Service", /^WebService$/)["DesiredCount"]).toBeUndefined();
});

test("a share of the copies runs on Spot, and never the first one", () => {
  const strategyOf = (spotPercent: number) =>
    onlyOf(servicesOf({ services: { app: { ...app, spotPercent } } }), "AWS::ECS::Service")[
      "CapacityProviderStrategy"
    ];
  expect(strategyOf(0)).toEqual([{ CapacityProvider: "FARGATE", Base: 0, Weight: 1 }]);
  expect(strategyOf(70)).toEqual([
    { CapacityProvider: "FARGATE", Base: 1, Weight: 30 },
    { CapacityProvider: "FARGATE_SPOT", Weight: 70 },
  ]);
  expect(strategyOf(100)).toEqual([{ CapacityProvider: "FARGATE_SPOT", Base: 0, Weight: 1 }]);
});

test("requests for each copy are counted in one target group, or in the two that a release moves between", () => {
  const scaling = { targetCpuPercent: null, targetRequestsPerMinute: 1000 };
  const policyOf = (service: object) =>
    onlyOf(
      servicesOf({ services: { app: { ...app, scaling, ...service } } }),
      "AWS::ApplicationAutoScaling::ScalingPolicy",
    )["TargetTrackingScalingPolicyConfiguration"] as Record<string, unknown>;
  expect(policyOf({})["PredefinedMetricSpecification"]).toMatchObject({
    PredefinedMetricType: "ALBRequestCountPerTarget",
  });
  expect(
    JSON.stringify(policyOf({ deployment: { strategy: "blue-green" } })["CustomizedMetricSpecification"]),
  ).toContain("FILL(group0, 0) + FILL(group1, 0)");
});

test("a service without egress reaches the VPC and the layers of its image, and nothing else", () => {
  const closed = servicesOf({
    network: { endpoints: ["s3", "ecr.api", "ecr.dkr", "logs"] },
    services: { app: { ...app, egress: "none" } },
  });
  expect(
    (onlyOf(closed, "AWS::EC2::SecurityGroup")["SecurityGroupEgress"] as Record<string, unknown>[]).map(
      ({ CidrIp, DestinationPrefixListId, FromPort }) => CidrIp ?? [DestinationPrefixListId, FromPort],
    ),
  ).toEqual(["10.0.0.0/16", ["pl-63a5400a", 443]]);
});

test("an internal service has neither rule nor target group, and nobody but its callers gets in", () => {
  const internal = servicesOf({
    services: { app, worker: { image: "worker:1", allowFrom: ["app"], discovery: "cloud-map" } },
  });
  expect(idsOf(internal, "AWS::ElasticLoadBalancingV2::TargetGroup", /Worker/)).toEqual([]);
  expect(ingressOf(internal, "WorkerServiceSecurityGroup")).toMatchObject([
    { SourceSecurityGroupId: { "Fn::GetAtt": ["AppServiceSecurityGroup", "GroupId"] } },
  ]);
  expect(onlyOf(internal, "AWS::ECS::Service", /Worker/)).toMatchObject({
    ServiceRegistries: [{ RegistryArn: { "Fn::GetAtt": ["WorkerServiceRegistry", "Arn"] } }],
  });
  expect(onlyOf(internal, "AWS::ECS::Service", /Worker/)["HealthCheckGracePeriodSeconds"]).toBeUndefined();
});

test("secrets of the definition are read by the execution role alone, and only these", () => {
  const secret = servicesOf({
    services: { app: { ...app, secrets: { API_KEY: "shop/{environment}/api-key" } } },
  });
  const roles = resourcesOf(secret, "AWS::IAM::Role");
  const policiesOf = (id: string) => JSON.stringify(roles[id]?.Properties?.["Policies"]);
  expect(policiesOf("AppServiceRolesExecutionRole")).toContain("secret:shop/production/api-key-??????");
  expect(policiesOf("AppServiceRolesTaskRole")).not.toContain("api-key");
});

test("an image that is built has its tag as a parameter; a foreign one is pulled without credentials", () => {
  const built = servicesOf({ services: { app: { build: { context: "app" }, route: "/" } } });
  expect(built.Parameters?.["ImageTagApp"]).toMatchObject({ Default: "latest" });
  const foreign = servicesOf({ services: { app } });
  expect(JSON.stringify(resourcesOf(foreign, "AWS::IAM::Role"))).not.toContain("ecr:");
});

test("without tiers all services are shared, with tiers those that one shares; nothing shared is no stack", () => {
  const services = { app, api: { image: "api:1", route: "/api" } };
  const areas = (tiers: object) => Object.keys(computeTemplates(platformWith({ services, tiers })));
  expect(areas({})).toEqual(["cell", "services"]);
  expect(areas({ silo: { services: { app: "silo", api: "silo" } } })).toEqual(["cell", "tenant-silo"]);
  const mixed = servicesOf({ services, tiers: { silo: { services: { app: "silo" } } } });
  expect(idsOf(mixed, "AWS::ECS::Service")).toEqual(["ApiService"]);
});

test("what the platform names is named so, and what names a tenant is not for a shared service", () => {
  const names = { taskRole: "app-role", targetGroup: "{tenant}" };
  const named = servicesOf({ services: { app: { ...app, names } } });
  expect(onlyOf(named, "AWS::IAM::Role", /TaskRole/)["RoleName"]).toBe("app-role");
  expect(onlyOf(named, "AWS::ElasticLoadBalancingV2::TargetGroup")["Name"]).toBeUndefined();
  const recovery = { region: "us-west-2", strategy: "warm-standby" };
  const both = platformWith({ services: { app: { ...app, names: { taskRole: "app-role" } } } }, { recovery });
  // IAM's names are the account's, whatever the region.
  expect(
    onlyOf(computeTemplate(both, "services", "recovery"), "AWS::IAM::Role", /TaskRole/)["RoleName"],
  ).toBeUndefined();
});
