import type { Placement, Placements, Platform } from "@tenantry/model";
import { stackTags } from "../aws/assembly/stack-targets.ts";
import type { Cloud, DeployedStack } from "../aws/cloud/cloud.ts";
import { DeployedStacks } from "../aws/plan/deployed-stacks.ts";
import { isAdded, isStanding, placementOf } from "../aws/plan/tenant-places.ts";
import type { AddedTenant } from "../definition/added-tenants.ts";
import { errors } from "../errors.ts";

/** A tenant by its stacks in AWS: the tags say where and what it is. */
export interface DeployedTenant {
  readonly id: string;
  /** Null where no tag says so. */
  readonly tier: string | null;
  readonly placement: Placement | null;
  /** Whether a command added it. */
  readonly isAdded: boolean;
  /** In the order of their regions' names. */
  readonly stacks: readonly RegionalStack[];
}

export interface RegionalStack {
  readonly region: string;
  readonly stack: DeployedStack;
}

/** The regions in which tenants of a platform have stacks. */
export function tenantRegions({ region, recovery }: Platform): readonly string[] {
  return [...new Set(recovery === null ? [region] : [region, recovery.region])].sort();
}

/** The tenants that have a stack in one of the platform's regions, in whatever state, in the order of their ids. */
export async function readDeployedTenants(
  platform: Platform,
  cloud: Cloud,
): Promise<readonly DeployedTenant[]> {
  const owner = { platform: platform.name, environment: platform.environment };
  const deployed = await DeployedStacks.read(cloud, owner, tenantRegions(platform));
  return tenantsOf(deployed.owned());
}

export function tenantsOf(stacks: readonly RegionalStack[]): readonly DeployedTenant[] {
  const byTenant = Map.groupBy(stacks, ({ stack }) => stack.tags[stackTags.tenant]);
  return [...byTenant]
    .flatMap(([id, own]) => (id === undefined ? [] : [tenantOf(id, own)]))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function tenantOf(id: string, own: readonly RegionalStack[]): DeployedTenant {
  const stacks = own.toSorted((a, b) => (a.region < b.region ? -1 : 1));
  const tags = stacks.map(({ stack }) => stack.tags);
  const tier = tags.map((one) => one[stackTags.tier]).find((one) => one !== undefined) ?? null;
  const placement = tags.map(placementOf).find((one) => one !== null) ?? null;
  return { id, tier, placement, isAdded: tags.some(isAdded), stacks };
}

/** Whether a stack of the tenant is in service, and none is on its way out. */
export function isInService({ stacks }: DeployedTenant): boolean {
  return stacks.some(({ stack }) => isStanding(stack.status)) && !isLeaving({ stacks });
}

/** Whether a removal has begun. */
export function isLeaving({ stacks }: Pick<DeployedTenant, "stacks">): boolean {
  return stacks.some(({ stack }) => stack.status.startsWith("DELETE_"));
}

/** Every slot that a stack has, whoever's and in whatever state: none of them is given to anybody else. */
export function reservedOf(tenants: readonly DeployedTenant[]): Placements {
  return Object.fromEntries(
    tenants.flatMap(({ id, placement }) => (placement === null ? [] : [[id, placement] as const])),
  );
}

/**
 * The tenants that commands added, and that are in service. What only began to be made, or is on its way out, is the
 * business of the command that works on it.
 *
 * @throws TOOLKIT_TENANT_STACK_UNREADABLE
 */
export function addedOf(tenants: readonly DeployedTenant[]): readonly AddedTenant[] {
  return tenants
    .filter((tenant) => tenant.isAdded && isInService(tenant))
    .map(({ id, tier, placement, stacks }) => {
      if (tier !== null && placement !== null) return { id, tier, placement };
      const [first] = stacks;
      throw errors.TOOLKIT_TENANT_STACK_UNREADABLE({
        tenant: id,
        stack: first?.stack.name ?? "",
        region: first?.region ?? "",
        tags: [stackTags.tier, stackTags.cell, stackTags.slot],
      });
    });
}
