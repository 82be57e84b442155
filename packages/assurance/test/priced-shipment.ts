import { type Platform, usageDefaults } from "@tenantry/model";
import type { Properties, Resource, Shipment, ShippedStack } from "../src/artifacts/shipment.ts";

/** A resource as it is written in a test: its logical id is made of its type and its place in the list. */
export type Written = readonly [type: string, properties?: Properties];

export interface StackPlan {
  readonly id: string;
  readonly region?: string;
  readonly role?: "primary" | "recovery";
  readonly cell?: number;
  readonly resources: readonly Written[];
}

export interface TierPlan {
  readonly usage?: Readonly<Record<string, number | null>>;
  readonly costWeight?: number;
  readonly monthlyPriceUsd?: number | null;
  readonly services?: Readonly<Record<string, string>>;
  readonly stores?: Readonly<Record<string, string>>;
  /** The resources of each tenant's own stack. */
  readonly resources?: readonly Written[];
}

export interface ShipmentPlan {
  readonly shared?: readonly StackPlan[];
  readonly tiers?: Readonly<Record<string, TierPlan>>;
  /** The tier and the cell of each tenant, by id. */
  readonly tenants?: Readonly<Record<string, readonly [tier: string, cell?: number]>>;
  readonly usage?: Readonly<Record<string, number>>;
  readonly allocation?: Readonly<Record<string, string>>;
  readonly capacity?: number;
  readonly recovery?: { readonly region: string; readonly strategy: string };
  readonly stores?: Readonly<Record<string, { readonly kind: string; readonly bucket?: string | null }>>;
  readonly services?: readonly string[];
}

/** A shipment that holds what a test is about and nothing else, named shop-production, in us-east-1. */
export function pricedShipment(plan: ShipmentPlan): Shipment {
  const tiers = Object.entries(plan.tiers ?? {});
  const definition = {
    kind: "platform",
    name: "shop",
    environment: "production",
    region: "us-east-1",
    recovery: plan.recovery ?? null,
    cells: { capacity: plan.capacity ?? 90 },
    cost: { usage: { ...usageDefaults, ...plan.usage }, allocation: plan.allocation ?? {} },
    services: Object.fromEntries((plan.services ?? []).map((name) => [name, { name }])),
    stores: Object.fromEntries(
      Object.entries(plan.stores ?? {}).map(([name, store]) => [name, { name, ...store }]),
    ),
    tiers: Object.fromEntries(
      tiers.map(([name, { resources: _resources, ...tier }]) => [
        name,
        { name, services: {}, stores: {}, monthlyPriceUsd: null, ...tier },
      ]),
    ),
  };
  const tenants = Object.entries(plan.tenants ?? {});
  return {
    platform: "shop",
    environment: "production",
    account: "111122223333",
    region: "us-east-1",
    definition: definition as unknown as Platform,
    shared: (plan.shared ?? []).map((stack) => stackOf(stack, null)),
    tenants: new Map(tenants.map(([id, [tier, cell = 1]]) => [id, { id, tier, cell, slot: 1, stacks: [] }])),
    tiers: tiers
      .filter(([, { resources }]) => resources !== undefined)
      .map(([tier, { resources = [] }]) => ({
        tier,
        role: "primary",
        region: "us-east-1",
        template: `tenant-${tier}.template.json`,
        parameters: {},
        anyTenant: (name) => stackOf({ id: `tenant/⟨tenant:${name}⟩`, cell: 1, resources }, tier),
      })),
    problems: [],
  };
}

function stackOf(
  { id, region = "us-east-1", role = "primary", cell, resources }: StackPlan,
  tier: string | null,
): ShippedStack {
  const stack: ShippedStack = {
    id,
    stackName: `shop-production-${id}`,
    region,
    role,
    area: id,
    tenant: tier === null ? null : "⟨tenant:a⟩",
    tier,
    cell: cell ?? null,
    template: `${id}.template.json`,
    parameters: {},
    resources: () => resources.map((written, index) => resourceOf(written, index, stack)),
  };
  return stack;
}

function resourceOf([type, properties = {}]: Written, index: number, stack: ShippedStack): Resource {
  const logicalId = `${type.split("::").at(-1) ?? type}${index}`;
  const named = Object.entries(properties).find(([key]) =>
    /^(BucketName|DB\w+Identifier|LogGroupName|Family)$/.test(key),
  );
  const key = `${stack.id}/${logicalId}`;
  return {
    key,
    logicalId,
    type,
    stack,
    properties,
    physicalId: typeof named?.[1] === "string" ? named[1] : key,
    arn: type === "AWS::S3::Bucket" && typeof named?.[1] === "string" ? `arn:aws:s3:::${named[1]}` : null,
    deletionPolicy: null,
    metadata: {},
  };
}

/** A service of Fargate with its task definition, as two resources. */
export function fargateService(
  name: string,
  task: Properties = {},
  service: Properties = {},
): readonly [Written, Written] {
  const family = `shop-${name}`;
  return [
    [
      "AWS::ECS::TaskDefinition",
      { Family: family, Cpu: "1024", Memory: "2048", ContainerDefinitions: [{ Name: name }], ...task },
    ],
    ["AWS::ECS::Service", { ServiceName: name, TaskDefinition: family, DesiredCount: 2, ...service }],
  ];
}
