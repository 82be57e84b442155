import { unknownIn } from "../artifacts/mark.ts";
import type { Data, Resource } from "../artifacts/shipment.ts";
import { type Finding, refuted, unknown } from "../rule.ts";

type Fields = Readonly<Record<string, Data>>;

export function isFields(value: Data | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value below a resource's properties; undefined where there is none. What could not be resolved on the way stands for the value. */
export function valueAt(from: Data | undefined, ...path: readonly string[]): Data | undefined {
  let value = from;
  for (const field of path) {
    if (typeof value === "string" && unknownIn(value) !== undefined) return value;
    if (!isFields(value)) return undefined;
    value = Object.hasOwn(value, field) ? value[field] : undefined;
  }
  return value;
}

/** The text below a resource's properties; numbers as text, because CloudFormation takes both. */
export function textAt(from: Data | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(from, ...path);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** The number below a resource's properties; undefined where there is none. */
export function numberAt(from: Data | undefined, ...path: readonly string[]): number | undefined {
  const text = textAt(from, ...path);
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The list below a resource's properties; a value that stands alone is a list of it, as in policies. */
export function listAt(from: Data | undefined, ...path: readonly string[]): readonly Data[] {
  const value = valueAt(from, ...path);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Data[]) : [value];
}

export function textsAt(from: Data | undefined, ...path: readonly string[]): readonly string[] {
  return listAt(from, ...path).filter((value) => typeof value === "string");
}

/** Whether a value is the flag; CloudFormation takes "true" for true. */
export function isFlag(value: Data | undefined, flag: boolean): boolean {
  return value === flag || (typeof value === "string" && value.toLowerCase() === String(flag));
}

/** Why a value is not known; undefined where it is. */
export function whyUnknown(value: Data | undefined): string | undefined {
  return typeof value === "string" ? unknownIn(value) : undefined;
}

/** How a value is shown in a witness. */
export function shown(value: Data | undefined): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/**
 * Refutes a resource whose property is not right.
 *
 * @param consequence what follows for whom, behind "Field is value: "
 */
export function requireProperty(
  resource: Resource,
  path: readonly string[],
  isRight: (value: Data | undefined) => boolean,
  consequence: string,
): readonly Finding[] {
  const value = valueAt(resource.properties, ...path);
  const why = whyUnknown(value);
  if (why !== undefined) return [unknown(resource.key, `the value of ${path.join(".")}: ${why}`)];
  if (isRight(value)) return [];
  return [refuted(resource.key, `${path.join(".")} is ${shown(value)}: ${consequence}`)];
}

export function requireFlag(
  resource: Resource,
  path: readonly string[],
  flag: boolean,
  consequence: string,
): readonly Finding[] {
  return requireProperty(resource, path, (value) => isFlag(value, flag), consequence);
}

/** A property that must not be empty, such as the key of an encryption. */
export function requirePresent(
  resource: Resource,
  path: readonly string[],
  consequence: string,
): readonly Finding[] {
  const isThere = (value: Data | undefined) => value !== undefined && value !== null && value !== "";
  return requireProperty(resource, path, isThere, consequence);
}
