import type { ShippedFiles } from "@tenantry/assurance";
import { isCodedError } from "@tenantry/base";
import { type Deployment, openDeployment, type Platform, problemsOf } from "@tenantry/model";
import { requireSuccess } from "../actions/deploy.ts";
import type { Assembly } from "../aws/assembly/read-assembly.ts";
import {
  regionsOf,
  sharedTargets,
  stackTags,
  type StackTarget,
  tenantTargets,
} from "../aws/assembly/stack-targets.ts";
import { checkPlan } from "../aws/deploy/check-plan.ts";
import { applyAssembly, type AppliedAssembly } from "../aws/deploy/deploy-assembly.ts";
import type { DeploymentContext } from "../aws/deploy/deployment-context.ts";
import { requireOutputs } from "../aws/deploy/outputs.ts";
import { DeployedStacks } from "../aws/plan/deployed-stacks.ts";
import type { DeploymentPlan } from "../aws/plan/deployment-plan.ts";
import { planDeployment } from "../aws/plan/plan-deployment.ts";
import { resolveParameters, unknownDeployment } from "../aws/plan/resolve-parameters.ts";
import { StoredValues } from "../aws/plan/stored-values.ts";
import { isStanding } from "../aws/plan/tenant-places.ts";
import { furtherTenants } from "../aws/quotas/further-tenants.ts";
import { requireQuotas } from "../aws/quotas/require-quotas.ts";
import type { AddedTenant } from "../definition/added-tenants.ts";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";
import { assemble, withCdk } from "./assemble.ts";
import { reservedOf } from "./deployed-tenants.ts";
import type { OpenEnvironment, TenantChangeRequest, TenantsOnAwsPorts } from "./open-environment.ts";

/** The platform with one tenant that no definition declares, and what synthesis makes of it. */
export interface TenantAssembly {
  readonly platform: Platform;
  readonly assembly: Assembly;
  /** The text of what was made, by path. */
  readonly files: ShippedFiles;
  /** The tenant's stacks, one for each region. */
  readonly targets: readonly StackTarget[];
}

/** @throws TOOLKIT_TENANT_REFUSED, TOOLKIT_TIER_WITHOUT_STACK, AWS_* */
export async function assembleTenant(
  { config, tenants, platform: { environment } }: OpenEnvironment,
  tenant: AddedTenant,
  ports: TenantsOnAwsPorts,
): Promise<TenantAssembly> {
  const reserved = { ...reservedOf(tenants), [tenant.id]: tenant.placement };
  const options = { environment, deployment: openDeployment, reserved, added: [tenant] };
  const { platform } = await resolvePlatform(config, options, ports).catch((failure: unknown) => {
    const problems = isCodedError(failure) ? problemsOf(failure) : [];
    // Without the tenant the definition was resolved a moment ago.
    if (problems.length === 0) throw failure;
    const detail = problems.map(({ message }) => message).join("; ");
    throw errors.TOOLKIT_TENANT_REFUSED({ tenant: tenant.id, detail });
  });
  const made = await (ports.synthesize ?? withCdk)(platform);
  const files = { "platform.json": JSON.stringify(platform), ...made };
  const assembly = await assemble(platform, async () => made);
  const targets = tenantTargets(assembly).get(tenant.id) ?? [];
  if (targets.length === 0) {
    const own = [...new Set(assembly.manifest.tenantTemplates.map(({ tier }) => tier))];
    throw errors.TOOLKIT_TIER_WITHOUT_STACK({ tier: tenant.tier, own });
  }
  return { platform, assembly, files, targets };
}

/**
 * Looks that everything is deployed that the tenant's template needs, and says which shared stacks are older than the
 * definition: the tenant's stack goes by the definition, the others stay as they are.
 *
 * @throws TOOLKIT_ENVIRONMENT_INCOMPLETE
 */
export async function requireReady(
  { assembly, targets }: TenantAssembly,
  ports: TenantsOnAwsPorts,
): Promise<void> {
  const { manifest } = assembly;
  const { environment } = manifest;
  const deployed = await DeployedStacks.read(ports.cloud, manifest, regionsOf(assembly));
  const needed = sharedTargets(assembly).filter(({ id, cell }) =>
    targets.some((target) => target.dependsOn.includes(id) && (cell === null || cell === target.cell)),
  );
  const isThere = (target: StackTarget) => {
    const stack = deployed.find(target);
    return stack !== null && isStanding(stack.status);
  };
  const absent = needed.filter((target) => !isThere(target)).map(({ id }) => `the stack ${id}`);
  const values = new StoredValues(ports.cloud);
  const context = {
    cloud: ports.cloud,
    values,
    deployment: unknownDeployment,
    hostedZones: new Map<string, Promise<string | null>>(),
  };
  const resolved = await Promise.all(
    targets.map((target) => resolveParameters(target, deployed.find(target), context)),
  );
  const lacking = resolved.flatMap(({ missing }) =>
    missing.map(({ kind, name, region }) =>
      kind === "hosted-zone" ? `a public hosted zone of ${name}` : `the value ${name} in ${region}`,
    ),
  );
  const missing = [...new Set([...absent, ...lacking])];
  if (missing.length > 0) throw errors.TOOLKIT_ENVIRONMENT_INCOMPLETE({ environment, missing });
  const older = needed
    .filter((target) => deployed.find(target)?.tags[stackTags.template] !== target.templateSha256)
    .map(({ id }) => id);
  if (older.length === 0) return;
  const warning = `what is deployed is not what the definition says: ${older.join(", ")}. Only the tenant's own stack goes by the definition; \`tenantry deploy ${environment}\` brings the rest`;
  ports.onEvent(toolkitEvent("TOOLKIT_WARNING", { warning }));
}

export function planTenant(
  { assembly, targets }: TenantAssembly,
  ports: TenantsOnAwsPorts,
): Promise<DeploymentPlan> {
  const tenants = targets.flatMap(({ tenant }) => tenant ?? []);
  return planDeployment(assembly, ports.cloud, { tenants });
}

/**
 * Brings the tenant's stacks to what was assembled, and nothing else.
 *
 * @param reviewed the plan that somebody has looked at; null where nobody has
 * @throws TOOLKIT_QUOTA_EXCEEDED, TOOLKIT_PLAN_STALE, TOOLKIT_DEPLOYMENT_OBSTACLES, TOOLKIT_DATA_AT_RISK before anything is
 *   changed; TOOLKIT_DEPLOYMENT_FAILED, TOOLKIT_OUTPUTS_MISSING
 */
export async function applyTenant(
  made: TenantAssembly,
  {
    deployment: given,
    reviewed,
  }: Pick<TenantChangeRequest, "deployment"> & { readonly reviewed: DeploymentPlan | null },
  { settings, tenants }: OpenEnvironment,
  context: DeploymentContext,
  ports: TenantsOnAwsPorts,
): Promise<AppliedAssembly> {
  const { assembly } = made;
  await requireQuotas(made.files, furtherTenants(tenants, assembly.placements), ports);
  const createdAt = new Date(ports.clock.nowMs()).toISOString();
  const deployment: Deployment = { ...unknownDeployment, createdAt, ...given };
  const plan = await planTenant(made, ports);
  checkPlan(plan, reviewed, context.allow, assembly.manifest);
  const applied = await applyAssembly(assembly, { plan, deployment, settings }, context);
  requireSuccess(applied, context);
  requireOutputs(applied.deployed);
  return applied;
}
