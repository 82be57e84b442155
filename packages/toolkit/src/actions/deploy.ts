import type { Deployment } from "@tenantry/model";
import { type Assembly, readAssembly } from "../aws/assembly/read-assembly.ts";
import { type AssemblyPart, ownerOf, regionsOf } from "../aws/assembly/stack-targets.ts";
import { checkPlan } from "../aws/deploy/check-plan.ts";
import { type AppliedAssembly, applyAssembly, type StackResult } from "../aws/deploy/deploy-assembly.ts";
import type { DeploymentContext, DeploymentPorts } from "../aws/deploy/deployment-context.ts";
import {
  type DeploymentSettings,
  defaultSettings,
  withDeploymentLock,
} from "../aws/deploy/deployment-session.ts";
import {
  checkEndpoints,
  type DeploymentOutputs,
  outputsOf,
  requireOutputs,
  writeOutputs,
} from "../aws/deploy/outputs.ts";
import type { KeptResource } from "../aws/destroy/delete-stack.ts";
import type { DeploymentPlan } from "../aws/plan/deployment-plan.ts";
import { planDeployment } from "../aws/plan/plan-deployment.ts";
import { readPlan } from "../aws/plan/plan-file.ts";
import { unknownDeployment } from "../aws/plan/resolve-parameters.ts";
import { requireRoom } from "../aws/quotas/require-room.ts";
import {
  type DeploymentCheck,
  type OverriddenRule,
  recordCheck,
  requireChecked,
} from "../check/check-deployment.ts";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";

export interface DeployRequest {
  /** The folder that `synth` wrote. */
  readonly artifacts: string;
  /** A plan, or the file of one: exactly that is applied. Without one, what is found now. */
  readonly plan?: DeploymentPlan | string | undefined;
  /** What may be lost, by name: "replace:data/MainCluster", "delete:tenant/acme-corp". */
  readonly allow?: readonly string[] | undefined;
  /** Who deploys what, for the tags. `createdAt` is now where it is not given. */
  readonly deployment?: Partial<Deployment> | undefined;
  /** Only the stacks of these tenants. */
  readonly tenants?: readonly string[] | undefined;
  /** The platform where it is left out. */
  readonly part?: AssemblyPart | undefined;
  /** Takes the lock although somebody holds it. */
  readonly takeOverLock?: boolean | undefined;
  /** What `checkDeployment` said of the artifacts: written down in the account before anything is changed. */
  readonly checked?: DeploymentCheck | undefined;
  /** File to write the outputs to. */
  readonly outputsFile?: string | undefined;
  /** How long endpoints may take until they answer; without it nobody asks them. */
  readonly endpointDeadlineMs?: number | undefined;
  readonly settings?: Partial<DeploymentSettings> | undefined;
  /** Begins nothing new once aborted, and lets go of the lock. */
  readonly signal?: AbortSignal | undefined;
}

export interface DeployResult {
  readonly platform: string;
  readonly environment: string;
  /** AWS account id. */
  readonly account: string;
  /** What was applied. */
  readonly plan: DeploymentPlan;
  readonly stacks: readonly StackResult[];
  /** What AWS keeps of tenants that were removed. */
  readonly kept: readonly KeptResource[];
  readonly outputs: DeploymentOutputs;
  /** Rules that do not pass, and by whose word this was deployed nevertheless. */
  readonly overridden: readonly OverriddenRule[];
  readonly durationMs: number;
}

/** A deployment that a person or a pipeline asks for: of what was checked, and of nothing else. */
export interface CheckedDeployRequest extends DeployRequest {
  readonly checked: DeploymentCheck;
}

/** As `deploy`, which it is the way to for commands: nothing gets to an account unchecked. @throws TOOLKIT_CHECK_STALE */
export function deployChecked(request: CheckedDeployRequest, ports: DeploymentPorts): Promise<DeployResult> {
  return deploy(request, ports);
}

/**
 * Deploys an assembly. Safe to be killed at any point and called again: it goes on where it stopped.
 *
 * @throws TOOLKIT_DEPLOYMENT_FAILED, whose params carry the table of stacks; TOOLKIT_PLAN_STALE,
 *   TOOLKIT_DATA_AT_RISK, TOOLKIT_DEPLOYMENT_OBSTACLES, TOOLKIT_DEPLOYMENT_LOCKED, TOOLKIT_CHECK_STALE,
 *   TOOLKIT_QUOTA_EXCEEDED before anything is changed
 */
export async function deploy(request: DeployRequest, ports: DeploymentPorts): Promise<DeployResult> {
  const startedMs = ports.clock.monotonicMs();
  const assembly = await readAssembly(request.artifacts);
  const reviewed = typeof request.plan === "string" ? await readPlan(request.plan) : (request.plan ?? null);
  const settings = { ...defaultSettings, ...request.settings };
  const createdAt = new Date(ports.clock.nowMs()).toISOString();
  const deployment = { ...unknownDeployment, createdAt, ...request.deployment };
  const { allow, takeOverLock, signal, tenants, part, checked } = request;
  if (checked !== undefined) requireChecked(checked, assembly);
  for (const tenant of tenants ?? []) requirePlaced(assembly, tenant);
  const { manifest } = assembly;
  const session = {
    manifest: ownerOf(assembly, part),
    regions: regionsOf(assembly, part),
    purpose: "deploy",
    allow,
    takeOverLock,
    signal,
    settings,
  };
  const { plan, applied } = await withDeploymentLock(session, ports, async (context) => {
    const now = await planDeployment(assembly, ports.cloud, { deployment, tenants, part });
    checkPlan(now, reviewed, context.allow, manifest);
    if (part !== "administration") await requireRoom(assembly, now, ports);
    if (checked !== undefined) await recordCheck(checked, assembly, ports);
    const done = await applyAssembly(assembly, { plan: now, deployment, settings }, context);
    requireSuccess(done, context);
    return { plan: now, applied: done };
  });
  requireOutputs(applied.deployed);
  const outputs = outputsOf(applied.deployed);
  if (request.outputsFile !== undefined) {
    await writeOutputs(request.outputsFile, outputs, ports.random);
    ports.onEvent(toolkitEvent("TOOLKIT_FILE_WRITTEN", { path: request.outputsFile }));
  }
  if (request.endpointDeadlineMs !== undefined)
    await checkEndpoints(outputs, request.endpointDeadlineMs, ports);
  return {
    platform: manifest.platform,
    environment: manifest.environment,
    account: plan.account ?? "",
    plan,
    stacks: applied.stacks,
    kept: applied.kept,
    outputs,
    overridden: checked?.overridden ?? [],
    durationMs: Math.round(ports.clock.monotonicMs() - startedMs),
  };
}

export function requireSuccess({ failures, stacks }: AppliedAssembly, { signal }: DeploymentContext): void {
  const [first] = failures;
  if (first !== undefined) {
    const notStarted = stacks.filter(({ outcome }) => outcome === "not-started").map(({ id }) => id);
    const params = { failures: failures.map(({ message }) => message), notStarted, stacks };
    throw errors.TOOLKIT_DEPLOYMENT_FAILED(params, first);
  }
  signal.throwIfAborted();
}

function requirePlaced({ placements }: Assembly, tenant: string): void {
  const stacks = placements.tenants[tenant]?.stacks ?? [];
  if (stacks.length === 0) throw errors.TOOLKIT_TENANT_NOT_PLACED({ tenant });
}
