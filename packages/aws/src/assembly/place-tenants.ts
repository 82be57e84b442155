import type { TenantParameter } from "@tenantry/assurance";
import { assert } from "@tenantry/base";
import type { Platform, PlatformTenant } from "@tenantry/model";
import type { PlacedTenant, TenantPlacements, TenantStackPlacement } from "./assembly.ts";

/** A tier's template in one region, with what its parameters carry. */
export interface TierTemplate {
  readonly tier: string;
  readonly role: TenantStackPlacement["role"];
  readonly region: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, TenantParameter>>;
}

/**
 * The stacks of every tenant. What a tenant gets follows from the tenant and its placement alone, so one more or
 * less changes nothing for the others. Nothing is synthesized here, whatever their number.
 */
export function placeTenants(platform: Platform, templates: readonly TierTemplate[]): TenantPlacements {
  const tenants: Record<string, PlacedTenant> = {};
  const inTemplate = new Set([...Object.keys(platform.tags), "tenant_id", "cost_center"]);
  // Everything is made in the order of its keys, in which it is written: there may be ten thousand tenants.
  const inOrder = templates.map((template) => ({ ...template, parameters: sorted(template.parameters) }));
  for (const tenant of Object.values(platform.tenants)) {
    const { tier, placement } = tenant;
    const stacks = inOrder
      .filter((template) => template.tier === tier)
      .map((template) => stackOf(platform, tenant, template, inTemplate));
    tenants[tenant.id] = { cell: placement.cell, slot: placement.slot, stacks, tier };
  }
  return { version: 1, tenants };
}

function sorted(sources: TierTemplate["parameters"]): TierTemplate["parameters"] {
  return Object.fromEntries(Object.entries(sources).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function stackOf(
  platform: Platform,
  tenant: PlatformTenant,
  template: TierTemplate,
  inTemplate: ReadonlySet<string>,
): TenantStackPlacement {
  const parameters: Record<string, string> = {};
  for (const [id, source] of Object.entries(template.parameters)) {
    parameters[id] = valueOf(source, platform, tenant);
  }
  return {
    parameters,
    region: template.region,
    role: template.role,
    stackName: `${platform.name}-${platform.environment}-tenant-${tenant.id}`,
    tags: ownTags(tenant, inTemplate),
    template: template.template,
  };
}

function valueOf(source: TenantParameter, platform: Platform, tenant: PlatformTenant): string {
  const { cell, slot } = tenant.placement;
  switch (source.kind) {
    case "tenant-id":
      return tenant.id;
    case "username":
      return tenant.username;
    case "cost-center":
      return tenant.tags["cost_center"] ?? tenant.id;
    case "hosts":
      return tenant.hosts.join(",");
    case "main-host": {
      const [host] = tenant.hosts;
      assert(host !== undefined, `the tenant ${tenant.id} has no host`);
      return host;
    }
    case "cell-value":
      return `/${platform.name}/${platform.environment}/cells/${cell}/${source.value}`;
    case "priority":
      return String((slot - 1) * source.count + source.index + 1);
  }
}

/** The tags that are neither the platform's nor in the template already. */
function ownTags(
  { tags }: PlatformTenant,
  inTemplate: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !inTemplate.has(key)));
}
