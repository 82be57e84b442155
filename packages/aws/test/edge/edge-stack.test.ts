// Goal: users come in by the edge only, to the region that serves, and what must not pass does not.
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { edgeStacks } from "../../src/stacks/edge-stack.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { cellWatchTemplate } from "../stamped.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";

/** The templates by id, and the regions they go to. */
function edgeOf(platform: Platform): Readonly<Record<string, Template & { readonly region: string }>> {
  const app = new App({ analyticsReporting: false });
  const stacks = edgeStacks(app, platform);
  const assembly = app.synth();
  return Object.fromEntries(
    stacks.map((stack) => [
      stack.artifactId,
      {
        ...(assembly.getStackArtifact(stack.artifactId).template as Template),
        region: stack.region,
      },
    ]),
  );
}

function one(template: Template | undefined, type: string): Readonly<Record<string, unknown>> {
  const found = Object.values(template === undefined ? {} : resourcesOf(template, type));
  expect(found, type).toHaveLength(1);
  return found[0]?.Properties ?? {};
}

const records = (template: Template | undefined) =>
  Object.values(template === undefined ? {} : resourcesOf(template, "AWS::Route53::RecordSet")).map(
    ({ Properties }) => Properties ?? {},
  );

const service = { image: "example/app:1", route: "/" };
const services = { app: { ...service, kind: "service", port: 80 } };
const recovery = { region: "us-west-2", strategy: "warm-standby" };

