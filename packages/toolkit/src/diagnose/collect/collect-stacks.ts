import type { StackTarget } from "../../aws/assembly/stack-targets.ts";
import { stackTags } from "../../aws/assembly/stack-targets.ts";
import type { DeployedStack, StackEvent, StackService } from "../../aws/cloud/cloud.ts";
import type { DeployedSnapshot, StackSnapshot } from "../stack-snapshot.ts";
import { type Attempts, mapBounded } from "./attempts.ts";

const service = "cloudformation";

/** The stacks of a region that the assembly asks for, as they are. */
export async function collectStacks(
  region: string,
  targets: readonly StackTarget[],
  { stacks, attempts }: { readonly stacks: StackService; readonly attempts: Attempts },
): Promise<readonly StackSnapshot[]> {
  const listed = await attempts.read(service, region, () => stacks.list());
  return mapBounded(targets, async (target): Promise<StackSnapshot> => {
    const { id, stackName, tenant, parameters: declared, templateSha256 } = target;
    const common = { id, stackName, tenant, declared, templateSha256 };
    if (listed.kind !== "found") return { ...common, deployed: "unread" };
    const stack = listed.value.find(({ name }) => name === stackName);
    if (stack === undefined) return { ...common, deployed: null };
    const resources = await attempts.readOr(service, region, [], () => stacks.resources(stack.id));
    const isWell = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(stack.status);
    const failures = isWell
      ? []
      : await attempts.readOr(service, region, [], () => failuresOf(stack, stacks));
    return { ...common, deployed: deployedOf(stack, { resources, failures }) };
  });
}

function deployedOf(
  stack: DeployedStack,
  { resources, failures }: Pick<DeployedSnapshot, "resources" | "failures">,
): DeployedSnapshot {
  return {
    status: stack.status,
    statusReason: stack.statusReason,
    changedAtMs: Date.parse(stack.revision),
    templateSha256: stack.tags[stackTags.template] ?? null,
    parameters: stack.parameters,
    resources,
    failures,
  };
}

/** What failed since the last operation began, oldest first; what was only cancelled is no cause. */
async function failuresOf(stack: DeployedStack, stacks: StackService): Promise<DeployedSnapshot["failures"]> {
  let isBegun = false;
  const events = await stacks.events(stack.id, (event) => {
    const isOver = isBegun;
    isBegun = isBegin(event, stack.id);
    return isOver;
  });
  return events
    .filter(
      ({ status, physicalId, reason }) =>
        status.endsWith("_FAILED") && physicalId !== stack.id && !isCancelled(reason),
    )
    .map(({ logicalId, type, reason, status }) => ({ logicalId, type, reason: reason ?? status }))
    .toReversed();
}

function isBegin({ physicalId, status }: StackEvent, stackId: string): boolean {
  return physicalId === stackId && /^(CREATE|UPDATE|DELETE|REVIEW)_IN_PROGRESS$/.test(status);
}

function isCancelled(reason: string | null): boolean {
  return reason !== null && /^Resource (creation|update|deletion) cancelled/.test(reason);
}
