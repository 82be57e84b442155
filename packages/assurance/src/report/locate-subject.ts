import type { Shipment, ShippedFiles } from "../artifacts/shipment.ts";
import type { FindingLocation } from "./check-report.ts";

const placementFile = "placement.json";

/** Finds the line of the file that a finding is about. */
export type LocateSubject = (subject: string) => FindingLocation | null;

/**
 * Subjects are keys of resources (`{stack}/{logical id}`), stacks, files, or tenants. What is none of these has no line: a wrong
 * one would be worse.
 */
export function locateIn(shipment: Shipment, files: ShippedFiles): LocateSubject {
  const templates = templatesByStack(shipment, files);
  const anyTenant = shipment.tiers.map(({ template }) => fileOf(template));
  return (subject) => {
    const path = subject.split(/\s/u, 1)[0] ?? "";
    const parts = path.split("/");
    for (let count = parts.length; count > 0; count -= 1) {
      const stack = parts.slice(0, count).join("/");
      const template = templates.get(stack);
      const candidates = template !== undefined ? [template] : isAnyTenant(stack) ? anyTenant : [];
      const logicalId = parts[count] ?? "";
      const found = firstOf(candidates, (file) => lineOfKey(files, file, logicalId));
      if (found !== null) return found;
      if (template !== undefined && files[template] !== undefined) return { file: template, line: 1 };
    }
    const tenant = [parts[0], parts[1]].find((part) => part !== undefined && shipment.tenants.has(part));
    return tenant === undefined ? fileItself(subject, files) : lineOfKey(files, placementFile, tenant);
  };
}

const fileOf = (template: string) => `cloudformation/${template}`;
const isAnyTenant = (stack: string) => /^tenant\/⟨tenant:[^⟩]*⟩(\/recovery)?$/u.test(stack);

/** Files of templates by the stacks that are made of them, and by their own names. */
function templatesByStack({ shared, tenants }: Shipment, files: ShippedFiles): ReadonlyMap<string, string> {
  const templates = new Map<string, string>();
  for (const file of Object.keys(files)) {
    if (file.startsWith(fileOf(""))) templates.set(file.slice(fileOf("").length), file);
  }
  for (const { id, template } of shared) templates.set(id, fileOf(template));
  for (const { stacks } of tenants.values())
    for (const { id, template } of stacks) templates.set(id, fileOf(template));
  return templates;
}

function firstOf<Item, Result>(items: readonly Item[], find: (item: Item) => Result | null): Result | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

/** The line on which an object of this name begins, the outermost where there are several. */
function lineOfKey(files: ShippedFiles, file: string, key: string): FindingLocation | null {
  const text = files[file];
  if (text === undefined || !/^[\w-]+$/u.test(key)) return null;
  // An output or a parameter may have the name of a resource.
  const from = Math.max(0, text.search(/^[ \t]*"Resources"[ \t]*:/mu));
  const found = [
    ...text.slice(from).matchAll(new RegExp(`(^|[{,])([ \\t]*)"${key}"[ \\t]*:[ \\t]*\\{`, "gmu")),
  ];
  const outermost = found.toSorted((one, other) => (one[2]?.length ?? 0) - (other[2]?.length ?? 0))[0];
  return outermost === undefined ? null : { file, line: lineAt(text, from + outermost.index) };
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function fileItself(subject: string, files: ShippedFiles): FindingLocation | null {
  const file = [subject, fileOf(subject)].find((path) => Object.hasOwn(files, path));
  return file === undefined ? null : { file, line: 1 };
}
