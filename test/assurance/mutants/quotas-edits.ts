import { assert } from "@tenantry/base";
import type { ShippedFiles } from "@tenantry/assurance";
import {
  type EditableResource,
  type EditableTemplate,
  editJson,
  editTemplate,
  resourcesOfType,
} from "./edit.ts";
import type { Mutant } from "./mutant.ts";

type Where = Mutant["platforms"];

export const silos: Where = [
  ["tenant-silos", "production"],
  ["tenant-silos", "development"],
];
export const silosProduction: Where = [["tenant-silos", "production"]];
export const management: Where = [
  ["saas-management", "production"],
  ["saas-management", "staging"],
];
export const everywhere: Where = [...silos, ...management, ["starter", "production"]];

interface Definition {
  cells: { capacity: number; quotas: Record<string, number> };
}

export const define = (edit: (definition: Definition) => void) => (files: ShippedFiles) =>
  editJson<Definition>(files, "platform.json", edit);

export const template = (name: string, edit: (content: EditableTemplate) => void) => (files: ShippedFiles) =>
  editTemplate(files, name, edit);

export const tenant = (edit: (content: EditableTemplate) => void) => template("tenant-silo", edit);
export const foundation = (edit: (content: EditableTemplate) => void) => template("foundation", edit);

/** The first resource of a type, in the order of the template. */
export function first(content: EditableTemplate, type: string, named = ""): EditableResource {
  const found = resourcesOfType(content, type).find(([logicalId]) => logicalId.includes(named));
  assert(found !== undefined, `there is no ${type} named ${named}`);
  return found[1];
}

/** Puts copies of a resource beside it. */
export function repeat(
  content: EditableTemplate,
  type: string,
  times: number,
  change: (copy: EditableResource, index: number) => void = () => undefined,
): void {
  const original = first(content, type);
  for (let index = 0; index < times; index += 1) {
    const copy = structuredClone(original);
    change(copy, index);
    content.Resources[`Copy${index}Of${type.split("::").at(-1)}`] = copy;
  }
}

export function smallSubnets(content: EditableTemplate, named: string, prefix: number): void {
  for (const [logicalId, subnet] of resourcesOfType(content, "AWS::EC2::Subnet")) {
    if (!logicalId.includes(named)) continue;
    const range: string = subnet.Properties["CidrBlock"];
    subnet.Properties["CidrBlock"] = range.replace(/\/\d+$/, `/${prefix}`);
  }
}

export const scaleTo = (tasks: number) => (content: EditableTemplate) => {
  first(content, "AWS::ApplicationAutoScaling::ScalableTarget").Properties["MaxCapacity"] = tasks;
};

export const statement = (count: number) => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: Array.from({ length: count }, (_, index) => `arn:aws:s3:::some-bucket-of-many/${index}/*`),
});

interface Placement {
  tenants: Record<string, { cell: number; slot: number; stacks: Record<string, unknown>[]; tier: string }>;
}

/** As many tenants like the first silo as it takes, all of them in the first cell. */
export function withTenants(files: ShippedFiles, tenants: number): ShippedFiles {
  return editJson<Placement>(files, "placement.json", (placement) => {
    const like = Object.entries(placement.tenants).find(([, { tier }]) => tier === "silo");
    assert(like !== undefined, "there is no tenant to be like");
    const [id, placed] = like;
    const text = JSON.stringify(placed);
    for (const other of Object.keys(placement.tenants))
      if (other !== id && placement.tenants[other]?.tier === "silo") delete placement.tenants[other];
    delete placement.tenants[id];
    for (let slot = 1; slot <= tenants; slot += 1) {
      const name = `tenant-${String(slot).padStart(4, "0")}`;
      const own = text.replaceAll(id, name).replaceAll(id.replaceAll("-", "_"), name.replaceAll("-", "_"));
      placement.tenants[name] = { ...JSON.parse(own), slot };
    }
  });
}
