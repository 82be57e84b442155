import type { ShippedFiles } from "@tenantry/assurance";
import { editTemplate, type EditableResource, type EditableTemplate, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";

export type Environment = readonly [platform: string, environment: string];

export const silos: Environment = ["tenant-silos", "production"];
export const development: Environment = ["tenant-silos", "development"];
export const management: Environment = ["saas-management", "production"];
export const staging: Environment = ["saas-management", "staging"];
export const starter: Environment = ["starter", "production"];

/** A mutant of posture that breaks one template. */
export const broken = (
  name: string,
  rule: string,
  platforms: readonly Environment[],
  template: string,
  edit: (template: EditableTemplate) => void,
): Mutant => ({
  name,
  theme: "posture",
  rule: `posture/${rule}`,
  platforms,
  mutate: (files: ShippedFiles) => editTemplate(files, template, edit),
});

/** The first resource of a type. */
export function firstOf(template: EditableTemplate, type: string): EditableResource {
  const [found] = resourcesOfType(template, type);
  if (found === undefined) throw new Error(`there is no ${type}`);
  return found[1];
}

/** The first container of the first task definition. */
export const containerOf = (template: EditableTemplate) =>
  firstOf(template, "AWS::ECS::TaskDefinition").Properties["ContainerDefinitions"][0];

/** The statements of the first role that has a policy of its own. */
export function ownStatements(template: EditableTemplate): unknown[] {
  const roles = resourcesOfType(template, "AWS::IAM::Role").map(([, role]) => role);
  const role = roles.find(({ Properties }) => Properties["Policies"] !== undefined);
  return role?.Properties["Policies"][0].PolicyDocument.Statement ?? [];
}
