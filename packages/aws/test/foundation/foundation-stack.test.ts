// Goal: the foundation of every environment is one that AWS takes, encrypted, tagged, and harmless to its neighbours.
import type { Platform } from "@tenantry/model";
import { expect, test } from "vitest";
import { publishers } from "../../src/alarms/notifications.ts";
import { hostedZoneIdOf } from "../../src/network/hosted-zone.ts";
import { repositoryOf } from "../../src/registry/registry.ts";
import type { PlatformStack } from "../../src/stack/platform-stack.ts";
import {
  platformWith,
  resourcesOf,
  type Template,
  type TemplateResource,
  templateOf,
} from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { documentPlatform, foundationTemplate } from "./document-platform.ts";

const production = documentPlatform("saas-management", "production");
const management = foundationTemplate(production);
const recovery = foundationTemplate(production, "recovery");
const { audit } = documentPlatform("tenant-silos", "production");
const development = foundationTemplate({ ...documentPlatform("tenant-silos", "development"), audit });

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

function statementsOf(resource: TemplateResource | undefined, property: string): readonly Statement[] {
  const document = resource?.Properties?.[property] as { readonly Statement: readonly Statement[] };
  return document.Statement;
}

function valuesOf(template: Template): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.values(resourcesOf(template, "AWS::SSM::Parameter")).map(({ Properties }) => [
      String(Properties?.["Name"]).split("/").slice(3).join("/"),
      Properties?.["Value"],
    ]),
  );
}

test("the foundation of every environment of the documents is one that AWS takes", () => {
  for (const template of [
    management,
    recovery,
    development,
    foundationTemplate(documentPlatform("saas-management", "staging")),
    foundationTemplate(documentPlatform("tenant-silos", "production")),
    foundationTemplate(documentPlatform("tenant-silos", "production"), "recovery"),
  ]) {
    expect(validateTemplate(template)).toEqual([]);
  }
});

test("so are those that choose otherwise", () => {
  const services = { web: { image: "{registry}/web:1", route: "/", uses: ["main", "queue"] } };
  const stores = { main: { kind: "postgres" }, queue: { kind: "queue" }, files: { kind: "bucket" } };
  const chosen: readonly Platform[] = [
    platformWith({ services, stores, encryption: { keys: "aws-managed" }, dataProtection: "disposable" }),
    platformWith({
      services,
      stores,
      encryption: { scope: "per-environment" },
      audit: { securityHub: true },
    }),
    platformWith({
      audit: { cloudTrail: false, config: false, guardDuty: false, retentionDays: 45 },
      network: { natGateways: "none", networkAcls: "open", flowLogs: null, endpoints: [] },
      identity: { deployment: { permissionsBoundary: false } },
      edge: { dns: { hostedZone: "example.com" } },
      parameters: { "feature/beta": "off", "limits.max": "5" },
    }),
    platformWith(
      {
        network: {
          cidr: "172.16.0.0/16",
          natGateways: "single",
          dnsHostnames: false,
          subnets: { public: "auto", web: "auto", app: "auto", database: "auto" },
          endpoints: [
            "s3",
            "dynamodb",
            "sts",
            "ssm",
            "ssmmessages",
            "ec2messages",
            "monitoring",
            "xray",
            "sqs",
          ],
        },
        routing: { scheme: "internal" },
        services: { web: { ...services.web, subnets: "web", uses: [] } },
      },
      { account: "111122223333", zones: 2 },
    ),
  ];
  for (const platform of chosen) expect(validateTemplate(foundationTemplate(platform))).toEqual([]);
});

test("the validator finds what is wrong", () => {
  const subnet = {
    ...management.Resources["NetworkPublicSubnetA"],
    Properties: { CidrBlock: "10.0.0.0/20" },
  };
  const broken = { ...management, Resources: { ...management.Resources, NetworkPublicSubnetA: subnet } };
  expect(validateTemplate(broken).join("\n")).toContain("VpcId");
});

test("S5.14 everything that takes tags has those of the document", () => {
  const named = ["Author", "CreatedAt", "Environment", "PRNumber", "Repository", "Team"];
  for (const [id, { Properties }] of Object.entries(development.Resources)) {
    const tags = Properties?.["Tags"];
    if (tags === undefined) continue;
    const keys = Array.isArray(tags) ? tags.map(({ Key }) => Key as string) : Object.keys(tags as object);
    expect(keys, id).toEqual(expect.arrayContaining(named));
  }
  for (const type of [
    "EC2::VPC",
    "EC2::Subnet",
    "EC2::NatGateway",
    "EC2::VPCEndpoint",
    "KMS::Key",
    "S3::Bucket",
  ]) {
    for (const [id, { Properties }] of Object.entries(resourcesOf(development, `AWS::${type}`))) {
      expect(Properties?.["Tags"], id).toBeDefined();
    }
  }
});