describe("saas-management", () => {
  const production = edgeOf(documentPlatform("saas-management", "production"));
  const staging = edgeOf(documentPlatform("saas-management", "staging"));

  test("S1.08 CloudFront stands in us-east-1, wherever the platform is; each region that serves has its records", () => {
    const places = (stacks: typeof production) =>
      Object.entries(stacks).map(([id, { region }]) => [id, region]);
    expect(places(production)).toEqual([
      ["edge-global", "us-east-1"],
      ["edge", "us-east-1"],
      ["recovery-edge", "us-west-2"],
    ]);
    expect(places(staging)).toEqual([
      ["edge-global", "us-east-1"],
      ["edge", "us-east-2"],
    ]);
  });

  test("S1.08 Route 53 leads the domain and its wildcard to CloudFront, by IPv4 and IPv6, and CloudFront goes to the load balancer by HTTPS", () => {
    const hosts = records(production["edge-global"]).map(({ Name, Type, AliasTarget }) => [
      Name,
      Type,
      (AliasTarget as { HostedZoneId: string }).HostedZoneId,
    ]);
    expect(hosts.toSorted()).toEqual([
      ["*.saasplatform.com", "A", "Z2FDTNDATAQYW2"],
      ["*.saasplatform.com", "AAAA", "Z2FDTNDATAQYW2"],
      ["saasplatform.com", "A", "Z2FDTNDATAQYW2"],
      ["saasplatform.com", "AAAA", "Z2FDTNDATAQYW2"],
    ]);
    const { DistributionConfig } = one(production["edge-global"], "AWS::CloudFront::Distribution") as {
      readonly DistributionConfig: Readonly<Record<string, never>>;
    };
    expect(DistributionConfig).toMatchObject({
      Aliases: ["saasplatform.com", "*.saasplatform.com"],
      HttpVersion: "http2and3",
      PriceClass: "PriceClass_100",
      ViewerCertificate: { MinimumProtocolVersion: "TLSv1.2_2021", SslSupportMethod: "sni-only" },
      DefaultCacheBehavior: { ViewerProtocolPolicy: "redirect-to-https", Compress: true },
      Origins: [
        {
          DomainName: "origin--entry.saasplatform.com",
          CustomOriginConfig: { OriginProtocolPolicy: "https-only", OriginSSLProtocols: ["TLSv1.2"] },
        },
      ],
    });
  });

  test("the distribution shows every region's load balancers the secret of that region, which stands in no template", () => {
    const text = JSON.stringify(one(production["edge-global"], "AWS::CloudFront::Distribution"));
    for (const region of ["us-east-1", "us-west-2"]) {
      expect(text).toContain(
        `"HeaderName":"x-origin-verify-${region}","HeaderValue":"{{resolve:secretsmanager:saas-platform/production/origin-header/${region}:SecretString}}"`,
      );
    }
  });

  test("S1.08 WAF and Shield stand before CloudFront", () => {
    const acl = one(production["edge-global"], "AWS::WAFv2::WebACL");
    expect(acl["Scope"]).toBe("CLOUDFRONT");
    const rules = acl["Rules"] as { Name: string; Priority: number; Statement: object }[];
    expect(rules.map(({ Name, Priority }) => [Priority, Name])).toEqual([
      [0, "requests-per-address"],
      [1, "common"],
      [2, "known-bad-inputs"],
      [3, "sql-injection"],
      [4, "ip-reputation"],
      [5, "anonymous-ip"],
    ]);
    expect(rules[0]?.Statement).toEqual({
      RateBasedStatement: { AggregateKeyType: "IP", EvaluationWindowSec: 300, Limit: 2000 },
    });
    expect(
      Object.keys(resourcesOf(production["edge-global"] as Template, "AWS::Shield::Protection")),
    ).toEqual(["ShieldDistribution", "ShieldHostedZone"]);
    expect(resourcesOf(staging["edge-global"] as Template, "AWS::Shield::Protection")).toEqual({});
  });

  test("credentials, cookies and the origin's secrets are in no log of WAF", () => {
    const { RedactedFields, LogDestinationConfigs } = one(
      production["edge-global"],
      "AWS::WAFv2::LoggingConfiguration",
    );
    const headers = (RedactedFields as { SingleHeader: { Name: string } }[]).map(
      ({ SingleHeader }) => SingleHeader.Name,
    );
    expect(headers).toEqual([
      "authorization",
      "cookie",
      "x-origin-verify-us-east-1",
      "x-origin-verify-us-west-2",
    ]);
    expect(LogDestinationConfigs).toHaveLength(1);
  });

  test("S1.19 both regions answer for the origin, with weights that a deployment can switch and a health check each", () => {
    for (const [id, region, weight] of [
      ["edge", "us-east-1", 100],
      ["recovery-edge", "us-west-2", 0],
    ] as const) {
      const template = production[id];
      const entry = records(template).find(({ Name }) => Name === "origin--entry.saasplatform.com");
      expect(entry).toMatchObject({
        SetIdentifier: region,
        Weight: { Ref: "TrafficWeight" },
        HealthCheckId: { "Fn::GetAtt": ["HealthCheck", "HealthCheckId"] },
      });
      expect(template?.Parameters?.["TrafficWeight"]?.["Default"]).toBe(weight);
      const checks = resourcesOf(template as Template, "AWS::Route53::HealthCheck");
      // Traffic shifts between two target groups, and Route 53 takes alarms on one metric only.
      expect(checks["HealthCheck"]?.Properties).toMatchObject({
        HealthCheckConfig: {
          Type: "CALCULATED",
          HealthThreshold: 1,
          ChildHealthChecks: ["HealthTargets", "HealthTargets2"].map((child) => ({
            "Fn::GetAtt": [child, "HealthCheckId"],
          })),
        },
      });
      for (const child of ["HealthTargets", "HealthTargets2"])
        expect(checks[child]?.Properties).toMatchObject({
          HealthCheckConfig: { Type: "CLOUDWATCH_METRIC", InsufficientDataHealthStatus: "Unhealthy" },
          HealthCheckTags: expect.arrayContaining([{ Key: "Environment", Value: "production" }]),
        });
      for (const { Properties } of Object.values(
        resourcesOf(template as Template, "AWS::CloudWatch::Alarm"),
      )) {
        const { Metrics, DatapointsToAlarm, MetricName } = Properties ?? {};
        if (MetricName === "HealthyHostCount")
          expect([Metrics, DatapointsToAlarm]).toEqual([undefined, undefined]);
      }
      expect(records(template).map(({ Name }) => Name)).toContain(`origin--${region}.saasplatform.com`);
    }
  });

  test("S1.19 with one region there is one record, without weights", () => {
    const entry = records(staging["edge"]).find(
      ({ Name }) => Name === "origin--entry.staging.saasplatform.com",
    );
    expect(entry).toBeDefined();
    expect(entry).not.toHaveProperty("Weight");
    expect(resourcesOf(staging["edge"] as Template, "AWS::Route53::HealthCheck")).toEqual({});
  });

  test("no answer is cached for another host or other credentials, and nothing that the origin does not allow", () => {
    const { CachePolicyConfig } = one(production["edge-global"], "AWS::CloudFront::CachePolicy");
    expect(CachePolicyConfig).toMatchObject({
      DefaultTTL: 0,
      MinTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: "all" },
        HeadersConfig: { HeaderBehavior: "whitelist", Headers: ["Authorization", "Host"] },
        QueryStringsConfig: { QueryStringBehavior: "all" },
      },
    });
  });

  test("AWS's validator finds nothing", () => {
    for (const [id, template] of Object.entries({ ...production, ...staging })) {
      const { region: _, ...rest } = template;
      expect(validateTemplate(rest), id).toEqual([]);
    }
  });
});

