import type { ShippedFiles } from "@tenantry/assurance";
import { synthesize } from "@tenantry/aws/synthesis";
import { type Definition, openDeployment, resolve } from "@tenantry/model";

/** What is shipped of the platform tenant-silos in production, with as many tenants as a test wants. */
export async function silosWith({
  tenants,
  cells,
}: {
  readonly tenants: number;
  readonly cells: { readonly capacity: number; readonly quotas?: Record<string, number> };
}): Promise<ShippedFiles> {
  const file = new URL("../../platforms/tenant-silos/tenantry.config.ts", import.meta.url);
  const { default: definition } = (await import(file.href)) as { readonly default: Definition };
  const ids = Array.from({ length: tenants }, (_, index) => `tenant-${String(index + 1).padStart(4, "0")}`);
  const production = { ...definition.environments["production"], cells };
  const changed = {
    ...definition,
    tenants: Object.fromEntries(ids.map((id) => [id, "silo"])),
    environments: { ...definition.environments, production },
  } as Definition;
  return synthesize(resolve(changed, "production", { deployment: openDeployment })).files;
}
