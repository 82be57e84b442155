import { type Deployment, openDeployment, type Platform } from "@tenantry/model";
import { type CfnParameter, Tags } from "aws-cdk-lib";
import type { PlatformStack } from "./platform-stack.ts";

const parameterNames: Readonly<Record<keyof Deployment, string>> = {
  repository: "DeploymentRepository",
  author: "DeploymentAuthor",
  pullRequest: "DeploymentPullRequest",
  createdAt: "DeploymentCreatedAt",
};

/**
 * Puts the platform's tags on everything in the stack that can carry tags. What only a deployment knows is a
 * parameter of the template, so that synthesis gives the same bytes on another day.
 */
export function tagStack(stack: PlatformStack, tags: Platform["tags"]): void {
  for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, fillDeployment(stack, value));
}

function fillDeployment(stack: PlatformStack, value: string): string {
  let filled = value;
  for (const [field, open] of Object.entries(openDeployment) as [keyof Deployment, string][]) {
    if (!filled.includes(open)) continue;
    const id = parameterNames[field];
    const known = stack.node.tryFindChild(id) as CfnParameter | undefined;
    const parameter =
      known ?? stack.parameter(id, { type: "String", default: "unknown" }, { kind: "deployment", field });
    filled = filled.replaceAll(open, parameter.valueAsString);
  }
  return filled;
}
