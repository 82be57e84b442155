import type { ShippedFiles, ShippedStack } from "../../artifacts/shipment.ts";
import type { Container, Use } from "./stack-view.ts";

/**
 * What CloudFormation limits of a template. Its size and its outputs are only in its text.
 *
 * @param files the text of what is shipped, where it is at hand
 */
export function templateUses(
  stack: ShippedStack,
  resources: number,
  files: ShippedFiles | undefined,
): readonly Use[] {
  const container: Container = {
    key: `stack ${stack.id}`,
    subject: stack.id,
    level: stack.tenant === null ? "shared" : "tenant",
  };
  const path = `cloudformation/${stack.template}`;
  const text = files !== undefined && Object.hasOwn(files, path) ? files[path] : undefined;
  const use = (quota: string, amount: number): Use => ({ quota, container, amount, by: stack.id });
  return [
    use("resources-per-template", resources),
    use("parameters-per-template", Object.keys(stack.parameters).length),
    ...(text === undefined
      ? []
      : [
          use("template-size", new TextEncoder().encode(text).length),
          use("outputs-per-template", outputsIn(text)),
        ]),
  ];
}

function outputsIn(text: string): number {
  try {
    const { Outputs } = JSON.parse(text) as { readonly Outputs?: unknown };
    return typeof Outputs === "object" && Outputs !== null ? Object.keys(Outputs).length : 0;
  } catch {
    // What is no template is said where it is read.
    return 0;
  }
}
