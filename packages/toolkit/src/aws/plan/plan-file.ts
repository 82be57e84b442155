import type { Random } from "@tenantry/base";
import { stableJson } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { readIfThere, writeFileAtomically } from "../../write-file-atomically.ts";
import { digestOfData } from "../assembly/read-assembly.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

export async function writePlan(path: string, plan: DeploymentPlan, random: Random): Promise<void> {
  await writeFileAtomically(path, `${stableJson(plan)}\n`, random);
}

/** @throws TOOLKIT_PLAN_MISSING, TOOLKIT_PLAN_INVALID */
export async function readPlan(path: string): Promise<DeploymentPlan> {
  const text = await readIfThere(path);
  if (text === undefined) throw errors.TOOLKIT_PLAN_MISSING({ path });
  let plan: DeploymentPlan;
  try {
    plan = JSON.parse(text) as DeploymentPlan;
  } catch (failure) {
    throw errors.TOOLKIT_PLAN_INVALID({ path, detail: "it is not JSON" }, failure);
  }
  if (typeof plan !== "object" || plan === null || plan.version !== 1)
    throw errors.TOOLKIT_PLAN_INVALID({ path, detail: "it is not a plan of this version" });
  const { digest, ...content } = plan;
  // Whoever has the digest of a plan that `tenantry plan` wrote has a plan: the digest covers every field.
  if (digestOfData(content) !== digest)
    throw errors.TOOLKIT_PLAN_INVALID({ path, detail: "it was changed after it was made" });
  return plan;
}
