import type { Platform } from "@tenantry/model";
import type { DeploymentContext } from "../aws/deploy/deployment-context.ts";
import { deleteStack, type KeptResource } from "../aws/destroy/delete-stack.ts";
import type { DeployedStacks } from "../aws/plan/deployed-stacks.ts";
import { statefulKind } from "../aws/plan/stateful-types.ts";
import { errors } from "../errors.ts";
import { requireTenantId } from "../tenant-argument.ts";
import { type DeployedTenant, isInService, type RegionalStack } from "./deployed-tenants.ts";
import { wayTo } from "./kept-resources.ts";
import {
  refuseDeclared,
  requireDeployed,
  type TenantChangeRequest,
  type TenantsOnAwsPorts,
  withEnvironment,
} from "./open-environment.ts";

export interface RemoveTenantOnAwsResult {
  readonly tenant: string;
  /** What AWS keeps, and the command that shows it. It goes on costing money until somebody deletes it. */
  readonly kept: readonly (KeptResource & { readonly wayTo: string })[];
  /** Stores that tenants of its tier share, wholly or in parts: what it had in them is in no stack, and stays. */
  readonly sharedStores: readonly string[];
}

/**
 * Removes a tenant from an environment in AWS: its stacks, and nothing else. What their templates protect stays in AWS. Can be
 * called again at any point, and goes on where it stopped.
 *
 * @throws TOOLKIT_TENANT_DECLARED, TOOLKIT_TENANT_NOT_IN_ENVIRONMENT, TOOLKIT_DATA_AT_RISK, TOOLKIT_DEPLOYMENT_LOCKED before
 *   anything is changed; TOOLKIT_STACK_FAILED
 */
export async function removeTenantOnAws(
  request: TenantChangeRequest,
  ports: TenantsOnAwsPorts,
): Promise<RemoveTenantOnAwsResult> {
  const id = requireTenantId(request.tenant);
  return withEnvironment(request, `remove ${id}`, ports, async (environment, context) => {
    refuseDeclared(environment, id);
    const tenant = requireDeployed(environment, id);
    await requireAllowed(tenant, environment.stacks, context);
    const kept: KeptResource[] = [];
    // The primary region was made first, and goes last: until then the tenant is known to be there.
    for (const { region, stack } of inOrder(tenant, environment.platform.region)) {
      context.signal.throwIfAborted();
      const place = { stackName: stack.name, region, tenant: id };
      kept.push(...(await deleteStack(place, { isLive: true }, context)));
    }
    return {
      tenant: id,
      kept: kept.map((resource) => ({ ...resource, wayTo: wayTo(resource) })),
      sharedStores: sharedStores(environment.platform, tenant),
    };
  });
}

function sharedStores({ tiers }: Platform, { tier }: DeployedTenant): readonly string[] {
  const stores = tiers[tier ?? ""]?.stores ?? {};
  return Object.keys(stores)
    .filter((store) => stores[store] !== "silo")
    .sort();
}

function inOrder({ stacks }: DeployedTenant, primary: string): readonly RegionalStack[] {
  return stacks.toSorted((a, b) => Number(a.region === primary) - Number(b.region === primary));
}

/** Where data are protected, nobody is removed who was not named; whose removal has begun was named then. */
async function requireAllowed(
  tenant: DeployedTenant,
  stacks: DeployedStacks,
  { owner, allow }: DeploymentContext,
): Promise<void> {
  const permission = `delete:tenant/${tenant.id}`;
  if (owner.dataProtection === "disposable" || allow.has(permission) || !isInService(tenant)) return;
  const held: string[] = [];
  for (const { region, stack } of tenant.stacks) {
    const { content } = await stacks.template(region, stack, false);
    for (const [logicalId, { Type }] of Object.entries(content.Resources)) {
      const kind = statefulKind(Type);
      if (kind !== undefined) held.push(`${kind} ${logicalId}`);
    }
  }
  const what = held.length === 0 ? "" : `, and with it the ${[...new Set(held)].join(", the ")}`;
  throw errors.TOOLKIT_DATA_AT_RISK({
    losses: [`removes the tenant ${tenant.id}${what}`],
    permissions: [permission],
  });
}
