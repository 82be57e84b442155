import type { AssemblyManifest } from "@tenantry/aws";
import { errors } from "../../errors.ts";
import { toolkitEvent } from "../../events.ts";
import { defaultWaves, type WaveSize } from "./waves.ts";
import { type DeploymentContext, deploymentContext, type DeploymentPorts } from "./deployment-context.ts";
import { defaultLock, DeploymentLock, type LockOptions } from "./deployment-lock.ts";

/** How hard a deployment works. */
export interface DeploymentSettings {
  /** Shared stacks at the same time. */
  readonly stackConcurrency: number;
  /** Tenants at the same time. */
  readonly tenantConcurrency: number;
  readonly waves: readonly WaveSize[];
  /** Between two looks at stacks that are being worked on. */
  readonly pollMs: number;
  readonly lock: LockOptions;
}

export const defaultSettings: DeploymentSettings = Object.freeze({
  stackConcurrency: 6,
  tenantConcurrency: 10,
  waves: defaultWaves,
  pollMs: 2_500,
  lock: defaultLock,
});

export interface SessionRequest {
  /** Of the manifest, what says whose environment it is. */
  readonly manifest: Pick<AssemblyManifest, "platform" | "environment" | "account" | "dataProtection">;
  readonly regions: readonly string[];
  /** What for, in the lock: such as "deploy". */
  readonly purpose: string;
  readonly allow?: readonly string[] | undefined;
  readonly takeOverLock?: boolean | undefined;
  readonly settings: DeploymentSettings;
  /** Begins nothing new once aborted; what CloudFormation works on is finished by it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does work on an environment while holding its lock in every region. Checks first whose account it is.
 *
 * @throws TOOLKIT_AWS_*, TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_DEPLOYMENT_LOCKED, TOOLKIT_DEPLOYMENT_LOCK_LOST
 */
export async function withDeploymentLock<T>(
  request: SessionRequest,
  ports: DeploymentPorts,
  work: (context: DeploymentContext) => Promise<T>,
): Promise<T> {
  await requireAccount(request.manifest, ports);
  await using locks = new AsyncDisposableStack();
  const { platform, environment } = request.manifest;
  const lost: AbortSignal[] = request.signal === undefined ? [] : [request.signal];
  // In one order, so that two deployments cannot each hold a region that the other one waits for.
  for (const region of request.regions.toSorted()) {
    const wanted = {
      platform,
      environment,
      region,
      holder: ports.user,
      purpose: request.purpose,
      takeOver: request.takeOverLock === true,
    };
    const { parameters } = ports.cloud.region(region);
    const lock = await DeploymentLock.acquire(wanted, request.settings.lock, { ...ports, parameters });
    locks.use(lock);
    lost.push(lock.lost);
    if (lock.takenFrom !== null)
      ports.onEvent(toolkitEvent("TOOLKIT_LOCK_TAKEN_OVER", { region, holder: lock.takenFrom }));
  }
  return await work(
    deploymentContext({
      cloud: ports.cloud,
      clock: ports.clock,
      onEvent: ports.onEvent,
      owner: request.manifest,
      pollMs: request.settings.pollMs,
      allow: new Set(request.allow),
      signal: AbortSignal.any(lost),
    }),
  );
}

/** @throws TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_AWS_* */
export async function requireAccount(
  { account: expected }: Pick<AssemblyManifest, "account">,
  { cloud }: Pick<DeploymentPorts, "cloud">,
): Promise<string> {
  const { account: found } = await cloud.identify();
  if (expected !== null && expected !== found) throw errors.TOOLKIT_ACCOUNT_MISMATCH({ expected, found });
  return found;
}
