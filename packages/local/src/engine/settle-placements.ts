import type { Placement, Placements, Platform, TenantId } from "@tenantry/model";
import type { TenantDatabase } from "@tenantry/runtime";

/** Tenants per page of the registry. */
const pageSize = 1_000;

/**
 * The platform with its declared tenants placed around those that the registry knows. A tenant
 * that was added by command has a slot that no lock file mentions; a declared one must neither
 * be given that slot nor, when the same tenant is declared later, another.
 */
export async function settlePlacements(
  platform: Platform,
  { registry }: Pick<TenantDatabase, "registry">,
  placeAround: ((registered: Placements) => Promise<Platform>) | undefined,
): Promise<Platform> {
  if (placeAround === undefined) return platform;
  const settled = await Promise.all(
    Object.values(platform.tenants).map(async ({ id, placement }) => {
      const tenant = await registry.find(id);
      return tenant !== undefined && isSame(tenant.placement, placement);
    }),
  );
  return settled.every(Boolean) ? platform : placeAround(await registeredPlacements(registry));
}

async function registeredPlacements(registry: TenantDatabase["registry"]): Promise<Placements> {
  const placements: Record<string, Placement> = {};
  let after: TenantId | undefined;
  do {
    const page = await registry.list({ limit: pageSize, ...(after === undefined ? {} : { after }) });
    for (const { id, placement } of page.tenants) placements[id] = placement;
    after = page.more ? page.tenants.at(-1)?.id : undefined;
  } while (after !== undefined);
  return placements;
}

function isSame(one: Placement, other: Placement): boolean {
  return one.cell === other.cell && one.slot === other.slot;
}
