import { errors } from "../errors.ts";
import { deploy, type DeployRequest, type DeployResult } from "../actions/deploy.ts";
import { readAssembly } from "./assembly/read-assembly.ts";
import { regionsOf, stackTags } from "./assembly/stack-targets.ts";
import type { Cloud } from "./cloud/cloud.ts";
import type { DeploymentPorts } from "./deploy/deployment-context.ts";
import { type DeploymentSettings, defaultSettings, withDeploymentLock } from "./deploy/deployment-session.ts";
import { deleteStack, type KeptResource } from "./destroy/delete-stack.ts";
import { DeployedStacks } from "./plan/deployed-stacks.ts";

/** A stack of a tenant as it is deployed. */
export interface DeployedTenantStack {
  readonly tenant: string;
  readonly tier: string;
  readonly stackName: string;
  readonly region: string;
  /** Such as UPDATE_COMPLETE. */
  readonly status: string;
  /** Digest of the template that it was made from. */
  readonly template: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The stacks of tenants that are deployed, by tenant and region. */
export async function listTenantStacks(
  { artifacts }: { readonly artifacts: string },
  { cloud }: { readonly cloud: Cloud },
): Promise<readonly DeployedTenantStack[]> {
  const assembly = await readAssembly(artifacts);
  const deployed = await DeployedStacks.read(cloud, assembly.manifest, regionsOf(assembly));
  return deployed
    .owned()
    .flatMap(({ region, stack }): DeployedTenantStack[] => {
      const tenant = stack.tags[stackTags.tenant];
      if (tenant === undefined) return [];
      const { name: stackName, status, outputs, tags } = stack;
      const tier = tags[stackTags.tier] ?? "unknown";
      return [
        { tenant, tier, stackName, region, status, outputs, template: tags[stackTags.template] ?? "unknown" },
      ];
    })
    .sort((a, b) => (`${a.tenant} ${a.region}` < `${b.tenant} ${b.region}` ? -1 : 1));
}

/** Deploys the stacks of one tenant, and nothing else. @throws TOOLKIT_TENANT_NOT_PLACED, as `deploy` */
export async function deployTenant(
  request: Omit<DeployRequest, "tenants"> & { readonly tenant: string },
  ports: DeploymentPorts,
): Promise<DeployResult> {
  const { tenant, ...rest } = request;
  return deploy({ ...rest, tenants: [tenant] }, ports);
}

export interface RemoveTenantStacksRequest {
  readonly artifacts: string;
  readonly tenant: string;
  readonly takeOverLock?: boolean | undefined;
  readonly settings?: Partial<DeploymentSettings> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deletes the stacks of one tenant. What their templates protect stays in AWS.
 *
 * @returns what is kept
 * @throws TOOLKIT_TENANT_NOT_DEPLOYED, TOOLKIT_STACK_FAILED, TOOLKIT_DEPLOYMENT_LOCKED
 */
export async function removeTenantStacks(
  { artifacts, tenant, ...request }: RemoveTenantStacksRequest,
  ports: DeploymentPorts,
): Promise<readonly KeptResource[]> {
  const assembly = await readAssembly(artifacts);
  const { manifest } = assembly;
  const regions = regionsOf(assembly);
  const settings = { ...defaultSettings, ...request.settings };
  const session = { ...request, manifest, regions, purpose: `remove ${tenant}`, settings };
  return withDeploymentLock(session, ports, async (context) => {
    const deployed = await DeployedStacks.read(context.cloud, manifest, regions);
    const stacks = deployed.owned().filter(({ stack }) => stack.tags[stackTags.tenant] === tenant);
    if (stacks.length === 0) throw errors.TOOLKIT_TENANT_NOT_DEPLOYED({ tenant });
    const kept: KeptResource[] = [];
    for (const { region, stack } of stacks) {
      const place = { stackName: stack.name, region, tenant };
      kept.push(...(await deleteStack(place, { isLive: true }, context)));
    }
    return kept;
  });
}