test("S5.13 the VPC is an output", () => {
  expect(development.Outputs?.["VpcId"]?.Value).toEqual({ "Fn::GetAtt": ["NetworkVpc", "VpcId"] });
});

test("S1.09 every purpose and store has a key of its own that rotates, and is kept", () => {
  const keys = resourcesOf(management, "AWS::KMS::Key");
  const stores = ["Cache", "Documents", "Files", "Main"].map((store) => `KeysStores${store}`);
  const purposes = ["Audit", "Backups", "Logs", "Notifications", "Registry", "Secrets"].map(
    (id) => `Keys${id}`,
  );
  expect(Object.keys(keys).sort()).toEqual([...purposes, ...stores].sort());
  for (const key of Object.values(keys)) {
    expect(key).toMatchObject({
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: { EnableKeyRotation: true, RotationPeriodInDays: 365, PendingWindowInDays: 30 },
    });
  }
  const aliases = Object.values(resourcesOf(management, "AWS::KMS::Alias"));
  expect(aliases.map(({ Properties }) => Properties?.["AliasName"])).toContain(
    "alias/saas-platform/production/stores/main",
  );
  expect(valuesOf(management)["keys/stores/main"]).toEqual({ "Fn::GetAtt": ["KeysStoresMain", "Arn"] });
});

test("one key for the environment has every purpose's alias, and lets in everyone who needs one", () => {
  const shared = foundationTemplate({
    ...production,
    encryption: { ...production.encryption, scope: "per-environment" },
  });
  const keys = resourcesOf(shared, "AWS::KMS::Key");
  expect(Object.keys(keys)).toEqual(["KeysEnvironment"]);
  expect(Object.keys(resourcesOf(shared, "AWS::KMS::Alias"))).toHaveLength(10);
  const sids = statementsOf(keys["KeysEnvironment"], "KeyPolicy").map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
  expect(sids).toEqual(expect.arrayContaining(["CloudWatchLogs", "CloudTrailEncrypts", "EventBridge"]));
  for (const [name, value] of Object.entries(valuesOf(shared))) {
    if (name.startsWith("keys/")) expect(value, name).toEqual({ "Fn::GetAtt": ["KeysEnvironment", "Arn"] });
  }
});

test("a service of AWS uses only the keys that are for it, and only for this account", () => {
  const servicesOf = (id: string) =>
    statementsOf(management.Resources[id], "KeyPolicy").flatMap(
      ({ Principal }) => (Principal as { readonly Service?: string | readonly string[] }).Service ?? [],
    );
  expect(servicesOf("KeysLogs")).toEqual(["logs.us-east-1.amazonaws.com"]);
  expect(servicesOf("KeysAudit")).toEqual([
    "cloudtrail.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
  ]);
  expect(servicesOf("KeysNotifications").toSorted()).toEqual(publishers.toSorted());
  expect(servicesOf("KeysStoresMain")).toEqual([]);
  for (const [id, key] of Object.entries(resourcesOf(management, "AWS::KMS::Key"))) {
    for (const statement of statementsOf(key, "KeyPolicy")) {
      if (statement.Sid === "AccountByIam") continue;
      expect(JSON.stringify(statement.Condition), `${id} ${statement.Sid}`).toContain("AWS::AccountId");
    }
  }
});

test("CloudFront reads a bucket that it serves", () => {
  const platform = platformWith({
    stores: { assets: { kind: "bucket", servedByCloudFront: true }, files: { kind: "bucket" } },
    edge: { cloudFront: {} },
  });
  const template = foundationTemplate(platform);
  const policyOf = (id: string) => JSON.stringify(template.Resources[id]?.Properties?.["KeyPolicy"]);
  expect(policyOf("KeysStoresAssets")).toContain("cloudfront.amazonaws.com");
  expect(policyOf("KeysStoresFiles")).not.toContain("cloudfront.amazonaws.com");
});

test("with AWS's own keys there is none of ours, and what is encrypted names none", () => {
  const template = foundationTemplate({
    ...production,
    encryption: { ...production.encryption, keys: "aws-managed" },
  });
  expect(resourcesOf(template, "AWS::KMS::Key")).toEqual({});
  expect(JSON.stringify(template)).not.toContain('"KmsKeyId"');
  expect(JSON.stringify(template.Resources["AuditRecords"])).toContain('"SSEAlgorithm":"AES256"');
});

