import { isCodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { toolkitEvent } from "../../events.ts";
import type { StackTarget } from "../assembly/stack-targets.ts";
import type { DeployedStack } from "../cloud/cloud.ts";
import { isBusy, isOwned, isReached, isUnborn } from "../plan/deployed-stacks.ts";
import { statefulKind } from "../plan/stateful-types.ts";
import { type ChangeRequest, changeSetPrefix, runChangeSet } from "./change-set.ts";
import type { DeploymentContext } from "./deployment-context.ts";
import { StackEvents } from "./stack-events.ts";

export interface StackOutcome {
  readonly outcome: "created" | "updated" | "unchanged";
  readonly stack: DeployedStack;
  readonly durationMs: number;
}

export interface ApplyOptions {
  /** Of the values that the stack depends on. */
  readonly parametersDigest: string | null;
  /** Looks at the stack's content although its tags say that it is up to date. */
  readonly isForced: boolean;
  /** Tells every resource while it is worked on; else only what failed. */
  readonly isLive: boolean;
}

/** How often a stack is looked at again before something must be wrong with it. */
const roundsMax = 12;

/**
 * Brings one stack to its target, from whatever state it is in: absent, begun by a deployment that was killed,
 * being worked on, rolled back. Can be called again at any point.
 *
 * @throws TOOLKIT_STACK_FAILED, TOOLKIT_STACK_STUCK, TOOLKIT_STACK_FOREIGN, TOOLKIT_CHANGE_SET_REFUSED, TOOLKIT_DATA_AT_RISK
 */
export async function applyStack(
  request: ChangeRequest,
  options: ApplyOptions,
  context: DeploymentContext,
): Promise<StackOutcome> {
  const { stackName: stack, region, tenant } = request.target;
  const startedMs = context.clock.monotonicMs();
  const durationMs = () => Math.round(context.clock.monotonicMs() - startedMs);
  try {
    const result = await bringUp(request, options, context);
    const told = { stack, region, tenant, outcome: result.outcome, durationMs: durationMs() };
    context.onEvent(toolkitEvent("TOOLKIT_STACK_DONE", told));
    return { ...result, durationMs: told.durationMs };
  } catch (failure) {
    if (isCodedError(failure)) {
      const { message, code: errorCode } = failure;
      const told = { stack, region, tenant, message, errorCode, durationMs: durationMs() };
      context.onEvent(toolkitEvent("TOOLKIT_STACK_FAILED", told));
    }
    throw failure;
  }
}

async function bringUp(
  request: ChangeRequest,
  { parametersDigest, isForced, isLive }: ApplyOptions,
  context: DeploymentContext,
): Promise<Omit<StackOutcome, "durationMs">> {
  const { target } = request;
  const { stacks } = context.cloud.region(target.region);
  const follow = new StackEvents(stacks, target, context.onEvent);
  // What was begun here, or before by a deployment that was killed. An answer that got lost does not change it.
  let outcome: StackOutcome["outcome"] = "unchanged";
  for (let round = 1; round <= roundsMax; round += 1) {
    const stack = await stacks.describe(target.stackName);
    if (stack !== null && isBusy(stack.status)) {
      // A deployment that was killed began this, or somebody else did: CloudFormation finishes it either way.
      tellStart(target, "wait", context);
      await wait(stack, follow, isLive, context);
      if (outcome === "unchanged") outcome = stack.status === "CREATE_IN_PROGRESS" ? "created" : "updated";
      continue;
    }
    if (stack !== null) await refuseForeign(stack, target, context);
    if (
      stack !== null &&
      isReached(stack, target, parametersDigest) &&
      (!isForced || outcome !== "unchanged")
    )
      return { outcome, stack: await protect(stack, target, context) };
    if (stack !== null && (await clearFailedCreation(stack, target, context))) continue;
    context.signal.throwIfAborted();
    const isNew = stack === null || isUnborn(stack.status);
    tellStart(target, isNew ? "create" : "update", context);
    if (stack !== null) await follow.skip(stack.id);
    const begun = await runChangeSet(request, stack, context);
    if (begun !== "no-changes" && outcome !== "created") outcome = isNew ? "created" : "updated";
    if (begun === "again") {
      await context.clock.sleep(context.pollMs);
      continue;
    }
    if (begun === "no-changes" && stack !== null)
      return { outcome: "unchanged", stack: await protect(stack, target, context) };
    const running = await stacks.describe(target.stackName);
    if (running === null) continue;
    const settled = await wait(running, follow, isLive, context);
    if (hasFailed(settled)) throw await failureOf(settled, follow);
  }
  const stack = await stacks.describe(target.stackName);
  throw errors.TOOLKIT_STACK_STUCK({
    stack: target.stackName,
    region: target.region,
    status: stack?.status ?? "absent",
    detail: "it does not come to the state that it should have",
  });
}

function tellStart(
  { stackName: stack, region, tenant }: StackTarget,
  action: "create" | "update" | "wait",
  { onEvent }: DeploymentContext,
): void {
  onEvent(toolkitEvent("TOOLKIT_STACK_STARTED", { stack, region, tenant, action }));
}

async function wait(
  stack: DeployedStack,
  follow: StackEvents,
  isLive: boolean,
  context: DeploymentContext,
): Promise<DeployedStack> {
  const region = regionOf(stack);
  const settled = await context
    .watch(region)
    .settled(stack.id, isLive ? () => follow.advance(stack.id) : null);
  if (isLive || hasFailed(settled)) await follow.advance(stack.id);
  return settled;
}

async function failureOf(stack: DeployedStack, follow: StackEvents): Promise<Error> {
  await follow.advance(stack.id);
  return follow.failure(stack);
}

function hasFailed({ status }: DeployedStack): boolean {
  return status.includes("ROLLBACK") || status.endsWith("_FAILED");
}

/** A stack id is an ARN: arn:aws:cloudformation:us-east-1:123456789012:stack/name/uuid. */
function regionOf({ id }: DeployedStack): string {
  return id.split(":")[3] ?? "";
}

async function refuseForeign(
  stack: DeployedStack,
  { stackName, region }: StackTarget,
  { owner, cloud }: DeploymentContext,
): Promise<void> {
  if (isOwned(stack, owner)) return;
  if (stack.status === "REVIEW_IN_PROGRESS" && Object.keys(stack.tags).length === 0) {
    const sets = await cloud.region(region).stacks.changeSets(stackName);
    if (sets.every((name) => name.startsWith(changeSetPrefix(owner)))) return;
  }
  throw errors.TOOLKIT_STACK_FOREIGN({ stack: stackName, region });
}

/**
 * A stack whose creation was rolled back can only be deleted. It never was in service; still, what it could not roll
 * back may be something that holds data, and then a person has to look.
 *
 * @returns whether the stack was deleted
 */
async function clearFailedCreation(
  { id, name, status, statusReason }: DeployedStack,
  { region }: StackTarget,
  context: DeploymentContext,
): Promise<boolean> {
  const { stacks } = context.cloud.region(region);
  if (["UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED", "DELETE_FAILED"].includes(status))
    throw errors.TOOLKIT_STACK_STUCK({
      stack: name,
      region,
      status,
      detail: statusReason ?? "no reason was given",
    });
  if (!isUnborn(status) || status === "REVIEW_IN_PROGRESS") return false;
  const left = (await stacks.resources(id)).find(
    (resource) =>
      statefulKind(resource.type) !== undefined &&
      resource.physicalId !== null &&
      resource.physicalId !== "" &&
      resource.status !== "DELETE_COMPLETE" &&
      resource.status !== "CREATE_FAILED",
  );
  if (left !== undefined && context.owner.dataProtection !== "disposable")
    throw errors.TOOLKIT_STACK_STUCK({
      stack: name,
      region,
      status,
      detail: `${left.logicalId} (${left.physicalId ?? ""}) was left behind and may hold data`,
    });
  await stacks.delete(id);
  await context.watch(region).settled(id, null);
  return true;
}

async function protect(
  stack: DeployedStack,
  { region, stackName, terminationProtection }: StackTarget,
  { cloud, owner }: DeploymentContext,
): Promise<DeployedStack> {
  // Protection that a person switched on stays, except where everything may be destroyed.
  const isWanted =
    terminationProtection || (stack.terminationProtection && owner.dataProtection !== "disposable");
  if (stack.terminationProtection === isWanted) return stack;
  await cloud.region(region).stacks.setTerminationProtection(stackName, terminationProtection);
  return { ...stack, terminationProtection };
}
