import {
  type Definition,
  type Placement,
  type PlacementLock,
  type Platform,
  placementsOf,
} from "@tenantry/model";
import { errors } from "../errors.ts";

/** A tenant that lives in AWS and in no definition. */
export interface AddedTenant {
  readonly id: string;
  readonly tier: string;
  readonly placement: Placement;
}

/** On the stacks of a tenant that a command added; see the tags of a deployment. */
const addedTags = Object.freeze({ "tenantry:declared": "no" });

/** Those of the tenants that the definition does not declare. @throws TOOLKIT_TENANT_TIER_GONE */
export function undeclaredOf(
  added: readonly AddedTenant[],
  { environment, tenants, tiers }: Platform,
): readonly AddedTenant[] {
  const undeclared = added.filter(({ id }) => !Object.hasOwn(tenants, id));
  const lost = undeclared.find(({ tier }) => !Object.hasOwn(tiers, tier));
  if (lost !== undefined) {
    const ids = undeclared.filter(({ tier }) => tier === lost.tier).map(({ id }) => id);
    throw errors.TOOLKIT_TENANT_TIER_GONE({ environment, tier: lost.tier, tenants: ids });
  }
  return undeclared;
}

/** The definition as if it declared the tenants in one of its environments. */
export function withAdded(
  definition: Definition,
  environment: string,
  added: readonly AddedTenant[],
): Definition {
  if (added.length === 0) return definition;
  const written: { readonly tenants?: object } = definition.environments[environment] ?? {};
  const tenants = Object.fromEntries(added.map(({ id, tier }) => [id, { tier, tags: addedTags }]));
  const merged = { ...written, tenants: { ...written.tenants, ...tenants } };
  return { ...definition, environments: { ...definition.environments, [environment]: merged } };
}

/** The lock without what it says of tenants that are not declared. */
export function withoutAdded(
  lock: PlacementLock,
  environment: string,
  added: readonly AddedTenant[],
): PlacementLock {
  const ids = new Set(added.map(({ id }) => id));
  const placements = Object.entries(placementsOf(lock, environment)).filter(([id]) => !ids.has(id));
  if (placements.length === Object.keys(placementsOf(lock, environment)).length) return lock;
  return {
    ...lock,
    environments: { ...lock.environments, [environment]: Object.fromEntries(placements) },
  };
}
