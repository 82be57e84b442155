// Goal: what a tenant has to itself is its own alone, in one template for all tenants.
import { expect, test } from "vitest";
import type { Platform } from "@tenantry/model";
import type { Statement } from "../../src/policy/policy-document.ts";
import { pooledStoreAccess } from "../../src/stacks/store-access.ts";
import { platformWith, templateOf } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { propertiesOf, tenantTemplate, written } from "./data-templates.ts";

const development = tenantTemplate(documentPlatform("tenant-silos", "development"), "silo");
const production = tenantTemplate(documentPlatform("tenant-silos", "production"), "silo");

const stores = {
  main: { kind: "postgres", instance: "r8g.large", iamAuthentication: true },
  documents: { kind: "documentdb", instance: "r8g.large" },
  cache: { kind: "redis" },
  files: { kind: "bucket" },
};
function platformOf(isolation: string, settings: object = {}, environment: object = {}): Platform {
  return platformWith(
    {
      services: { app: { image: "a/b:1", uses: Object.keys(stores), route: "/" } },
      stores,
      tiers: {
        one: {
          services: { app: "silo" },
          stores: Object.fromEntries(Object.keys(stores).map((name) => [name, isolation])),
        },
      },
      ...settings,
    },
    environment,
  );
}
const silo = tenantTemplate(platformOf("silo"), "one");
const bridge = tenantTemplate(platformOf("bridge"), "one");
const pool = tenantTemplate(platformOf("pool"), "one");
const inRecovery = tenantTemplate(
  platformOf("bridge", {}, { recovery: { region: "us-west-2", strategy: "warm-standby" } }),
  "one",
  "recovery",
);

test("CloudFormation's validator has nothing against any of them", () => {
  for (const { template } of [development, production, silo, bridge, pool, inRecovery])
    expect(validateTemplate(template)).toEqual([]);
}, 120_000);

