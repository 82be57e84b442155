import type { ShippedFiles } from "@tenantry/assurance";
import {
  type EditableResource,
  type EditableTemplate,
  editTemplate,
  resourceOf,
  resourcesOfType,
} from "./edit.ts";
import type { Mutant } from "./mutant.ts";

// What the mutants of names and of data change in the same way.

export type Platforms = Mutant["platforms"];

export const silos: Platforms = [
  ["tenant-silos", "production"],
  ["tenant-silos", "development"],
];
export const silosInProduction: Platforms = [["tenant-silos", "production"]];
export const starter: Platforms = [["starter", "production"]];
export const management: Platforms = [["saas-management", "production"]];

export const tenant = { Ref: "TenantId" };
export const username = { Ref: "TenantUsername" };
export const join = (...parts: readonly unknown[]) => ({ "Fn::Join": ["", parts] });

/** Makes mutants of a theme, whose rules are named without it. */
export const mutantOf =
  (theme: "names" | "data") =>
  (name: string, rule: string, platforms: Platforms, mutate: Mutant["mutate"]): Mutant => ({
    name,
    theme,
    rule: `${theme}/${rule}`,
    platforms,
    mutate,
  });

export const inTemplate =
  (name: string, edit: (template: EditableTemplate) => void) =>
  (files: ShippedFiles): ShippedFiles =>
    editTemplate(files, name, edit);

export const silo = (edit: (template: EditableTemplate) => void) => inTemplate("tenant-silo", edit);

/** Gives a resource of the silo's template a property. */
export const named = (logicalId: string, property: string, value: unknown) =>
  silo((template) => {
    resourceOf(template, logicalId).Properties[property] = value;
  });

export const copyOf = (resource: EditableResource): EditableResource => structuredClone(resource);

export interface Container {
  Environment: { Name: string; Value: unknown }[];
  Secrets: { Name: string; ValueFrom: unknown }[];
  Command?: unknown[];
  LogConfiguration: { Options: Record<string, unknown> };
}

export const containerOf = (template: EditableTemplate): Container =>
  resourceOf(template, "AppServiceTask").Properties["ContainerDefinitions"][0] as Container;

/** Allows the role of the tenant's tasks something more. */
export const allowed = (statement: Record<string, unknown>) =>
  silo((template) => {
    const [policy] = resourceOf(template, "AppServiceRolesTaskRole").Properties["Policies"] as {
      PolicyDocument: { Statement: unknown[] };
    }[];
    policy?.PolicyDocument.Statement.push({ Effect: "Allow", ...statement });
  });

/** Gives the tenant's container a variable another value, or a new variable. */
export const told = (Name: string, Value: unknown) =>
  silo((template) => {
    const container = containerOf(template);
    container.Environment = [...container.Environment.filter((one) => one.Name !== Name), { Name, Value }];
  });

/** Changes the first resource of a type. */
export const first = (name: string, type: string, edit: (resource: EditableResource) => void) =>
  inTemplate(name, (template) => {
    const [found] = resourcesOfType(template, type);
    edit((found as NonNullable<typeof found>)[1]);
  });