describe("tenant-silos", () => {
  test("S5.16 production has a web ACL before the load balancers of every cell; development has none", () => {
    const production = edgeOf(documentPlatform("tenant-silos", "production"));
    expect(Object.keys(production)).toEqual(["edge"]);
    const template = production["edge"] as Template;
    expect(one(template, "AWS::WAFv2::WebACL")["Scope"]).toBe("REGIONAL");
    const watch = cellWatchTemplate(documentPlatform("tenant-silos", "production"), 3);
    expect(one(watch, "AWS::WAFv2::WebACLAssociation")).toEqual({
      ResourceArn: { Ref: "CellLoadBalancerArn" },
      WebACLArn: { Ref: "ValueEdgeWebAclArn" },
    });
    const development = edgeOf(documentPlatform("tenant-silos", "development"))["edge"] as Template;
    expect(resourcesOf(development, "AWS::WAFv2::WebACL")).toEqual({});
    expect(one(template, "AWS::Logs::LogGroup")["KmsKeyId"]).toEqual({ Ref: "ValueKeysLogs" });
    const { region: _, ...rest } = production["edge"] as Template & { region: string };
    expect(validateTemplate(rest)).toEqual([]);
  });

  test("without CloudFront the domain and its wildcard lead to the load balancer", () => {
    const template = edgeOf(documentPlatform("tenant-silos", "development"))["edge"];
    expect(
      records(template)
        .map(({ Name, Type }) => `${String(Name)} ${String(Type)}`)
        .toSorted(),
    ).toEqual(["*.example.com A", "example.com A", "origin--us-east-1.example.com A"]);
  });
});

