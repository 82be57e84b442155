import { unknownIn } from "../../artifacts/mark.ts";
import { splitText } from "../../artifacts/split-text.ts";
import type { Data, Properties, Resource } from "../../artifacts/shipment.ts";
import type { Fault, Gap } from "./network-model.ts";

/** What was noticed while reading. */
export interface Notes {
  readonly gaps: Gap[];
  readonly faults: Fault[];
}

export const isRecord = (value: Data | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listOf = (value: Data | undefined): readonly Data[] =>
  Array.isArray(value) ? (value as readonly Data[]) : value === undefined || value === null ? [] : [value];

export const recordOf = (value: Data | undefined): Properties => (isRecord(value) ? value : {});

/** A text or number as text; null for everything else. */
export function textOf(value: Data | undefined): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : null;
}

export function property(resource: Resource, name: string): string | null {
  return textOf(resource.properties[name]);
}

/** A whole number, written as such or as text; null for everything else. */
export function wholeOf(value: Data | undefined): number | null {
  const number = typeof value === "string" && /^-?\d{1,6}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : null;
}

export const isTrue = (value: Data | undefined): boolean => value === true || value === "true";

/** Ids from a list, or from a text that joins them by commas. */
export function idsOf(value: Data | undefined): readonly string[] {
  return listOf(value).flatMap((one) => {
    const text = textOf(one);
    if (text === null || text === "") return [];
    if (unknownIn(text) !== undefined) return [text];
    return (splitText(text, ",") ?? [text]).map((id) => id.trim());
  });
}