test("S5.03 a tenant's credentials have a secret of the document's name, and a password of their own", () => {
  const secret = propertiesOf(development.template, "MainUserSecret");
  expect(written(secret["Name"])).toBe("rds/tenant/<TenantId>/development/password");
  const generated = secret["GenerateSecretString"] as Readonly<Record<string, unknown>>;
  expect(generated["GenerateStringKey"]).toBe("password");
  expect(written(generated["SecretStringTemplate"])).toBe(
    '{"engine":"postgres","host":"<ValueStoresMainEndpoint>","port":5432,"dbname":"saasdb","username":"tenant_<TenantUsername>"}',
  );
  expect(development.template.Resources["MainUserRotation"], "rotationDays is null").toBeUndefined();
  expect(propertiesOf(production.template, "MainUserRotation")).toMatchObject({
    RotateImmediatelyOnUpdate: false,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
});

test("S5.05 a tenant's bucket has the document's name, and the tenant's tags", () => {
  const bucket = propertiesOf(development.template, "Data");
  expect(written(bucket["BucketName"])).toBe("saas-platform-<TenantId>-data-development");
  expect(bucket["Tags"]).toEqual(
    expect.arrayContaining([
      { Key: "tenant_id", Value: { Ref: "TenantId" } },
      { Key: "cost_center", Value: { Ref: "CostCenter" } },
    ]),
  );
  expect(development.template.Resources["Data"]?.DeletionPolicy).toBe("Delete");
  expect(production.template.Resources["Data"]?.DeletionPolicy).toBe("RetainExceptOnCreate");
});

test("S5.13 bucket and connection are outputs", () => {
  expect(development.template.Outputs?.["Bucket"]?.Value).toEqual({ Ref: "Data" });
  expect(written(development.template.Outputs?.["DbConnection"]?.Value)).toBe(
    "postgresql://tenant_<TenantUsername>@<ValueStoresMainEndpoint>/saasdb?secret=rds/tenant/<TenantId>/development/password",
  );
});

interface Caller {
  readonly tenant?: string;
  readonly access?: string;
  readonly isService?: boolean;
}

/** What the Deny statements of the bucket's policy say to a caller of the tenant acme's bucket, besides TLS. */
function isDenied(action: string, on: "bucket" | "object", caller: Caller): boolean {
  const { Statement: statements } = propertiesOf(development.template, "DataPolicy")["PolicyDocument"] as {
    readonly Statement: readonly Statement[];
  };
  const resource = on === "bucket" ? "<Data.Arn>" : "<Data.Arn>/*";
  return statements
    .filter(({ Sid }) => Sid !== "DenyWithoutTls")
    .some(({ Effect, Action, Resource, Condition }) => {
      const { StringNotEquals = {}, Bool = {} } = Condition ?? {};
      const actions = [Action ?? []].flat() as readonly string[];
      return (
        Effect === "Deny" &&
        (actions.includes("s3:*") || actions.includes(action)) &&
        ([Resource ?? []].flat() as readonly unknown[]).map(written).includes(resource) &&
        written(StringNotEquals["aws:PrincipalTag/tenant_id"]).replace("<TenantId>", "acme") !==
          caller.tenant &&
        StringNotEquals["aws:PrincipalTag/platform_access"] !== caller.access &&
        Bool["aws:PrincipalIsAWSService"] === String(caller.isService ?? false)
      );
    });
}

test("S5.15 the bucket's policy refuses its objects to all but the tenant's roles and the platform's own for data", () => {
  expect(isDenied("s3:GetObject", "object", { tenant: "acme" })).toBe(false);
  expect(isDenied("s3:ListBucket", "bucket", { tenant: "acme" })).toBe(false);
  expect(isDenied("s3:GetObject", "object", { tenant: "globex" })).toBe(true);
  expect(isDenied("s3:ListBucket", "bucket", { tenant: "globex" })).toBe(true);
  expect(isDenied("s3:PutObject", "object", {}), "a role without the tag").toBe(true);
  expect(isDenied("s3:GetObject", "object", { access: "tenant-data" }), "a role of backups").toBe(false);
  expect(isDenied("s3:GetObject", "object", { isService: true }), "CloudFront, which needs an Allow").toBe(
    false,
  );
});

test("S5.15 a deployment, whose role has no tenant's tag, is not locked out of the bucket itself", () => {
  for (const action of [
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:DeleteBucket",
    "s3:PutLifecycleConfiguration",
  ])
    expect(isDenied(action, "bucket", {}), action).toBe(false);
});

test("S5.06 a tenant's role may use its own bucket, its own secret, and keys through them only", () => {
  const { data, main } = development.access;
  const resources = [...(data?.statements ?? []), ...(main?.statements ?? [])].flatMap(({ Resource }) =>
    ([Resource ?? []].flat() as readonly unknown[]).map(written),
  );
  expect(resources).toEqual([
    "arn:<AWS::Partition>:s3:::<Data>",
    "arn:<AWS::Partition>:s3:::<Data>/*",
    "<ValueKeysStoresData>",
    "<MainUserSecret>",
    "<ValueKeysSecrets>",
  ]);
  for (const { Action } of data?.statements ?? [])
    for (const action of [Action ?? []].flat()) expect(action).not.toMatch(/\*|Policy|BucketA|PutBucket/);
  const keyStatements = [...(data?.statements ?? []), ...(main?.statements ?? [])].filter(({ Action }) =>
    [Action ?? []].flat().some((action) => action.startsWith("kms:")),
  );
  expect(keyStatements).toHaveLength(2);
  for (const { Condition } of keyStatements)
    expect(JSON.stringify(Condition)).toMatch(/kms:ViaService.*kms:EncryptionContext:(aws:s3:arn|SecretARN)/);
});

test("a service is told where its stores are, without credentials, and ECS fills in the rest", () => {
  expect(Object.keys(development.access["main"]?.environment ?? {}).toSorted()).toEqual([
    "MAIN_DATABASE",
    "MAIN_HOST",
    "MAIN_PORT",
    "MAIN_READER_HOST",
    "MAIN_SECRET_ARN",
    "MAIN_URL",
  ]);
  expect(written(development.access["main"]?.environment["MAIN_URL"])).toBe(
    "postgresql://<ValueStoresMainEndpoint>:5432/saasdb?sslmode=require",
  );
  expect(
    Object.entries(development.access["main"]?.secrets ?? {}).map(([key, value]) => [key, written(value)]),
  ).toEqual([
    ["MAIN_USERNAME", "<MainUserSecret>:username::"],
    ["MAIN_PASSWORD", "<MainUserSecret>:password::"],
  ]);
  expect(development.access["data"]?.environment).toMatchObject({ DATA_BUCKET: { Ref: "Data" } });
  expect(development.access["main"]?.securityGroups).toEqual([{ Ref: "ValueStoresMainClientSecurityGroup" }]);
});

test("a silo has databases and a cache of its own, with names and secrets of its own", () => {
  const cluster = propertiesOf(silo.template, "MainCluster");
  expect(written(cluster["DBClusterIdentifier"])).toMatch(/^test-platform-[0-9a-f]{8}-<TenantId>$/);
  expect(written(propertiesOf(silo.template, "MainMasterSecret")["Name"])).toBe(
    "test-platform/production/main/tenant/<TenantId>/master",
  );
  expect(written(propertiesOf(silo.template, "CacheToken")["Name"])).toBe(
    "test-platform/production/cache/auth/<TenantId>",
  );
  expect(silo.access["main"]?.securityGroups).toEqual([{ "Fn::GetAtt": ["MainNetworkClient", "GroupId"] }]);
  expect(
    Object.keys(silo.template.Parameters ?? {}).filter((id) => id.includes("StoresMainEndpoint")),
  ).toEqual([]);
  expect(JSON.stringify(silo.access["main"]?.statements)).toContain("rds-db:connect");
});

test("in shared stores a tenant reaches what is its own: a user, a prefix of objects, a prefix of keys", () => {
  for (const { access } of [bridge, pool]) {
    const objects = access["files"]?.statements.find(({ Action }) =>
      [Action ?? []].flat().includes("s3:GetObject"),
    );
    expect(written(objects?.Resource)).toBe(
      "arn:<AWS::Partition>:s3:::<ValueStoresFilesBucket>/<TenantId>/*",
    );
    const list = access["files"]?.statements.find(({ Action }) =>
      [Action ?? []].flat().includes("s3:ListBucket"),
    );
    expect(written(list?.Condition?.["StringLike"]?.["s3:prefix"])).toBe("<TenantId>/*");
    expect(written(access["cache"]?.environment["CACHE_KEY_PREFIX"])).toBe("<TenantId>:");
  }
  expect(written(bridge.access["main"]?.secrets["MAIN_PASSWORD"])).toBe("<MainUserSecret>:password::");
  expect(written(pool.access["main"]?.secrets["MAIN_PASSWORD"])).toBe(
    "<ValueStoresMainApplicationSecretArn>:password::",
  );
});

test("the recovery region has copies of the tenant's secrets, and asks for them by name", () => {
  expect(inRecovery.template.Resources["MainUserSecret"]).toBeUndefined();
  const [read] = inRecovery.access["main"]?.statements ?? [];
  expect(written(read?.Resource)).toBe(
    "arn:<AWS::Partition>:secretsmanager:us-west-2:<AWS::AccountId>:secret:test-platform/production/main/tenant/<TenantId>-??????",
  );
});

test("a shared service gets the application's user, never the administrator's", () => {
  const platform = platformWith({ services: { app: { image: "a/b:1", uses: ["main", "files"] } }, stores });
  const template = templateOf(platform, "services", (stack, { region }) => {
    for (const name of ["main", "documents", "cache", "files"]) {
      const store = region.stores[name];
      if (store === undefined) throw new Error(`no store ${name}`);
      const { environment, secrets } = pooledStoreAccess(stack, store);
      for (const [key, value] of Object.entries({ ...environment, ...secrets }))
        stack.output(key.replaceAll("_", ""), value, "Used.");
    }
  });
  expect(written(template.Outputs?.["MAINPASSWORD"]?.Value)).toBe(
    "<ValueStoresMainApplicationSecretArn>:password::",
  );
  expect(written(template.Outputs?.["FILESURL"]?.Value)).toBe("s3://<ValueStoresFilesBucket>/");
  expect(written(template.Outputs?.["CACHEURL"]?.Value)).toBe("rediss://<ValueStoresCacheEndpoint>:6379");
  expect(written(template.Outputs?.["DOCUMENTSURL"]?.Value)).toMatch(/^mongodb:.*&tls=true$/);
  expect(JSON.stringify(template.Parameters)).not.toContain("stores/main/secret-arn");
});

test("a tenant's own bucket cannot be copied, and that is said", () => {
  const platform = platformOf(
    "silo",
    { stores: { ...stores, files: { kind: "bucket", replication: {} } } },
    { recovery: { region: "us-west-2" } },
  );
  expect(() => tenantTemplate(platform, "one")).toThrow(
    expect.objectContaining({ code: "AWS_TENANT_REPLICATION" }),
  );
});
