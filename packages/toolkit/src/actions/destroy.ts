import { readAssembly } from "../aws/assembly/read-assembly.ts";
import { regionsOf } from "../aws/assembly/stack-targets.ts";
import type { DeploymentPorts } from "../aws/deploy/deployment-context.ts";
import {
  type DeploymentSettings,
  defaultSettings,
  withDeploymentLock,
} from "../aws/deploy/deployment-session.ts";
import type { KeptResource } from "../aws/destroy/delete-stack.ts";
import { destroyEnvironment } from "../aws/destroy/destroy-environment.ts";
import { checkRecordName } from "../check/check-deployment.ts";
import { errors } from "../errors.ts";

export interface DestroyRequest {
  /** The folder that `synth` wrote for the environment. */
  readonly artifacts: string;
  /** The name of the environment, as whoever destroys it typed it. */
  readonly confirm: string;
  /** Stacks that may be deleted although they hold data that are protected: "delete:saas-production-data". */
  readonly allow?: readonly string[] | undefined;
  readonly takeOverLock?: boolean | undefined;
  readonly settings?: Partial<DeploymentSettings> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DestroyResult {
  readonly platform: string;
  readonly environment: string;
  /** Stacks that are gone, as region/name. */
  readonly deleted: readonly string[];
  /** What AWS keeps: it goes on costing money until somebody deletes it. */
  readonly kept: readonly KeptResource[];
  readonly durationMs: number;
}

/**
 * Deletes the stacks of an environment: tenants first, then shared stacks against their order.
 *
 * @throws TOOLKIT_DESTROY_UNCONFIRMED, TOOLKIT_DESTROY_PROTECTED, TOOLKIT_DEPLOYMENT_LOCKED before anything is
 *   changed; TOOLKIT_DEPLOYMENT_FAILED
 */
export async function destroy(request: DestroyRequest, ports: DeploymentPorts): Promise<DestroyResult> {
  const startedMs = ports.clock.monotonicMs();
  const assembly = await readAssembly(request.artifacts);
  const { manifest } = assembly;
  const { platform, environment } = manifest;
  if (request.confirm !== environment)
    throw errors.TOOLKIT_DESTROY_UNCONFIRMED({ environment, confirm: request.confirm });
  const settings = { ...defaultSettings, ...request.settings };
  const { allow, takeOverLock, signal } = request;
  const session = {
    manifest,
    regions: regionsOf(assembly),
    purpose: "destroy",
    allow,
    takeOverLock,
    signal,
    settings,
  };
  return withDeploymentLock(session, ports, async (context) => {
    const { deleted, kept, failures } = await destroyEnvironment(assembly, settings, context);
    const [first] = failures;
    if (first !== undefined)
      throw errors.TOOLKIT_DEPLOYMENT_FAILED(
        { failures: failures.map(({ message }) => message), notStarted: [] },
        first,
      );
    context.signal.throwIfAborted();
    await ports.cloud.region(manifest.region).parameters.delete(checkRecordName(manifest));
    const durationMs = Math.round(ports.clock.monotonicMs() - startedMs);
    return { platform, environment, deleted, kept, durationMs };
  });
}
