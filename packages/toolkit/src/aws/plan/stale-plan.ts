import type { DeploymentPlan, StackPlan } from "./deployment-plan.ts";
import { isBusy, isUnborn } from "./deployed-stacks.ts";

/**
 * What keeps a plan from being applied exactly, because something changed since it was made. What an interrupted
 * deployment of the same plan has done already does not count.
 */
export function stalePoints(planned: DeploymentPlan, now: DeploymentPlan): readonly string[] {
  if (planned.basis === "nothing") return ["the plan was made without a look at what is deployed"];
  const points: string[] = [];
  if (planned.platform !== now.platform || planned.environment !== now.environment)
    points.push(`the plan is for ${planned.platform} ${planned.environment}`);
  if (planned.part !== now.part) points.push(`the plan is for the ${planned.part}, and not the ${now.part}`);
  if (planned.account !== now.account)
    points.push(
      `the plan is for the account ${planned.account ?? "unknown"}, these credentials are of ${now.account ?? "unknown"}`,
    );
  if (
    planned.assembly.manifest !== now.assembly.manifest ||
    planned.assembly.placements !== now.assembly.placements
  )
    points.push("the assembly is not the one that was planned");
  const key = ({ region, stackName }: StackPlan) => `${region} ${stackName}`;
  const byKey = (plan: DeploymentPlan) =>
    new Map([...plan.stacks, ...plan.tenants].map((stack) => [key(stack), stack]));
  const before = byKey(planned);
  const current = byKey(now);
  for (const name of new Set([...before.keys(), ...current.keys()])) {
    const point = stalePoint(before.get(name), current.get(name));
    if (point !== null) points.push(point);
  }
  return points;
}

function stalePoint(planned: StackPlan | undefined, now: StackPlan | undefined): string | null {
  if (planned === undefined) return now === undefined ? null : `${now.stackName}: is not in the plan`;
  const { stackName } = planned;
  // A removal that was done already.
  if (now === undefined) return planned.action === "delete" ? null : `${stackName}: is not wanted any more`;
  if (now.template !== planned.template) return `${stackName}: another template would be deployed`;
  const isSameValue =
    planned.parameters === null || planned.mayFollow || now.parameters === planned.parameters;
  if (!isSameValue) return `${stackName}: values of its parameters have changed`;
  if (planned.action !== "unchanged" && isBegun(planned, now)) return null;
  if (now.deployedTemplate !== planned.deployedTemplate)
    return `${stackName}: its template in AWS has changed`;
  if (now.deployedParameters !== planned.deployedParameters)
    return `${stackName}: the values of its parameters in AWS have changed`;
  if (now.action !== planned.action && !(planned.mayFollow && now.action === "update"))
    return `${stackName}: was to ${planned.action}, and is now to ${now.action}`;
  return now.status === planned.status || now.action === "unchanged"
    ? null
    : `${stackName}: was ${planned.status ?? "absent"}, and is now ${now.status ?? "absent"}`;
}

/** Whether the planned change was made already, or is under way. */
function isBegun(planned: StackPlan, now: StackPlan): boolean {
  if (now.action === "unchanged") return true;
  if (planned.action === "create") return now.status !== null && (isBusy(now.status) || isUnborn(now.status));
  return now.status !== null && isBusy(now.status);
}
