import type { Policy } from "../policy/policy.ts";
import type { ContextLookup } from "./context.ts";
import { type Pattern, type PatternPart, textPattern, wildcardPattern } from "./pattern.ts";

/** `${key}` or `${key, 'default'}`; `${*}`, `${?}` and `${$}` are the signs themselves. */
const variable = /\$\{(?:([*?$])|([^{}$*?,\s']+)(?:\s*,\s*'([^']*)')?)\}/u;
const parts = new RegExp(`(${variable.source.replaceAll(/\((?!\?)/gu, "(?:")})`, "u");

/** Parts that came out of variables; colons within them divide no ARN. */
const values = new WeakSet<PatternPart>();
export const isVariableValue = (part: PatternPart): boolean => values.has(part);

/**
 * Fills in the variables of a text. Null where one has no value in this request, or several: then the statement does not
 * match. Version 2008-10-17 has no variables.
 */
export function fillVariables(
  text: string,
  version: Policy["version"],
  lookup: ContextLookup,
  wildcards: boolean,
): Pattern | null {
  const literal = wildcards ? wildcardPattern : textPattern;
  if (version === "2008-10-17" || !text.includes("${")) return literal(text);
  const pattern: PatternPart[] = [];
  for (const piece of text.split(parts)) {
    const filled = piece.startsWith("${") ? valueOf(piece, lookup) : undefined;
    if (filled === null) return null;
    if (filled === undefined) pattern.push(...(piece === "" ? [] : literal(piece)));
    else pattern.push(filled);
  }
  return pattern;
}

/** Undefined where the piece only looks like a variable; null where it has no value. */
function valueOf(piece: string, lookup: ContextLookup): PatternPart | null | undefined {
  const match = variable.exec(piece);
  if (match === null || match[0] !== piece) return undefined;
  const [, sign, key = "", otherwise] = match;
  if (sign !== undefined) return value(sign);
  const found = lookup(key.toLowerCase());
  if (found.kind === "any") return { kind: "unknown" };
  if (found.kind === "single") return value(found.value);
  return otherwise === undefined ? null : value(otherwise);
}

function value(text: string): PatternPart {
  const part: PatternPart = { kind: "text", text };
  values.add(part);
  return part;
}
