import { assert } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { errors } from "../errors.ts";
import type { DeployedTenant } from "./deployed-tenants.ts";

/**
 * No host may lead to two tenants. Hosts that follow from ids cannot meet; a domain of a tenant's own can, and what is
 * deployed may have hosts that the definition does not give any more.
 *
 * @throws TOOLKIT_TENANT_HOST_TAKEN
 */
export function refuseTakenHosts(
  { tenants }: Platform,
  tenant: string,
  deployed: readonly DeployedTenant[],
): void {
  const own = tenants[tenant];
  assert(own !== undefined, `the platform was resolved without ${tenant}`);
  const declared = Object.values(tenants).map(({ id, hosts }) => ({ id, hosts }));
  const there = deployed.map(({ id, stacks }) => ({
    id,
    hosts: stacks.flatMap(({ stack }) => stack.parameters["Hosts"]?.value.split(",") ?? []),
  }));
  for (const { id: other, hosts } of [...declared, ...there]) {
    if (other === tenant) continue;
    const host = own.hosts.find((one) => hosts.some((taken) => meets(one, taken)));
    if (host !== undefined) throw errors.TOOLKIT_TENANT_HOST_TAKEN({ tenant, host, other });
  }
}

/** Whether one name can be both; a wildcard stands for one label or more. */
function meets(one: string, other: string): boolean {
  if (one === other) return true;
  const covers = (pattern: string, host: string) =>
    pattern.startsWith("*.") && host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
  return covers(one, other) || covers(other, one);
}
