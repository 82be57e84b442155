import type { Resource, ShippedFiles } from "../src/index.ts";
import { readShipment } from "../src/artifacts/read-shipment.ts";
import type { Shipment } from "../src/artifacts/shipment.ts";

type Json = unknown;

export interface ExampleStack {
  readonly id: string;
  readonly template: Json;
  readonly region?: string;
  readonly stackName?: string;
  readonly area?: string;
  readonly parameters?: Readonly<Record<string, Json>>;
}

export interface ExampleTier {
  readonly template: Json;
  readonly tenantParameters: Readonly<Record<string, Json>>;
}

/** The least that can be read: a platform "acme" in production with these stacks, and one tier "silo" where it is given. */
export function exampleFiles(
  stacks: readonly ExampleStack[],
  { tier, tenants = {} }: { readonly tier?: ExampleTier; readonly tenants?: Json } = {},
): ShippedFiles {
  const templates = stacks.map(({ id, template }) => [`cloudformation/${id}.template.json`, template]);
  const entries = stacks.map(({ id, region = "us-east-1", stackName, area, parameters = {} }) => ({
    ...templateEntry(`${id}.template.json`, region, parameters),
    id,
    area: area ?? id,
    stackName: stackName ?? `acme-production-${id}`,
    terminationProtection: true,
  }));
  const tiers =
    tier === undefined
      ? []
      : [
          {
            ...templateEntry("tenant-silo.template.json", "us-east-1", {}),
            tier: "silo",
            tenantParameters: tier.tenantParameters,
          },
        ];
  const manifest = {
    version: 1,
    platform: "acme",
    environment: "production",
    account: "123456789012",
    region: "us-east-1",
    dataProtection: "protected",
    stacks: entries,
    administration: [],
    tenantTemplates: tiers,
  };
  return Object.fromEntries(
    [
      ...templates,
      ...(tier === undefined ? [] : [["cloudformation/tenant-silo.template.json", tier.template]]),
      ["cloudformation/manifest.json", manifest],
      ["placement.json", { version: 1, tenants }],
      ["platform.json", examplePlatform],
    ].map(([path, content]) => [path, JSON.stringify(content)]),
  ) as ShippedFiles;
}

function templateEntry(template: string, region: string, parameters: Readonly<Record<string, Json>>) {
  const templateSha256 = "0".repeat(64);
  return { role: "primary", region, template, templateSha256, capabilities: [], parameters, dependsOn: [] };
}

const region = {
  region: "us-east-1",
  zones: [],
  network: { cidr: "10.0.0.0/16", subnets: {} },
  services: {},
  functions: {},
  stores: {},
};

export const examplePlatform = {
  ...region,
  audit: { cloudTrail: true, config: true, guardDuty: true, securityHub: false },
  backups: { plans: {} },
  compliance: [],
  cost: {},
  delivery: { registry: {} },
  encryption: { keys: "customer-managed" },
  identity: { deployment: {} },
  incidents: { acknowledgeMinutes: {} },
  observability: {},
  kind: "platform",
  name: "acme",
  environment: "production",
  domain: "example.com",
  compute: "fargate",
  routing: {
    tenantHosts: ["{tenant}.example.com"],
    listener: "https",
    tlsMinimum: "1.3",
    scheme: "internet-facing",
  },
  edge: { cloudFront: null, waf: null },
  tenantIdLengthMax: 32,
  cells: { capacity: 10 },
  recovery: null,
  tiers: { silo: { name: "silo", services: {}, stores: {} } },
  tenants: {},
  tenantStore: null,
  tags: {},
  dataProtection: "protected",
};

/** A shipment of one stack, and its resources by logical id. */
export function exampleShipment(
  template: Json,
  parameters: Readonly<Record<string, Json>> = {},
): { readonly shipment: Shipment; readonly resources: Readonly<Record<string, Resource>> } {
  const shipment = readShipment(exampleFiles([{ id: "data", template, parameters }]));
  const resources = shipment.shared.flatMap((stack) => stack.resources());
  return { shipment, resources: Object.fromEntries(resources.map((one) => [one.logicalId, one])) };
}

/** What a value of a template is resolved to, and what is wrong with it. */
export function resolved(
  value: Json,
  sections: object = {},
  parameters: Readonly<Record<string, Json>> = {},
) {
  const { Resources: others = {}, ...rest } = sections as { readonly Resources?: object };
  const template = {
    ...rest,
    Resources: { ...others, It: { Type: "AWS::SNS::Topic", Properties: { DisplayName: value } } },
  };
  const { shipment, resources } = exampleShipment(template, parameters);
  return {
    value: resources["It"]?.properties["DisplayName"],
    problems: shipment.problems.map(({ missing }) => missing),
  };
}
