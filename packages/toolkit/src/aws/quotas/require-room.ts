import { readArtifacts } from "../../check/read-artifacts.ts";
import { tenantsOf } from "../../tenants-on-aws/deployed-tenants.ts";
import type { Assembly } from "../assembly/read-assembly.ts";
import { regionsOf } from "../assembly/stack-targets.ts";
import type { DeploymentPorts } from "../deploy/deployment-context.ts";
import { DeployedStacks } from "../plan/deployed-stacks.ts";
import type { DeploymentPlan } from "../plan/deployment-plan.ts";
import { furtherTenants } from "./further-tenants.ts";
import { requireQuotas } from "./require-quotas.ts";

/**
 * Refuses a deployment that AWS's quotas would end half-way. One that makes and changes nothing needs no room.
 *
 * @throws TOOLKIT_QUOTA_EXCEEDED before anything is changed
 */
export async function requireRoom(
  assembly: Assembly,
  { stacks, tenants }: DeploymentPlan,
  ports: DeploymentPorts,
): Promise<void> {
  const makes = [...stacks, ...tenants].some(({ action }) => action === "create" || action === "update");
  if (!makes) return;
  const deployed = await DeployedStacks.read(ports.cloud, assembly.manifest, regionsOf(assembly));
  const further = furtherTenants(tenantsOf(deployed.owned()), assembly.placements);
  await requireQuotas(await readArtifacts(assembly.folder), further, ports);
}
