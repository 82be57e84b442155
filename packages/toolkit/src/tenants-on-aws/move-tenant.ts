import type { Platform } from "@tenantry/model";
import { stackTags } from "../aws/assembly/stack-targets.ts";
import type { DeploymentPlan } from "../aws/plan/deployment-plan.ts";
import { isStanding } from "../aws/plan/tenant-places.ts";
import { errors } from "../errors.ts";
import { requireTenantId } from "../tenant-argument.ts";
import { addedOf, type DeployedTenant, isLeaving, readDeployedTenants } from "./deployed-tenants.ts";
import {
  openEnvironment,
  type OpenEnvironment,
  refuseDeclared,
  requireDeployed,
  type TenantChangeRequest,
  type TenantsOnAwsPorts,
  withEnvironment,
} from "./open-environment.ts";
import { applyTenant, assembleTenant, planTenant, requireReady, type TenantAssembly } from "./own-stacks.ts";
import { type TenantOnAws, tenantView } from "./tenant-view.ts";

export interface MoveTenantOnAwsRequest extends TenantChangeRequest {
  /** The tier that the tenant moves to. */
  readonly tier: string;
  /** What somebody has reviewed: exactly that is done, or nothing. Without one, what is found now. */
  readonly plan?: DeploymentPlan | undefined;
}

export interface MoveTenantOnAwsResult {
  readonly tenant: TenantOnAws;
  /** `was-there` where the tenant was on the tier already. */
  readonly outcome: "moved" | "was-there";
}

/**
 * Says what moving a tenant to another tier would change in its stacks, and changes nothing.
 *
 * @throws TOOLKIT_TENANT_*, TOOLKIT_TIER_*, TOOLKIT_ENVIRONMENT_INCOMPLETE
 */
export async function planTenantMoveOnAws(
  request: Pick<MoveTenantOnAwsRequest, "config" | "environment" | "tenant" | "tier">,
  ports: TenantsOnAwsPorts,
): Promise<DeploymentPlan> {
  const environment = await openEnvironment(request, ports);
  const { made } = await prepare(environment, request, ports);
  return planTenant(made, ports);
}

/**
 * Moves a tenant of an environment in AWS to another tier by updating its stacks to that tier's template. It keeps its cell, its
 * slot and its data: where data would have to move between stores, nothing is done.
 *
 * @throws TOOLKIT_TENANT_*, TOOLKIT_TIER_*, TOOLKIT_ENVIRONMENT_INCOMPLETE, TOOLKIT_PLAN_STALE, TOOLKIT_DATA_AT_RISK,
 *   TOOLKIT_DEPLOYMENT_LOCKED before anything is changed; as `deploy`
 */
export async function moveTenantOnAws(
  request: MoveTenantOnAwsRequest,
  ports: TenantsOnAwsPorts,
): Promise<MoveTenantOnAwsResult> {
  return withEnvironment(request, `move ${request.tenant}`, ports, async (environment, context) => {
    const { platform } = environment;
    const { made, tenant } = await prepare(environment, request, ports);
    if (isThere(made, tenant)) {
      return { tenant: tenantView(platform, tenant, made.assembly), outcome: "was-there" };
    }
    const order = { deployment: request.deployment, reviewed: request.plan ?? null };
    await applyTenant(made, order, environment, context, ports);
    const after = { ...environment, tenants: await readDeployedTenants(platform, ports.cloud) };
    const moved = requireDeployed(after, tenant.id);
    return { tenant: tenantView(platform, moved, made.assembly), outcome: "moved" };
  });
}

async function prepare(
  environment: OpenEnvironment,
  request: Pick<MoveTenantOnAwsRequest, "tenant" | "tier">,
  ports: TenantsOnAwsPorts,
): Promise<{ readonly made: TenantAssembly; readonly tenant: DeployedTenant }> {
  const { platform } = environment;
  const { tier } = request;
  const id = requireTenantId(request.tenant);
  refuseDeclared(environment, id);
  const tenant = requireDeployed(environment, id);
  if (isLeaving(tenant))
    throw errors.TOOLKIT_TENANT_BEING_REMOVED({ tenant: id, environment: platform.environment });
  const known = Object.keys(platform.tiers);
  if (!known.includes(tier))
    throw errors.TOOLKIT_TIER_UNKNOWN({ tier, detail: `must be one of ${known.join(", ")}` });
  const [added] = addedOf([tenant]);
  if (added === undefined) {
    const detail = tenant.isAdded
      ? `${id} is not in service; finish what began with \`tenantry tenant add ${id} --environment ${platform.environment}\``
      : `${id} is deployed, because the definition declared it before; the next \`tenantry deploy ${platform.environment}\` removes it`;
    throw errors.TOOLKIT_TENANT_EXISTS({ tenant: id, detail });
  }
  refuseDataMove(platform, id, added.tier, tier);
  const made = await assembleTenant(environment, { ...added, tier }, ports);
  await requireReady(made, ports);
  return { made, tenant };
}

/** Data stay where they are only where both tiers isolate every store alike. */
function refuseDataMove({ tiers, environment }: Platform, tenant: string, from: string, to: string): void {
  const before = tiers[from];
  const after = tiers[to];
  if (before === undefined || after === undefined)
    throw errors.TOOLKIT_TENANT_TIER_GONE({ environment, tier: from, tenants: [tenant] });
  const stores = Object.entries(after.stores)
    .filter(([store, isolation]) => before.stores[store] !== isolation)
    .map(([store, isolation]) => `${store} from ${before.stores[store] ?? "nowhere"} to ${isolation}`);
  if (stores.length > 0) throw errors.TOOLKIT_TENANT_DATA_WOULD_MOVE({ tenant, from, to, stores });
}

/** Whether every stack of the tenant is of the tier already; one that lags behind its template is brought up by `deploy`. */
function isThere({ targets }: TenantAssembly, { stacks }: DeployedTenant): boolean {
  return targets.every((target) =>
    stacks.some(
      ({ region, stack }) =>
        region === target.region && isStanding(stack.status) && stack.tags[stackTags.tier] === target.tier,
    ),
  );
}
