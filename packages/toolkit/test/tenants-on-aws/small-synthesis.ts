import { createHash } from "node:crypto";
import { stableJson } from "@tenantry/base";
import type { Platform, PlatformTenant, Tier } from "@tenantry/model";

type Json = Readonly<Record<string, unknown>>;

/** How a test's templates differ from one another; a later revision is what a definition would have changed. */
export interface Revision {
  readonly shared?: string;
  readonly tenant?: string;
  /** A value in Parameter Store that the tenants' template needs besides. */
  readonly needs?: string;
  /** The tenant for which the template fails. */
  readonly failFor?: string;
}

/**
 * Artifacts of a platform as synthesis makes them, of resources that the emulator knows: a network, a value for each cell, and for
 * each tier a template with a rule that can stand only once in its cell.
 */
export function smallSynthesis(
  platform: Platform,
  revision: Revision = {},
): Readonly<Record<string, string>> {
  const { name, environment, region } = platform;
  const files: Record<string, string> = {};
  const write = (file: string, template: Json) => {
    const text = `${stableJson(template)}\n`;
    files[`cloudformation/${file}`] = text;
    const templateSha256 = createHash("sha256").update(text).digest("hex");
    return { template: file, templateSha256, role: "primary", region, capabilities: [] as string[] };
  };
  const cells = [...new Set([1, ...tenantsOf(platform).map(({ placement }) => placement.cell)])].sort();
  const stacks = [
    { id: "foundation", template: foundation(platform, revision), dependsOn: [] as string[] },
    ...cells.map((cell) => ({
      id: `cell-${cell}`,
      template: cellTemplate(platform, cell),
      dependsOn: ["foundation"],
    })),
  ].map(({ id, template, dependsOn }) => ({
    id,
    area: id,
    stackName: `${name}-${environment}-${id}`,
    dependsOn,
    parameters: {},
    terminationProtection: false,
    ...write(`${id}.template.json`, template),
  }));
  const tenantTemplates = Object.values(platform.tiers)
    .filter(hasStack)
    .map((tier) => ({
      tier: tier.name,
      dependsOn: stacks.map(({ id }) => id),
      tenantParameters: {},
      parameters: {},
      ...write(`tenant-${tier.name}.template.json`, tenantTemplate(platform, tier, revision)),
    }));
  const tenants = tenantsOf(platform).map((tenant) => [tenant.id, placed(platform, tenant)]);
  const manifest = {
    version: 1,
    platform: name,
    environment,
    account: platform.account,
    region,
    dataProtection: platform.dataProtection,
    administration: [],
    stacks,
    tenantTemplates,
  };
  return {
    ...files,
    "cloudformation/manifest.json": stableJson(manifest),
    "placement.json": stableJson({ version: 1, tenants: Object.fromEntries(tenants) }),
  };
}

function tenantsOf({ tenants }: Platform): readonly PlatformTenant[] {
  return Object.values(tenants);
}

function hasStack({ services }: Tier): boolean {
  return Object.values(services).includes("silo");
}

function placed(platform: Platform, { id, tier, tags, hosts, placement }: PlatformTenant): Json {
  const { name, environment, region, tiers } = platform;
  const own = Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(platform.tags, key)));
  const stack = {
    role: "primary",
    region,
    stackName: `${name}-${environment}-tenant-${id}`,
    template: `tenant-${tier}.template.json`,
    parameters: {
      TenantId: id,
      Hosts: hosts.join(","),
      CellListenerArn: `/${name}/${environment}/cells/${placement.cell}/listener-arn`,
      Rule: `/${name}/${environment}/rules/${placement.cell}/${placement.slot}`,
    },
    tags: own,
  };
  const isOwn = tiers[tier] !== undefined && hasStack(tiers[tier]);
  return { tier, ...placement, stacks: isOwn ? [stack] : [] };
}

function foundation({ name, environment }: Platform, { shared = "a" }: Revision): Json {
  return {
    Description: shared,
    Resources: { ProvideVpcId: value(`/${name}/${environment}/network/vpc-id`, `vpc-${shared}`) },
  };
}

function cellTemplate({ name, environment }: Platform, cell: number): Json {
  return {
    Resources: {
      ProvideListener: value(`/${name}/${environment}/cells/${cell}/listener-arn`, `arn-${cell}`),
    },
  };
}

function tenantTemplate(
  { name, environment, dataProtection }: Platform,
  tier: Tier,
  revision: Revision,
): Json {
  const { tenant = "a", needs, failFor } = revision;
  const stored = "AWS::SSM::Parameter::Value<String>";
  const policy = dataProtection === "protected" ? "Retain" : "Delete";
  const files = {
    Type: "AWS::S3::Bucket",
    DeletionPolicy: policy,
    UpdateReplacePolicy: policy,
    Properties: { BucketName: { "Fn::Sub": `${name}-${environment}-\${TenantId}` } },
  };
  return {
    Description: `${tier.name} ${tenant}`,
    Parameters: {
      TenantId: { Type: "String" },
      Hosts: { Type: "String" },
      CellListenerArn: { Type: stored },
      Rule: { Type: "String" },
      ...(needs === undefined ? {} : { Needed: { Type: stored, Default: needs } }),
    },
    Resources: {
      Rule: value({ Ref: "Rule" }, { Ref: "TenantId" }),
      Home: {
        ...value(
          { "Fn::Sub": `/${name}/${environment}/tenants/\${TenantId}` },
          { "Fn::Sub": `${tier.name} ${tenant} behind \${CellListenerArn}` },
        ),
        ...(failFor === undefined ? {} : { Metadata: { Emulator: { FailFor: failFor } } }),
      },
      ...(tier.stores["files"] === "silo" ? { Files: files } : {}),
    },
    Outputs: { Endpoint: { Value: { "Fn::Sub": "https://${TenantId}.example.com" } } },
  };
}

function value(name: unknown, content: unknown): Json {
  return { Type: "AWS::SSM::Parameter", Properties: { Name: name, Type: "String", Value: content } };
}