test("images of the platform's registry have a repository in each region: immutable, scanned, encrypted, of this account", () => {
  for (const template of [management, recovery]) {
    const repositories = resourcesOf(template, "AWS::ECR::Repository");
    expect(Object.keys(repositories).sort()).toEqual(["RegistryApi", "RegistryWeb"]);
    expect(repositories["RegistryWeb"]).toMatchObject({
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: {
        RepositoryName: "saas-platform/production/web",
        ImageTagMutability: "IMMUTABLE",
        ImageScanningConfiguration: { ScanOnPush: true },
        EncryptionConfiguration: { EncryptionType: "KMS" },
        EmptyOnDelete: false,
      },
    });
    expect(valuesOf(template)["registry/web"]).toEqual({ "Fn::GetAtt": ["RegistryWeb", "RepositoryUri"] });
    expect(resourcesOf(template, "AWS::ECR::ReplicationConfiguration")).toEqual({});
  }
  const lifecycle = management.Resources["RegistryWeb"]?.Properties?.["LifecyclePolicy"];
  const { LifecyclePolicyText: text } = lifecycle as { readonly LifecyclePolicyText: string };
  const { rules } = JSON.parse(text) as { readonly rules: readonly unknown[] };
  expect(rules).toMatchObject([
    { rulePriority: 1, selection: { tagStatus: "untagged", countNumber: 14 } },
    { rulePriority: 2, selection: { tagStatus: "any", countNumber: 50 } },
  ]);
  expect(resourcesOf(development, "AWS::ECR::Repository")).toEqual({});
});

test("services with the same image have one repository, what is only built has its own, and images of others none", () => {
  const template = foundationTemplate(
    platformWith({
      services: {
        web: { image: "{registry}/team/app:1", route: "/" },
        worker: { image: "{registry}/team/app:2" },
        job: { build: { context: "job" } },
        proxy: { image: "nginx:latest" },
      },
    }),
  );
  expect(Object.keys(resourcesOf(template, "AWS::ECR::Repository"))).toEqual([
    "RegistryTeamApp",
    "RegistryJob",
  ]);
  const uri = { "Fn::GetAtt": ["RegistryTeamApp", "RepositoryUri"] };
  expect(valuesOf(template)).toMatchObject({ "registry/web": uri, "registry/worker": uri });
  expect(repositoryOf("{registry}/app@sha256:00")).toBe("app");
  expect(repositoryOf("nginx:latest")).toBeNull();
  expect(repositoryOf(null)).toBeNull();
});

test("S1.11 a trail of all regions whose files cannot be changed unnoticed, Config and GuardDuty, in the primary region", () => {
  expect(management.Resources["AuditTrail"]?.Properties).toMatchObject({
    IsMultiRegionTrail: true,
    IsLogging: true,
    EnableLogFileValidation: true,
    IncludeGlobalServiceEvents: true,
    KMSKeyId: { "Fn::GetAtt": ["KeysAudit", "Arn"] },
    S3BucketName: { Ref: "AuditRecords" },
  });
  expect(management.Resources["AuditConfigRecorder"]?.Properties?.["RecordingGroup"]).toEqual({
    AllSupported: true,
    IncludeGlobalResourceTypes: true,
  });
  expect(management.Resources["AuditGuardDuty"]?.Properties?.["Enable"]).toBe(true);
  const rules = resourcesOf(management, "AWS::Config::ConfigRule");
  expect(rules["AuditConfigRuleAccessKeysRotated"]?.Properties).toMatchObject({
    InputParameters: { maxAccessKeyAge: "90" },
    Source: { Owner: "AWS", SourceIdentifier: "ACCESS_KEYS_ROTATED" },
  });
  expect(Object.keys(rules)).toContain("AuditConfigRuleMfaEnabledForIamConsoleAccess");
  expect(Object.keys(recovery.Resources).filter((id) => id.startsWith("Audit"))).toEqual([]);
});

test("neither Config's recorder nor its delivery channel waits for the other, which waits for it", () => {
  const dependsOn = (id: string) =>
    JSON.stringify((management.Resources[id] as { readonly DependsOn?: unknown }).DependsOn ?? []);
  expect(dependsOn("AuditConfigDeliveryChannel")).toBe('["AuditRecordsPolicy"]');
  expect(dependsOn("AuditConfigRecorder")).toBe("[]");
});

