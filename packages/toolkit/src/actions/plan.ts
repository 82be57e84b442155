import { readAssembly } from "../aws/assembly/read-assembly.ts";
import { type AssemblyPart, ownerOf } from "../aws/assembly/stack-targets.ts";
import type { Cloud } from "../aws/cloud/cloud.ts";
import { requireAccount } from "../aws/deploy/deployment-session.ts";
import type { DeploymentPlan } from "../aws/plan/deployment-plan.ts";
import { planDeployment } from "../aws/plan/plan-deployment.ts";
import { writePlan } from "../aws/plan/plan-file.ts";
import { toolkitEvent } from "../events.ts";
import type { ToolkitPorts } from "../ports.ts";

export interface PlanRequest {
  /** The folder that `synth` wrote. */
  readonly artifacts: string;
  /** File to write the plan to, for `deploy`. */
  readonly out?: string | undefined;
  /** The platform where it is left out. */
  readonly part?: AssemblyPart | undefined;
}

/**
 * Says what a deployment would do, and changes nothing.
 *
 * @param ports `cloud` null plans without a look into the account, as if nothing were there
 * @throws TOOLKIT_ASSEMBLY_*, TOOLKIT_AWS_*, TOOLKIT_ACCOUNT_MISMATCH
 */
export async function plan(
  request: PlanRequest,
  ports: ToolkitPorts & { readonly cloud: Cloud | null },
): Promise<DeploymentPlan> {
  const assembly = await readAssembly(request.artifacts);
  const { cloud } = ports;
  const { part } = request;
  if (cloud !== null) await requireAccount(ownerOf(assembly, part), { cloud });
  const made = await planDeployment(assembly, cloud, { part });
  if (request.out !== undefined) {
    await writePlan(request.out, made, ports.random);
    ports.onEvent(toolkitEvent("TOOLKIT_FILE_WRITTEN", { path: request.out }));
  }
  return made;
}
