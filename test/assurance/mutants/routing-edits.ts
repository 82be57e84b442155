import { assert } from "@tenantry/base";
import type { ShippedFiles } from "@tenantry/assurance";
import { editJson, type EditableResource, editTemplate, resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";

type Platforms = Mutant["platforms"];
export type Properties = EditableResource["Properties"];

export const silos: Platforms = [["tenant-silos", "production"]];
const silosInTheClear: Platforms = [["tenant-silos", "development"]];
export const starter: Platforms = [["starter", "production"]];
export const withSilos: Platforms = [...silos, ...silosInTheClear, ...starter];
export const edge: Platforms = [
  ["saas-management", "production"],
  ["saas-management", "staging"],
];
export const encrypted: Platforms = [...silos, ...starter, ...edge];
export const shared: Platforms = [...starter];
export const everywhere: Platforms = [...withSilos, ...edge];

/** Collects the mutants of a file. */
export function collector(): {
  readonly mutants: readonly Mutant[];
  readonly add: (
    name: string,
    rule: string,
    platforms: Platforms,
    mutate: (files: ShippedFiles) => ShippedFiles,
  ) => void;
} {
  const mutants: Mutant[] = [];
  return {
    mutants,
    add: (name, rule, platforms, mutate) => {
      mutants.push({ name, theme: "routing", rule: `routing/${rule}`, platforms, mutate });
    },
  };
}

/** Changes one resource of a template. */
export const change =
  (template: string, id: string, edit: (properties: Properties, resource: EditableResource) => void) =>
  (files: ShippedFiles): ShippedFiles =>
    editTemplate(files, template, (content) => {
      const resource = resourceOf(content, id);
      edit(resource.Properties, resource);
    });

export const ofTenant = (id: string, edit: (properties: Properties) => void) =>
  change("tenant-silo", id, edit);
export const ofCell = (id: string, edit: (properties: Properties) => void) => change("cell", id, edit);
export const ofEdge = (id: string, edit: (properties: Properties) => void) => change("edge-global", id, edit);

/** Adds a resource to a template. */
export const insert =
  (template: string, id: string, Type: string, Properties: Properties) =>
  (files: ShippedFiles): ShippedFiles =>
    editTemplate(files, template, ({ Resources }) => {
      Resources[id] = { Type, Properties };
    });

interface Stack {
  parameters: Record<string, string>;
  stackName: string;
  region: string;
  template: string;
}
interface Placement {
  tenants: Record<string, { tier: string; cell: number; slot: number; stacks: Stack[] }>;
}
interface Manifest {
  tenantTemplates: { tier: string; tenantParameters: Record<string, Properties> }[];
}

/** Changes the last tenant with a stack of the tier silo. */
export const place =
  (edit: (stack: Stack, placement: Placement, id: string) => void) => (files: ShippedFiles) =>
    editJson<Placement>(files, "placement.json", (placement) => {
      const id = Object.keys(placement.tenants).findLast((one) => placement.tenants[one]?.tier === "silo");
      const stack = placement.tenants[id ?? ""]?.stacks[0];
      assert(id !== undefined && stack !== undefined, "there is no tenant of the tier silo");
      edit(stack, placement, id);
    });

export const manifest = (edit: (parameters: Record<string, Properties>) => void) => (files: ShippedFiles) =>
  editJson<Manifest>(files, "cloudformation/manifest.json", ({ tenantTemplates }) => {
    const template = tenantTemplates.find(({ tier }) => tier === "silo");
    assert(template !== undefined, "there is no template of the tier silo");
    edit(template.tenantParameters);
  });

export const rule = "AppServiceTargetsRule";
export const group = "AppServiceTargetsTargetGroup";
const account = "123456789012";
export const foreignGroup = `arn:aws:elasticloadbalancing:us-east-1:${account}:targetgroup/acme-corp/0123456789abcdef`;
export const hostCondition = (values: unknown) => [
  { Field: "host-header", HostHeaderConfig: { Values: values } },
];
export const tenantId = { Ref: "TenantId" };
export const hostOf = (...parts: unknown[]) => ({ "Fn::Join": ["", parts] });
