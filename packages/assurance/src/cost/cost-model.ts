import type { Platform } from "@tenantry/model";
import type { Resource, Shipment, ShippedStack } from "../artifacts/shipment.ts";
import { type CostSettings, costSettings } from "./cost-settings.ts";
import type { Census } from "./demand.ts";
import { freeKinds } from "./free-kinds.ts";
import { containerInsightsOf } from "./components/ecs-cluster.ts";
import { numberAt, textAt } from "./property.ts";
import type { PlatformFacts } from "./site.ts";

/** What of a shipment its cost follows from: read once, priced as often as there are numbers of tenants to ask about. */
export interface CostModel {
  readonly platform: Platform;
  readonly settings: CostSettings;
  /** Every stack that tenants share. */
  readonly shared: readonly ModelStack[];
  /** One stack for each template of a tier: all tenants of the tier have the same. */
  readonly tenantStacks: readonly ModelStack[];
  readonly tenants: readonly ModelTenant[];
  readonly census: Census;
  readonly facts: PlatformFacts;
  readonly problems: Shipment["problems"];
}

export interface ModelTenant {
  readonly id: string;
  readonly tier: string;
  readonly cell: number;
}

/** A stack, and what of it is looked at: resources that cost something, or that others are priced with. */
export interface ModelStack {
  /** Such as "data"; of a tenant's stack the name of its template. */
  readonly id: string;
  readonly region: string;
  readonly role: "primary" | "recovery";
  readonly cell: number | null;
  readonly tier: string | null;
  readonly resources: readonly Resource[];
  readonly counts: StackCounts;
}

/** How many of each the stack has, by type. */
type StackCounts = ReadonlyMap<string, number>;

/** Free types that the price of another resource is found with. */
export const consultedKinds: ReadonlySet<string> = new Set([
  "AWS::ApplicationAutoScaling::ScalableTarget",
  "AWS::Backup::BackupSelection",
  "AWS::EC2::FlowLog",
  "AWS::ECS::TaskDefinition",
]);
const databases = new Set([
  "AWS::RDS::DBInstance",
  "AWS::RDS::DBCluster",
  "AWS::DocDB::DBCluster",
  "AWS::DocDB::DBInstance",
]);

/** Names of counts that are no type's. */
export const countNames = Object.freeze({
  all: "all",
  databaseCores: "database cores",
  interfaceEndpoints: "interface endpoints",
  insights: "clusters with Container Insights",
});

export function costModel(shipment: Shipment): CostModel {
  const settings = costSettings(shipment.definition);
  const byIdentity = new Map<string, Resource>();
  let hasDistribution = false;
  let hasShieldAdvanced = false;
  const read = (stack: ShippedStack, id: string): ModelStack => {
    const resources = stack.resources();
    for (const resource of resources) {
      hasDistribution ||= resource.type === "AWS::CloudFront::Distribution";
      hasShieldAdvanced ||= resource.type === "AWS::Shield::Protection";
      if (databases.has(resource.type) || resource.type === "AWS::S3::Bucket") {
        byIdentity.set(`${stack.region} ${resource.physicalId}`, resource);
        if (resource.arn !== null) byIdentity.set(resource.arn, resource);
      }
    }
    return {
      id,
      region: stack.region,
      role: stack.role,
      cell: stack.cell,
      tier: stack.tier,
      resources: resources.filter(({ type }) => !freeKinds.has(type) || consultedKinds.has(type)),
      counts: countResources(resources),
    };
  };
  const shared = shipment.shared.map((stack) => read(stack, stack.id));
  const tenantStacks = shipment.tiers.map(({ template, anyTenant }) =>
    read(anyTenant("a"), template.replace(/\.template\.json$/, "")),
  );
  const tenants = [...shipment.tenants.values()].map(({ id, tier, cell }) => ({ id, tier, cell }));
  return {
    platform: shipment.definition,
    settings,
    shared,
    tenantStacks,
    tenants,
    census: censusOf(tenants, shared),
    facts: {
      hasDistribution,
      hasShieldAdvanced,
      database: (identity, region) =>
        byIdentity.get(identity) ?? byIdentity.get(`${region} ${identity}`) ?? null,
      bucket: (arn) => byIdentity.get(arn) ?? null,
    },
    problems: [...shipment.problems, ...settings.problems],
  };
}

function censusOf(tenants: readonly ModelTenant[], shared: readonly ModelStack[]): Census {
  const cells = new Map<number, Map<string, number>>();
  for (const { cell } of shared) if (cell !== null && !cells.has(cell)) cells.set(cell, new Map());
  for (const { cell, tier } of tenants) {
    const counts = cells.get(cell) ?? new Map<string, number>();
    counts.set(tier, (counts.get(tier) ?? 0) + 1);
    cells.set(cell, counts);
  }
  return [...cells].map(([cell, counts]) => ({ cell, tenants: counts })).sort((a, b) => a.cell - b.cell);
}

function countResources(resources: readonly Resource[]): StackCounts {
  const counts = new Map<string, number>();
  const count = (name: string, by: number): void => void counts.set(name, (counts.get(name) ?? 0) + by);
  for (const resource of resources) {
    count(countNames.all, 1);
    count(resource.type, 1);
    if (resource.type === "AWS::RDS::DBInstance") count(countNames.databaseCores, coresOf(resource));
    if (
      resource.type === "AWS::EC2::VPCEndpoint" &&
      textAt(resource.properties, "VpcEndpointType") === "Interface"
    ) {
      count(countNames.interfaceEndpoints, 1);
    }
    if (resource.type === "AWS::ECS::Cluster" && containerInsightsOf(resource) === "enabled") {
      count(countNames.insights, 1);
    }
  }
  return counts;
}

/** Virtual processors of a class, by its size: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
function coresOf({ properties }: Resource): number {
  const size = (textAt(properties, "DBInstanceClass") ?? "").split(".").at(-1) ?? "";
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  if (multiple !== undefined) return Number(multiple) * 4;
  const cores = size === "xlarge" ? 4 : 2;
  return numberAt(properties, "ProcessorFeatures", 0, "Value") ?? cores;
}
