import type { AssemblyManifest } from "@tenantry/aws";
import { errors } from "../../errors.ts";
import { digestOfData } from "../assembly/read-assembly.ts";
import type { StackTarget } from "../assembly/stack-targets.ts";
import type { ChangeSetRequest, ChangeSetView, DeployedStack, TemplateSource } from "../cloud/cloud.ts";
import { isUnborn } from "../plan/deployed-stacks.ts";
import { statefulKind } from "../plan/stateful-types.ts";
import type { DeploymentContext } from "./deployment-context.ts";

/** What CloudFormation is to be given for a target. */
export interface ChangeRequest {
  readonly target: StackTarget;
  readonly template: TemplateSource;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The names of our change sets begin so: what an interrupted deployment left behind is known by it, also in a stack
 * that has no tags yet.
 */
export function changeSetPrefix({
  platform,
  environment,
}: Pick<AssemblyManifest, "platform" | "environment">): string {
  return `tenantry-${digestOfData({ platform, environment }).slice(0, 8)}-`;
}

/**
 * Makes a change set, or finds the one that an interrupted deployment made, and executes it. The name says what the
 * stack is to become and from which revision, so the same request never makes two.
 *
 * @returns "again" when the stack changed meanwhile, and has to be looked at again
 * @throws TOOLKIT_CHANGE_SET_REFUSED, TOOLKIT_DATA_AT_RISK
 */
export async function runChangeSet(
  request: ChangeRequest,
  stack: DeployedStack | null,
  context: DeploymentContext,
): Promise<"started" | "no-changes" | "again"> {
  const { target } = request;
  const { stacks } = context.cloud.region(target.region);
  const isNew = stack === null || isUnborn(stack.status);
  const set = changeSetOf(request, stack, isNew ? "CREATE" : "UPDATE", context);
  if (stack !== null) await deleteOthers(set, context, target);
  await stacks.createChangeSet(set);
  const view = await described(set, target, context);
  if (view === null) return "again";
  if (view.status === "FAILED") {
    await stacks.deleteChangeSet(set.stack, set.name);
    if (isWithoutChanges(view)) return "no-changes";
    if (isNew) await stacks.delete(target.stackName);
    throw errors.TOOLKIT_CHANGE_SET_REFUSED({
      stack: target.stackName,
      region: target.region,
      detail: view.statusReason ?? "no reason was given",
    });
  }
  if (view.executionStatus.startsWith("EXECUTE_") && view.executionStatus !== "EXECUTE_FAILED")
    return "started";
  if (view.executionStatus !== "AVAILABLE") {
    await stacks.deleteChangeSet(set.stack, set.name);
    return "again";
  }
  await guardData(view, set, target, context);
  return (await stacks.executeChangeSet(set.stack, set.name)) === "started" ? "started" : "again";
}

function changeSetOf(
  { target, template, parameters, tags }: ChangeRequest,
  stack: DeployedStack | null,
  kind: ChangeSetRequest["kind"],
  { owner }: DeploymentContext,
): ChangeSetRequest {
  const { stackName, templateSha256, capabilities } = target;
  const from = stack === null || kind === "CREATE" ? null : stack.revision;
  const digest = digestOfData({ kind, stackName, from, templateSha256, parameters, tags });
  const name = `${changeSetPrefix(owner)}${digest.slice(0, 32)}`;
  return { stack: stackName, name, kind, template, parameters, tags, capabilities };
}

/** Change sets of deployments that did not get to executing them are of no use to anybody. */
async function deleteOthers(
  { stack, name }: ChangeSetRequest,
  { cloud, owner }: DeploymentContext,
  { region }: StackTarget,
): Promise<void> {
  const { stacks } = cloud.region(region);
  const prefix = changeSetPrefix(owner);
  for (const other of await stacks.changeSets(stack)) {
    if (other !== name && other.startsWith(prefix)) await stacks.deleteChangeSet(stack, other);
  }
}

async function described(
  { stack, name }: ChangeSetRequest,
  { region }: StackTarget,
  { cloud, clock, pollMs }: DeploymentContext,
): Promise<ChangeSetView | null> {
  const { stacks } = cloud.region(region);
  for (;;) {
    const view = await stacks.describeChangeSet(stack, name);
    if (view === null || !/^(CREATE|DELETE)_(PENDING|IN_PROGRESS)$/.test(view.status)) return view;
    await clock.sleep(pollMs);
  }
}

function isWithoutChanges({ statusReason }: ChangeSetView): boolean {
  return /didn't contain changes|No updates are to be performed/i.test(statusReason ?? "");
}

/**
 * What CloudFormation itself says it will do is the last word: it knows values that no plan knows. Data are not
 * replaced or deleted that the user has not named.
 */
async function guardData(
  { changes }: ChangeSetView,
  { stack, name }: ChangeSetRequest,
  { id, region }: StackTarget,
  { cloud, allow, owner }: DeploymentContext,
): Promise<void> {
  if (owner.dataProtection === "disposable") return;
  const losses: string[] = [];
  const permissions: string[] = [];
  for (const { action, logicalId, type, replacement } of changes) {
    const kind = statefulKind(type);
    const isReplaced = action === "Modify" && (replacement === "True" || replacement === "Conditional");
    if (kind === undefined || (action !== "Remove" && !isReplaced)) continue;
    const permission = `${isReplaced ? "replace" : "delete"}:${id}/${logicalId}`;
    if (allow.has(permission)) continue;
    permissions.push(permission);
    losses.push(`${isReplaced ? "replaces" : "deletes"} the ${kind} ${id}/${logicalId}`);
  }
  if (losses.length === 0) return;
  await cloud.region(region).stacks.deleteChangeSet(stack, name);
  throw errors.TOOLKIT_DATA_AT_RISK({ losses, permissions });
}
