import { unknownIn } from "../artifacts/mark.ts";
import type { Data, Properties } from "../artifacts/shipment.ts";

/** What stands at a path of keys and positions; null where nothing does. */
export function valueAt(properties: Properties, ...path: readonly (string | number)[]): Data {
  let value: Data = properties;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Readonly<Record<string | number, Data>>)[key] ?? null;
  }
  return value;
}

/** Text as it stands there; null where there is none, or where it is not known. */
export function textAt(properties: Properties, ...path: readonly (string | number)[]): string | null {
  const value = valueAt(properties, ...path);
  return typeof value === "string" && unknownIn(value) === undefined ? value : null;
}

/** CloudFormation takes numbers as text as well. Null where there is none that makes sense. */
export function numberAt(properties: Properties, ...path: readonly (string | number)[]): number | null {
  const value = valueAt(properties, ...path);
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : null;
}

export function isTrueAt(properties: Properties, ...path: readonly (string | number)[]): boolean {
  const value = valueAt(properties, ...path);
  return value === true || value === "true";
}

export function listAt(properties: Properties, ...path: readonly (string | number)[]): readonly Data[] {
  const value = valueAt(properties, ...path);
  return Array.isArray(value) ? (value as readonly Data[]) : [];
}

/** The objects of a list. */
export function objectsAt(
  properties: Properties,
  ...path: readonly (string | number)[]
): readonly Properties[] {
  return listAt(properties, ...path).filter(isObject);
}

export function isObject(value: Data): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