describe("settings", () => {
  const cloudFront = { cloudFront: {} };

  test("health is asked for by request where Route 53 gets in and a shared service answers, else by metrics", () => {
    const probe = (edge: object, tiers: object = {}) => {
      const platform = platformWith(
        { services, tiers, edge: { dns: { healthCheck: { path: "/up", failures: 5 } }, ...edge } },
        { recovery },
      );
      const check = one(edgeOf(platform)["edge"], "AWS::Route53::HealthCheck");
      return check["HealthCheckConfig"] as Readonly<Record<string, unknown>>;
    };
    expect(probe({})).toMatchObject({
      Type: "HTTPS",
      FullyQualifiedDomainName: "origin--us-east-1.example.com",
      ResourcePath: "/up",
      RequestInterval: 30,
      FailureThreshold: 5,
      EnableSNI: true,
    });
    expect(probe(cloudFront)).toMatchObject({
      Type: "CLOUDWATCH_METRIC",
      InsufficientDataHealthStatus: "Unhealthy",
    });
    expect(probe({}, { silo: { services: { app: "silo" } } })).toMatchObject({
      Type: "CLOUDWATCH_METRIC",
      InsufficientDataHealthStatus: "Healthy",
    });
  });

  test("without failover a region without a share has no record; with it the record waits", () => {
    const conditionOf = (dns: object) => {
      const platform = platformWith({ services, edge: { dns } }, { recovery });
      const template = edgeOf(platform)["recovery-edge"] as Template;
      return Object.entries(resourcesOf(template, "AWS::Route53::RecordSet"))
        .filter(([id]) => id.startsWith("Entry"))
        .map(([, resource]) => (resource as { Condition?: string }).Condition);
    };
    expect(new Set(conditionOf({}))).toEqual(new Set(["TakesTraffic"]));
    expect(new Set(conditionOf({ failover: true, healthCheck: {} }))).toEqual(new Set([undefined]));
  });

  test("the share of the recovery region is what the definition says", () => {
    const platform = platformWith(
      { services, edge: { dns: { recoveryPercent: 20 } } },
      { recovery: { ...recovery, strategy: "active-active" } },
    );
    const stacks = edgeOf(platform);
    expect(stacks["edge"]?.Parameters?.["TrafficWeight"]?.["Default"]).toBe(80);
    expect(stacks["recovery-edge"]?.Parameters?.["TrafficWeight"]?.["Default"]).toBe(20);
  });

  test("a region without load balancers has no records", () => {
    const platform = platformWith({ services }, { recovery: { ...recovery, strategy: "pilot-light" } });
    expect(Object.keys(edgeOf(platform))).toEqual(["edge"]);
    expect(edgeOf(platformWith({}))).toEqual({});
  });

  test("every setting of CloudFront and WAF is in the template, and valid", () => {
    const platform = platformWith(
      {
        services,
        domain: "example.org",
        encryption: { keys: "aws-managed" },
        dataProtection: "disposable",
        edge: {
          cloudFront: {
            priceClass: "all",
            tlsMinimum: "1.3",
            compress: false,
            customDomains: true,
            geoRestriction: { mode: "deny", countries: ["KP"] },
          },
          waf: {
            attachTo: "cloudfront",
            managedRules: ["common", "linux", "unix", "admin-protection", "bot-control"],
            rateRules: [
              { name: "login", requests: 20, windowSeconds: 60, by: "forwarded-ip", path: "/v1/login" },
              { name: "host", requests: 10_000, by: "host" },
            ],
          },
        },
      },
      { region: "eu-west-1", recovery: { region: "eu-central-1", strategy: "active-active" } },
    );
    const stacks = edgeOf(platform);
    const template = stacks["edge-global"] as Template;
    const distributions = Object.values(resourcesOf(template, "AWS::CloudFront::Distribution"));
    const configs = distributions.map(
      ({ Properties }) => Properties?.["DistributionConfig"] as Readonly<Record<string, unknown>>,
    );
    const own = configs.find((config) => config["ConnectionMode"] === undefined);
    const tenants = configs.find((config) => config["ConnectionMode"] === "tenant-only");
    expect(own).toMatchObject({
      PriceClass: "PriceClass_All",
      ViewerCertificate: { MinimumProtocolVersion: "TLSv1.3_2025" },
      Restrictions: { GeoRestriction: { RestrictionType: "blacklist", Locations: ["KP"] } },
      DefaultCacheBehavior: { Compress: false },
    });
    expect(tenants).toBeDefined();
    for (const key of ["Aliases", "PriceClass", "IPV6Enabled"]) expect(tenants).not.toHaveProperty(key);
    expect(tenants?.["WebACLId"]).toEqual(own?.["WebACLId"]);
    const rules = one(template, "AWS::WAFv2::WebACL")["Rules"] as { Name: string; Statement: object }[];
    const statement = (name: string) => rules.find(({ Name }) => Name === name)?.Statement;
    expect(statement("login")).toMatchObject({
      RateBasedStatement: {
        AggregateKeyType: "FORWARDED_IP",
        ForwardedIPConfig: { HeaderName: "X-Forwarded-For", FallbackBehavior: "MATCH" },
        ScopeDownStatement: {
          ByteMatchStatement: { SearchString: "/v1/login", PositionalConstraint: "STARTS_WITH" },
        },
      },
    });
    expect(statement("host")).toMatchObject({
      RateBasedStatement: { AggregateKeyType: "CUSTOM_KEYS", CustomKeys: [{ Header: { Name: "host" } }] },
    });
    for (const [id, { region: _, ...rest }] of Object.entries(stacks)) {
      expect(validateTemplate(rest), id).toEqual([]);
    }
  });

  test("the validator would find a setting that is wrong", () => {
    const { region: _, ...template } = edgeOf(platformWith({ services, edge: cloudFront }))[
      "edge-global"
    ] as Template & { region: string };
    const broken = JSON.parse(JSON.stringify(template).replace("TLSv1.2_2021", "TLSv9")) as Template;
    expect(validateTemplate(template)).toEqual([]);
    expect(validateTemplate(broken)).not.toEqual([]);
  });

  test("tenants with services of their own in two cells do not fit behind CloudFront", () => {
    const tenants = Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`tenant-${index}`, "silo"]));
    const settings = {
      services,
      tiers: { silo: { services: { app: "silo" } } },
      tenants,
      cells: { capacity: 2 },
    };
    expect(() => edgeOf(platformWith({ ...settings, edge: cloudFront }))).toThrow(/2 cells/);
    expect(Object.keys(edgeOf(platformWith(settings)))).toEqual(["edge"]);
  });

  test("on this machine's domain there is nothing to be named", () => {
    expect(edgeOf(platformWith({ services, domain: "localhost", routing: { listener: "http" } }))).toEqual(
      {},
    );
  });
});
