import { openDeployment, type Placement, type Platform } from "@tenantry/model";
import { stackTags } from "../aws/assembly/stack-targets.ts";
import { checkEndpoints, outputsOf } from "../aws/deploy/outputs.ts";
import { isStanding } from "../aws/plan/tenant-places.ts";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { errors } from "../errors.ts";
import { requireFreeTenantId } from "../tenant-argument.ts";
import {
  type DeployedTenant,
  isInService,
  isLeaving,
  readDeployedTenants,
  reservedOf,
} from "./deployed-tenants.ts";
import { freePlacement } from "./free-placement.ts";
import {
  type OpenEnvironment,
  refuseDeclared,
  requireDeployed,
  type TenantChangeRequest,
  type TenantsOnAwsPorts,
  withEnvironment,
} from "./open-environment.ts";
import { applyTenant, assembleTenant, requireReady, type TenantAssembly } from "./own-stacks.ts";
import { refuseTakenHosts } from "./refuse-taken-hosts.ts";
import { type TenantOnAws, tenantView } from "./tenant-view.ts";

export interface AddTenantOnAwsRequest extends TenantChangeRequest {
  /** The platform's default tier without one. */
  readonly tier?: string | undefined;
  /** How long the tenant's address may take until it answers; without it nobody asks it. */
  readonly endpointDeadlineMs?: number | undefined;
}

export interface AddTenantOnAwsResult {
  readonly tenant: TenantOnAws;
  /** `was-there` where nothing was to be done. */
  readonly outcome: "added" | "was-there";
}

/**
 * Adds a tenant to an environment in AWS: its stacks, in the lowest free slot of the first cell with room, and nothing else. It
 * stands in no definition; its stacks say what it is. Can be called again at any point, and goes on where it stopped.
 *
 * @throws TOOLKIT_TENANT_ID_*, TOOLKIT_TENANT_DECLARED, TOOLKIT_TENANT_EXISTS, TOOLKIT_TIER_*, TOOLKIT_CELLS_FULL,
 *   TOOLKIT_ENVIRONMENT_INCOMPLETE, TOOLKIT_DEPLOYMENT_LOCKED before anything is changed; as `deploy`
 */
export async function addTenantOnAws(
  request: AddTenantOnAwsRequest,
  ports: TenantsOnAwsPorts,
): Promise<AddTenantOnAwsResult> {
  const id = requireFreeTenantId(request.tenant);
  return withEnvironment(request, `add ${id}`, ports, async (environment, context) => {
    const { tenants, platform } = environment;
    refuseDeclared(environment, id);
    const before = tenants.find((tenant) => tenant.id === id);
    const tier = tierOf(request.tier, platform, before);
    if (before !== undefined) refuseOther(before, tier, platform);
    const placement = before?.placement ?? (await place(environment, ports));
    const made = await assembleTenant(environment, { id, tier, placement }, ports);
    if (before !== undefined && isComplete(made, before)) {
      return { tenant: tenantView(platform, before, made.assembly), outcome: "was-there" };
    }
    refuseTakenHosts(made.platform, id, tenants);
    await requireReady(made, ports);
    const order = { deployment: request.deployment, reviewed: null };
    const applied = await applyTenant(made, order, environment, context, ports);
    if (request.endpointDeadlineMs !== undefined)
      await checkEndpoints(outputsOf(applied.deployed), request.endpointDeadlineMs, ports);
    const after = { ...environment, tenants: await readDeployedTenants(platform, ports.cloud) };
    return { tenant: tenantView(platform, requireDeployed(after, id), made.assembly), outcome: "added" };
  });
}

/** The tier that is asked for, else the one that the tenant has, else the default. @throws TOOLKIT_TIER_UNKNOWN */
function tierOf(asked: string | undefined, platform: Platform, before: DeployedTenant | undefined): string {
  const { tiers, defaultTier } = platform;
  const tier = asked ?? before?.tier ?? defaultTier;
  if (tier !== null && Object.hasOwn(tiers, tier)) return tier;
  const known = Object.keys(tiers).join(", ");
  const detail =
    tier === null
      ? `is needed, because the platform has no default tier; one of ${known}`
      : `must be one of ${known}`;
  throw errors.TOOLKIT_TIER_UNKNOWN({ tier, detail });
}

/** What is there may be this tenant, half made; it may also be another story. */
function refuseOther(before: DeployedTenant, tier: string, { environment }: Platform): void {
  const { id: tenant } = before;
  if (isLeaving(before)) throw errors.TOOLKIT_TENANT_BEING_REMOVED({ tenant, environment });
  if (!before.isAdded) {
    const detail = `${tenant} is deployed, because the definition declared it before; the next \`tenantry deploy ${environment}\` removes it`;
    throw errors.TOOLKIT_TENANT_EXISTS({ tenant, detail });
  }
  if (!isInService(before) || before.tier === tier) return;
  const detail = `${tenant} is in ${environment} already, on the tier ${before.tier ?? "unknown"}`;
  throw errors.TOOLKIT_TENANT_EXISTS({ tenant, detail });
}

function isComplete({ targets }: TenantAssembly, { stacks }: DeployedTenant): boolean {
  return targets.every(({ region }) =>
    stacks.some((one) => one.region === region && isStanding(one.stack.status)),
  );
}

/** @throws TOOLKIT_CELLS_FULL, MODEL_PLACEMENT_* where the lock file and AWS disagree */
async function place(
  { config, platform: { environment, region }, tenants, stacks }: OpenEnvironment,
  ports: TenantsOnAwsPorts,
): Promise<Placement> {
  const reserved = reservedOf(tenants);
  const options = { environment, deployment: openDeployment, reserved };
  // Declared tenants keep their slots although they may not be deployed yet.
  const { platform } = await resolvePlatform(config, options, ports);
  const declared = Object.values(platform.tenants).map(({ placement }) => placement);
  const cells = stacks.owned().flatMap((one) => {
    const [, number] = /^cell-(\d+)$/.exec(one.stack.tags[stackTags.stack] ?? "") ?? [];
    const isThere = one.region === region && isStanding(one.stack.status);
    return number === undefined || !isThere ? [] : [Number(number)];
  });
  const { capacity } = platform.cells;
  // A platform without cells of its own counts slots alone; whether it is only not deployed is seen later.
  const taken = [...declared, ...Object.values(reserved)];
  const free = freePlacement(taken, cells.length === 0 ? null : cells, capacity);
  if (free === null) throw errors.TOOLKIT_CELLS_FULL({ environment, cells: cells.length, capacity });
  return free;
}
