import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stableJson } from "@tenantry/base";

type Json = Readonly<Record<string, unknown>>;

interface TestStack {
  readonly id: string;
  readonly region?: string;
  readonly role?: "primary" | "recovery";
  readonly area?: string;
  readonly dependsOn?: readonly string[];
  readonly terminationProtection?: boolean;
  readonly parameters?: Json;
  readonly template: Json;
}

interface TestTenant {
  readonly cell?: number;
  readonly tier?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface TestAssembly {
  readonly platform: string;
  readonly environment?: string;
  readonly account?: string | null;
  readonly region?: string;
  readonly dataProtection?: "protected" | "disposable";
  readonly stacks?: readonly TestStack[];
  readonly tenantTemplate?: Json;
  readonly tenants?: Readonly<Record<string, TestTenant>>;
  readonly tiers?: Json;
}

/** Writes an assembly as synthesis does, of whatever templates a test wants. Returns the folder. */
export async function writeAssembly(folder: string, given: TestAssembly): Promise<string> {
  const { platform, environment = "production", region = "us-east-1", tenants = {} } = given;
  const cloudformation = join(folder, "cloudformation");
  await mkdir(cloudformation, { recursive: true });
  const write = async (file: string, template: Json) => {
    const body = stableJson(template);
    await writeFile(join(cloudformation, file), body);
    return { template: file, templateSha256: createHash("sha256").update(body).digest("hex") };
  };
  const stacks = [];
  for (const { id, template, area = id, parameters = {}, ...rest } of given.stacks ?? []) {
    stacks.push({
      role: "primary",
      region,
      dependsOn: [],
      terminationProtection: false,
      ...rest,
      id,
      area,
      parameters,
      stackName: `${platform}-${environment}-${area}`,
      capabilities: ["CAPABILITY_NAMED_IAM"],
      ...(await write(`${id}.template.json`, template)),
    });
  }
  const tenantTemplates = [];
  if (given.tenantTemplate !== undefined) {
    tenantTemplates.push({
      tier: "silo",
      role: "primary",
      region,
      capabilities: ["CAPABILITY_NAMED_IAM"],
      parameters: {},
      dependsOn: stacks.map(({ id }) => id),
      tenantParameters: {},
      ...(await write("tenant-silo.template.json", given.tenantTemplate)),
    });
  }
  const placed = Object.entries(tenants).map(([tenant, { cell = 1, tier = "silo", parameters = {} }]) => [
    tenant,
    {
      tier,
      cell,
      slot: slotOf(tenant),
      stacks:
        tier === "silo"
          ? [
              {
                role: "primary",
                region,
                stackName: `${platform}-${environment}-tenant-${tenant}`,
                template: "tenant-silo.template.json",
                parameters: { TenantId: tenant, ...parameters },
                tags: { tenant_id: tenant },
              },
            ]
          : [],
    },
  ]);
  const manifest = {
    version: 1,
    platform,
    environment,
    account: given.account ?? null,
    region,
    dataProtection: given.dataProtection ?? "protected",
    administration: [],
    stacks,
    tenantTemplates,
  };
  await writeFile(join(cloudformation, "manifest.json"), stableJson(manifest));
  await writeFile(
    join(folder, "placement.json"),
    stableJson({ version: 1, tenants: Object.fromEntries(placed) }),
  );
  if (given.tiers !== undefined)
    await writeFile(join(folder, "platform.json"), stableJson({ tiers: given.tiers }));
  return folder;
}

/** The same for a tenant whoever comes and goes, as a placement is. */
function slotOf(tenant: string): number {
  return 1 + Number.parseInt(createHash("sha256").update(tenant).digest("hex").slice(0, 5), 16);
}

/** A network and the value that other stacks need of it; `revision` changes the value. */
export function foundation(platform: string, revision = "a", environment = "production"): Json {
  return {
    Metadata: { Emulator: { DelayMs: 60 } },
    Resources: {
      Network: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
      ProvideVpcId: value(`/${platform}/${environment}/network/vpc-id`, {
        "Fn::Join": ["-", [{ Ref: "Network" }, revision]],
      }),
    },
    Outputs: { VpcId: { Value: { Ref: "Network" } } },
  };
}

/** A table that is kept, and a topic. */
export function data(platform: string, table = "main", environment = "production"): Json {
  return {
    Metadata: { Emulator: { DelayMs: 60 } },
    Parameters: {
      ValueNetworkVpcId: {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: `/${platform}/${environment}/network/vpc-id`,
      },
    },
    Resources: {
      Main: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          TableName: `${platform}-${environment}-${table}`,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        },
      },
      Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: `${platform}-${environment}-notices` } },
      ProvideMain: value(`/${platform}/${environment}/stores/main/identifier`, { Ref: "Main" }),
      ProvideNetwork: value(`/${platform}/${environment}/stores/main/endpoint`, { Ref: "ValueNetworkVpcId" }),
    },
    Outputs: { TopicArn: { Value: { Ref: "Topic" } } },
  };
}

/** A tenant's queue-less stack: a parameter of its own that says where the tenant is. */
export function tenantTemplate(platform: string, text = "here", environment = "production"): Json {
  return {
    Metadata: { Emulator: { DelayMs: 30 } },
    Parameters: {
      TenantId: { Type: "String" },
      ValueNetworkVpcId: {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: `/${platform}/${environment}/network/vpc-id`,
      },
    },
    Resources: {
      Home: {
        Type: "AWS::SSM::Parameter",
        Metadata: { Emulator: { FailFor: "bad-tenant", Reason: "told to fail" } },
        Properties: {
          Type: "String",
          Name: { "Fn::Sub": `/${platform}/${environment}/tenants/\${TenantId}` },
          Value: { "Fn::Sub": `${text} in \${ValueNetworkVpcId}` },
        },
      },
    },
    Outputs: { Endpoint: { Value: { "Fn::Sub": "https://${TenantId}.example.com" } } },
  };
}

export function value(name: string, content: unknown): Json {
  return { Type: "AWS::SSM::Parameter", Properties: { Name: name, Type: "String", Value: content } };
}
