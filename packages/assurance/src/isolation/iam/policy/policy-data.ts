import { unknownIn } from "../../../artifacts/mark.ts";
import type { Data } from "../../../artifacts/shipment.ts";
import type { PolicyProblem } from "./policy.ts";

export interface DataObject {
  readonly [key: string]: Data;
}

export function isObject(value: Data | undefined): value is DataObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list of texts; null where there is anything else in it, or nothing. */
export function textsOf(value: Data | undefined): readonly string[] | null {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((each): each is string => typeof each === "string") ? value : null;
}

const shownLengthMax = 160;

/** The value for people, not longer than a line or two. */
export function show(value: Data | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}…`;
}

/** Unknown where the value could not be resolved, otherwise refuted. */
export function unreadable(where: string, what: string, value: Data | undefined): PolicyProblem {
  const why = firstUnknown(value);
  if (why !== undefined) return { kind: "unknown", where, what: `${what}: ${why}` };
  return { kind: "refuted", where, what: `${what} cannot be ${show(value)}` };
}

/** Policies are a few levels deep. */
const depthMax = 40;

/** Why something within the value is not known. */
export function firstUnknown(value: Data | undefined, depth = 0): string | undefined {
  if (typeof value === "string") return unknownIn(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > depthMax) return `it is more than ${depthMax} levels deep`;
  for (const [key, each] of Object.entries(value)) {
    const why = unknownIn(key) ?? firstUnknown(each as Data, depth + 1);
    if (why !== undefined) return why;
  }
  return undefined;
}
