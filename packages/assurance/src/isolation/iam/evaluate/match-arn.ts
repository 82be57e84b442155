import { type Certainty, either, every } from "./certainty.ts";
import type { Matching } from "./matching.ts";
import { type Pattern, splitPattern } from "./pattern.ts";
import { isVariableValue } from "./policy-variables.ts";

/**
 * ARNs are compared part by part: partition, service, region, account and the rest. A wildcard of one part does not reach
 * into the next.
 */
export function matchArn(pattern: Pattern, arn: string, matching: Matching): Certainty {
  const patterns = splitPattern(pattern, isVariableValue, arnParts);
  const texts = splitArn(arn);
  // What AWS makes of a pattern with fewer parts is not documented.
  if (patterns.length < arnParts) return "maybe";
  if (texts === null) return "no";
  return every(texts.entries(), ([index, text]) => matching.matches(patterns[index] ?? [], text));
}

/**
 * In Resource elements a pattern of fewer parts is completed with wildcards, and a wildcard at the end of a part "can
 * expand to match beyond the colon boundaries". Of one in the middle nothing is said, so that is not certain.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchResourceArn(pattern: Pattern, arn: string, matching: Matching): Certainty {
  if (isEverything(pattern)) return "yes";
  const missing = arnParts - splitPattern(pattern, isVariableValue, arnParts).length;
  const completed = [...pattern, ...Array.from({ length: missing }, () => anotherPart).flat()];
  const anywhere = matching.matches(completed, arn);
  if (anywhere !== "yes") return anywhere;
  return either("maybe", matching.matches(completed, arn, { withinSegments: true }));
}

const anotherPart: Pattern = [{ kind: "text", text: ":" }, { kind: "many" }];
const arnParts = 6;

export function isEverything(pattern: Pattern): boolean {
  return pattern.length > 0 && pattern.every((part) => part.kind === "many");
}

/** The six parts of an ARN; null for what is none. */
export function splitArn(arn: string): readonly string[] | null {
  const parts: string[] = [];
  let rest = arn;
  while (parts.length < arnParts - 1) {
    const at = rest.indexOf(":");
    if (at < 0) return null;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...parts, rest];
}
