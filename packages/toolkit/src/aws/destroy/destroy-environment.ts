import { type CodedError, isCodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";
import type { Assembly } from "../assembly/read-assembly.ts";
import { regionsOf, stackTags } from "../assembly/stack-targets.ts";
import type { DeployedStack } from "../cloud/cloud.ts";
import { bootstrapStackName } from "../deploy/bootstrap-stack.ts";
import type { DeploymentContext } from "../deploy/deployment-context.ts";
import type { DeploymentSettings } from "../deploy/deployment-session.ts";
import { runGraph } from "../deploy/run-graph.ts";
import { DeployedStacks } from "../plan/deployed-stacks.ts";
import { statefulKind } from "../plan/stateful-types.ts";
import { deleteStack, type KeptResource } from "./delete-stack.ts";

/** A stack that is there and is to go. */
interface DoomedStack {
  readonly id: string;
  /** Ids of the stacks that go before. */
  readonly dependsOn: readonly string[];
  readonly region: string;
  readonly stackName: string;
  readonly tenant: string | null;
  readonly stack: DeployedStack;
}

export interface DestroyedEnvironment {
  readonly deleted: readonly string[];
  readonly kept: readonly KeptResource[];
  readonly failures: readonly CodedError[];
}

/** Deletes every stack with the environment's tags: tenants first, then shared stacks against their order. */
export async function destroyEnvironment(
  assembly: Assembly,
  settings: DeploymentSettings,
  context: DeploymentContext,
): Promise<DestroyedEnvironment> {
  const deployed = await DeployedStacks.read(context.cloud, assembly.manifest, regionsOf(assembly));
  const doomed = inOrder(assembly, deployed);
  await refuseProtected(assembly, deployed, doomed, context);
  const kept: KeptResource[] = [];
  const failures: CodedError[] = [];
  const { signal } = context;
  const { done } = await runGraph(
    doomed,
    async (place) => {
      try {
        if (place.stackName === bootstrapStackName(assembly.manifest)) await emptyBootstrap(place, context);
        kept.push(...(await deleteStack(place, { isLive: place.tenant === null }, context)));
      } catch (failure) {
        if (!isCodedError(failure)) throw failure;
        failures.push(failure);
        throw failure;
      }
    },
    { concurrency: settings.tenantConcurrency, signal },
  );
  return { deleted: [...done.keys()], kept, failures };
}

function inOrder({ manifest }: Assembly, deployed: DeployedStacks): readonly DoomedStack[] {
  const owned = deployed.owned().map(({ region, stack }) => ({
    id: `${region}/${stack.name}`,
    region,
    stackName: stack.name,
    tenant: stack.tags[stackTags.tenant] ?? null,
    shared: manifest.stacks.find((one) => one.region === region && one.stackName === stack.name),
    isBootstrap: stack.tags[stackTags.stack] === "bootstrap",
    stack,
  }));
  const tenants = owned.filter(({ tenant }) => tenant !== null).map(({ id }) => id);
  // A stack that the platform has no longer may use any other one, so it goes with the tenants.
  const strangers = owned.filter(
    (one) => one.tenant === null && one.shared === undefined && !one.isBootstrap,
  );
  const first = [...tenants, ...strangers.map(({ id }) => id)];
  return owned.map(({ id, region, stackName, tenant, shared, isBootstrap, stack }) => {
    const users = owned.filter(
      (one) => shared !== undefined && one.shared?.dependsOn.includes(shared.id) === true,
    );
    const others = isBootstrap ? owned.filter((one) => !one.isBootstrap).map((one) => one.id) : first;
    const dependsOn = first.includes(id) ? [] : [...others, ...users.map((one) => one.id)];
    return { id, region, stackName, tenant, stack, dependsOn };
  });
}

/** @throws TOOLKIT_DESTROY_PROTECTED */
async function refuseProtected(
  { manifest }: Assembly,
  deployed: DeployedStacks,
  doomed: readonly DoomedStack[],
  { allow }: DeploymentContext,
): Promise<void> {
  if (manifest.dataProtection === "disposable") return;
  const stacks: string[] = [];
  for (const { region, stackName, stack, tenant } of doomed) {
    if (stackName === bootstrapStackName(manifest) || allow.has(`delete:${stackName}`)) continue;
    if (stack.status === "REVIEW_IN_PROGRESS") continue;
    const { content } = await deployed.template(region, stack, tenant === null);
    const holdsData = Object.values(content.Resources).some(({ Type }) => statefulKind(Type) !== undefined);
    if (stack.terminationProtection || holdsData) stacks.push(stackName);
  }
  if (stacks.length > 0) throw errors.TOOLKIT_DESTROY_PROTECTED({ stacks });
}

/** Templates are written again by the next deployment: nothing of them needs to be kept. */
async function emptyBootstrap({ region, stack }: DoomedStack, { cloud }: DeploymentContext): Promise<void> {
  const bucket = stack.outputs["BucketName"];
  if (bucket !== undefined) await cloud.region(region).buckets.empty(bucket);
}
