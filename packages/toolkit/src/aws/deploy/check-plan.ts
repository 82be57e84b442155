import type { AssemblyManifest } from "@tenantry/aws";
import { errors } from "../../errors.ts";
import type { DeploymentPlan } from "../plan/deployment-plan.ts";
import { stalePoints } from "../plan/stale-plan.ts";

/**
 * Decides whether what is planned now may be applied.
 *
 * @param reviewed the plan that somebody has looked at; null where nobody has
 * @throws TOOLKIT_PLAN_STALE, TOOLKIT_DEPLOYMENT_OBSTACLES, TOOLKIT_DATA_AT_RISK
 */
export function checkPlan(
  now: DeploymentPlan,
  reviewed: DeploymentPlan | null,
  allow: ReadonlySet<string>,
  { dataProtection }: Pick<AssemblyManifest, "dataProtection">,
): void {
  if (reviewed !== null) {
    const points = stalePoints(reviewed, now);
    if (points.length > 0) throw errors.TOOLKIT_PLAN_STALE({ points });
  }
  if (now.obstacles.length > 0) {
    const obstacles = now.obstacles.map(
      ({ stackName, region, detail }) => `${stackName} in ${region}: ${detail}`,
    );
    throw errors.TOOLKIT_DEPLOYMENT_OBSTACLES({ obstacles });
  }
  if (dataProtection === "disposable") return;
  const losses: string[] = [];
  const permissions: string[] = [];
  for (const stack of [...now.stacks, ...now.tenants]) {
    const whole = `delete:${stack.id}`;
    if (stack.action === "delete" && allow.has(whole)) continue;
    // A tenant that the assembly does not name may have been added without it: nobody is removed unseen.
    if (stack.action === "delete" && reviewed === null) {
      losses.push(`removes ${stack.tenant === null ? stack.stackName : `the tenant ${stack.tenant}`}`);
      permissions.push(whole);
      continue;
    }
    for (const { permission, message } of stack.losses) {
      if (allow.has(permission)) continue;
      losses.push(message);
      permissions.push(permission);
    }
  }
  if (losses.length > 0) throw errors.TOOLKIT_DATA_AT_RISK({ losses, permissions });
}