test("an environment that does not own the audit of its account makes none of it, and nothing else refers to it", () => {
  const audit = Object.entries(development.Resources).filter(([id]) => id.startsWith("Audit"));
  expect(audit.length).toBeGreaterThan(20);
  for (const [id, resource] of audit) {
    expect((resource as { readonly Condition?: string }).Condition, id).toBe("IsAuditOwner");
  }
  const rest = Object.fromEntries(
    Object.entries(development.Resources).filter(([id]) => !id.startsWith("Audit")),
  );
  const text = JSON.stringify([rest, development.Outputs]);
  for (const [id] of audit) expect(text).not.toContain(`"${id}"`);
  expect(development.Parameters?.["OwnsAccountAudit"]).toMatchObject({
    Default: "true",
    AllowedValues: ["true", "false"],
  });
});

test("buckets are private, encrypted, versioned, forget in time, and refuse whoever comes without TLS", () => {
  for (const template of [management, recovery, development]) {
    for (const [id, bucket] of Object.entries(resourcesOf(template, "AWS::S3::Bucket"))) {
      expect(bucket.Properties, id).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: "Enabled" },
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 365 }] },
      });
      const statements = statementsOf(template.Resources[`${id}Policy`], "PolicyDocument");
      expect(statements[0], id).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      for (const statement of statements) {
        if (statement.Effect === "Allow")
          expect(JSON.stringify(statement.Condition)).toContain("AWS::AccountId");
      }
    }
  }
  expect(management.Resources["AuditRecords"]?.DeletionPolicy).toBe("RetainExceptOnCreate");
  expect(development.Resources["AuditRecords"]?.DeletionPolicy).toBe("Delete");
});

test("load balancers, buckets, and CloudFront where there is one, may write access logs", () => {
  const writers = (template: Template) =>
    statementsOf(template.Resources["AccessLogsBucketPolicy"], "PolicyDocument").map(({ Sid }) => Sid);
  expect(writers(management)).toEqual(["DenyWithoutTls", "LoadBalancers", "Buckets", "CloudFront"]);
  expect(writers(development)).toEqual(["DenyWithoutTls", "LoadBalancers", "Buckets"]);
  expect(valuesOf(recovery)["audit/log-bucket"]).toEqual({ Ref: "AccessLogsBucket" });
});

test("every role but Config's has the boundary", () => {
  const roles = resourcesOf(management, "AWS::IAM::Role");
  const open = Object.entries(roles).filter(
    ([, { Properties }]) => Properties?.["PermissionsBoundary"] === undefined,
  );
  expect(Object.keys(roles).length).toBeGreaterThan(2);
  expect(open.map(([id]) => id)).toEqual(["AuditConfigRole"]);
});

test("the hosted zone is made once, in the primary region, and found by stacks of every region", () => {
  expect(Object.keys(resourcesOf(management, "AWS::Route53::HostedZone"))).toEqual(["HostedZone"]);
  expect(resourcesOf(recovery, "AWS::Route53::HostedZone")).toEqual({});
  expect(valuesOf(management)["dns/hosted-zone-id"]).toEqual({ "Fn::GetAtt": ["HostedZone", "Id"] });

  const parameterOf = (role: "primary" | "recovery") => {
    const read = (stack: PlatformStack) => stack.output("Zone", hostedZoneIdOf(stack), "The zone.");
    const elsewhere = role === "primary" ? "" : "InUsEast1";
    return templateOf(production, "cell", read, role).Parameters?.[`ValueDnsHostedZoneId${elsewhere}`];
  };
  expect(parameterOf("primary")).toMatchObject({
    Type: "AWS::SSM::Parameter::Value<String>",
    Default: "/saas-platform/production/dns/hosted-zone-id",
  });
  expect(parameterOf("recovery")).toMatchObject({ Type: "String" });
});

test("an existing hosted zone is looked up by the deployment", () => {
  const platform = platformWith({ edge: { dns: { hostedZone: "example.com" } } });
  templateOf(platform, "edge", (stack) => {
    expect(hostedZoneIdOf(stack)).toBe(hostedZoneIdOf(stack));
    expect(stack.parameterSources.get("HostedZoneId")).toEqual({
      kind: "hosted-zone",
      domain: "example.com",
    });
  });
  expect(resourcesOf(foundationTemplate(platform), "AWS::Route53::HostedZone")).toEqual({});
});

test("parameters of the definition stand below the environment's path, in each region", () => {
  const platform = { ...production, parameters: { "feature/beta": "off" } };
  for (const site of ["primary", "recovery"] as const) {
    const parameter = foundationTemplate(platform, site).Resources["ParameterFeatureBeta"];
    expect(parameter?.Properties).toMatchObject({
      Name: "/saas-platform/production/feature/beta",
      Value: "off",
    });
  }
});
