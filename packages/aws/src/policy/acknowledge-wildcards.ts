import { type CfnResource, Stack } from "aws-cdk-lib";
import { acknowledge } from "../stack/acknowledge.ts";
import type { Statement } from "./policy-document.ts";

/**
 * Says why statements of a role's own policy name resources with a wildcard in them. The check wants an answer for each such
 * resource, so that one that comes later asks again.
 */
export function acknowledgeWildcards(
  role: CfnResource,
  statements: readonly Statement[],
  reason: string,
): void {
  const stack = Stack.of(role);
  const resources = statements.flatMap(({ Resource }) => Resource ?? []);
  const written = new Set(resources.map((resource) => flatten(stack.resolve(resource))));
  for (const resource of written)
    if (resource.includes("*")) acknowledge(role, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
}

/** How the check writes a text in which CloudFormation fills something in: `<AWS::Region>`, `<Key.Arn>`. */
export function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  const node = value as {
    readonly Ref?: string;
    readonly "Fn::GetAtt"?: readonly string[];
    readonly "Fn::Join"?: readonly [string, readonly unknown[]];
  };
  if (node.Ref !== undefined) return `<${node.Ref}>`;
  if (node["Fn::GetAtt"] !== undefined) return `<${node["Fn::GetAtt"].join(".")}>`;
  const [delimiter, parts] = node["Fn::Join"] ?? ["", []];
  return parts.map(flatten).join(delimiter);
}
