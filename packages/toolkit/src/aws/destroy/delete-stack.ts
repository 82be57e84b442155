import { isCodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { toolkitEvent } from "../../events.ts";
import type { Template } from "../assembly/template.ts";
import type { DeployedStack } from "../cloud/cloud.ts";
import { changeSetPrefix } from "../deploy/change-set.ts";
import type { DeploymentContext } from "../deploy/deployment-context.ts";
import { type StackPlace, StackEvents } from "../deploy/stack-events.ts";
import { isBusy, isOwned } from "../plan/deployed-stacks.ts";

/** Something that AWS keeps after its stack is gone. */
export interface KeptResource {
  readonly stack: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** Whether the resource itself is kept, or a snapshot of it. */
  readonly as: "itself" | "snapshot";
}

const attemptsMax = 3;

/**
 * Deletes a stack, from whatever state it is in. Can be called again at any point.
 *
 * @returns what is kept
 * @throws TOOLKIT_STACK_FAILED, TOOLKIT_STACK_FOREIGN
 */
export async function deleteStack(
  place: StackPlace,
  { isLive }: { readonly isLive: boolean },
  context: DeploymentContext,
): Promise<readonly KeptResource[]> {
  const { stackName: stack, region, tenant } = place;
  const startedMs = context.clock.monotonicMs();
  const durationMs = () => Math.round(context.clock.monotonicMs() - startedMs);
  try {
    const kept = await takeDown(place, isLive, context);
    const told = { stack, region, tenant, outcome: "deleted", durationMs: durationMs() } as const;
    context.onEvent(toolkitEvent("TOOLKIT_STACK_DONE", told));
    return kept;
  } catch (failure) {
    if (isCodedError(failure)) {
      const { message, code: errorCode } = failure;
      const told = { stack, region, tenant, message, errorCode, durationMs: durationMs() };
      context.onEvent(toolkitEvent("TOOLKIT_STACK_FAILED", told));
    }
    throw failure;
  }
}

async function takeDown(
  place: StackPlace,
  isLive: boolean,
  context: DeploymentContext,
): Promise<readonly KeptResource[]> {
  const { stackName, region, tenant } = place;
  const { stacks } = context.cloud.region(region);
  const watch = context.watch(region);
  let found = await stacks.describe(stackName);
  if (found === null) return [];
  context.onEvent(
    toolkitEvent("TOOLKIT_STACK_STARTED", { stack: stackName, region, tenant, action: "delete" }),
  );
  if (isBusy(found.status) && found.status !== "DELETE_IN_PROGRESS")
    found = await watch.settled(found.id, null);
  const stack = found;
  await refuseForeign(stack, place, context);
  const kept = await keptOf(stack, place, context);
  if (context.owner.dataProtection === "disposable") await emptyBuckets(stack, kept, region, context);
  if (stack.terminationProtection) await stacks.setTerminationProtection(stackName, false);
  const follow = new StackEvents(stacks, place, context.onEvent);
  for (let attempt = 1; ; attempt += 1) {
    await follow.skip(stack.id);
    await stacks.delete(stack.id);
    const settled = await watch.settled(stack.id, isLive ? () => follow.advance(stack.id) : null);
    if (settled.status === "DELETE_COMPLETE") return kept;
    await follow.advance(stack.id);
    // What one resource still used may be free by now.
    if (attempt >= attemptsMax) throw follow.failure(settled);
  }
}

async function refuseForeign(
  stack: DeployedStack,
  { stackName, region }: StackPlace,
  { owner, cloud }: DeploymentContext,
): Promise<void> {
  if (isOwned(stack, owner)) return;
  const prefix = changeSetPrefix(owner);
  const sets =
    stack.status === "REVIEW_IN_PROGRESS" ? await cloud.region(region).stacks.changeSets(stackName) : [""];
  if (!sets.every((name) => name.startsWith(prefix)))
    throw errors.TOOLKIT_STACK_FOREIGN({ stack: stackName, region });
}

/** What the deployed template says is to be kept, of what is there. */
async function keptOf(
  { id, status }: DeployedStack,
  { stackName, region }: StackPlace,
  { cloud }: DeploymentContext,
): Promise<readonly KeptResource[]> {
  if (status === "REVIEW_IN_PROGRESS" || status === "DELETE_COMPLETE") return [];
  const { stacks } = cloud.region(region);
  const template = JSON.parse(await stacks.template(id)) as Partial<Template>;
  const resources = await stacks.resources(id);
  return resources.flatMap(({ logicalId, physicalId, type, status: state }): KeptResource[] => {
    const policy = template.Resources?.[logicalId]?.DeletionPolicy ?? "Delete";
    if (policy === "Delete" || physicalId === null || physicalId === "" || state === "DELETE_COMPLETE")
      return [];
    const as = policy === "Snapshot" ? "snapshot" : "itself";
    return [{ stack: stackName, region, logicalId, type, physicalId, as }];
  });
}

/** CloudFormation deletes empty buckets only. */
async function emptyBuckets(
  { id }: DeployedStack,
  kept: readonly KeptResource[],
  region: string,
  { cloud }: DeploymentContext,
): Promise<void> {
  const { stacks, buckets } = cloud.region(region);
  for (const { type, physicalId, logicalId } of await stacks.resources(id)) {
    const isKept = kept.some((one) => one.logicalId === logicalId);
    if (type === "AWS::S3::Bucket" && physicalId !== null && physicalId !== "" && !isKept)
      await buckets.empty(physicalId);
  }
}
