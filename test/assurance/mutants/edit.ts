import { assert } from "@tenantry/base";
import type { ShippedFiles } from "@tenantry/assurance";

export interface EditableResource {
  Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  Properties: Record<string, any>;
  [attribute: string]: unknown;
}

export interface EditableTemplate {
  Resources: Record<string, EditableResource>;
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  [section: string]: unknown;
}

/** The files with one template changed in place by a hand that knows where it is. */
export function editTemplate(
  files: ShippedFiles,
  name: string,
  edit: (template: EditableTemplate) => void,
): ShippedFiles {
  return editJson(files, `cloudformation/${name}.template.json`, edit);
}

/** The files with any JSON file changed in place. A mutant that changes nothing is a mistake of the test. */
export function editJson<Content>(
  files: ShippedFiles,
  path: string,
  edit: (content: Content) => void,
): ShippedFiles {
  const text = files[path];
  assert(text !== undefined, `there is no ${path} to change`);
  const content = JSON.parse(text) as Content;
  edit(content);
  const changed = JSON.stringify(content);
  assert(changed !== JSON.stringify(JSON.parse(text)), `nothing was changed in ${path}`);
  return { ...files, [path]: changed };
}

/** The resource of a template. */
export function resourceOf(template: EditableTemplate, logicalId: string): EditableResource {
  const resource = template.Resources[logicalId];
  assert(resource !== undefined, `there is no resource ${logicalId}`);
  return resource;
}

/** All resources of a type, with their logical ids. */
export function resourcesOfType(
  template: EditableTemplate,
  type: string,
): readonly (readonly [logicalId: string, resource: EditableResource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}
