import { type Certainty, certainty } from "../evaluate/certainty.ts";
import { type Matching, type MatchOptions, matchesPattern } from "../evaluate/matching.ts";
import type { Pattern } from "../evaluate/pattern.ts";
import { anyText, matchesFree } from "./free-text.ts";

/** What a text may match where marks stand for text that nobody knows yet: a mark must match only itself and `*`. */
export const worstCaseMatching: Matching = Object.freeze({
  matches: (pattern: Pattern, text: string, options: MatchOptions = {}): Certainty => {
    if (options.ignoreCase !== true && differsEarly(pattern, text)) return "no";
    const isUnknown = pattern.some((part) => part.kind === "unknown");
    if (
      !isUnknown &&
      !text.includes("⟨") &&
      !pattern.some((part) => part.kind === "text" && part.text.includes("⟨"))
    )
      return certainty(matchesPattern(pattern, text, options));
    if (!isUnknown && !text.includes("⟨unknown:") && matchesFree(pattern, text, options, "all")) return "yes";
    return matchesFree(pattern, text, options, "some") ? "maybe" : "no";
  },
});

/**
 * Whether both differ before there is any wildcard. What is the same text on both sides, marks included, lies side by side:
 * a mark of a pattern is equal to itself only.
 */
function differsEarly([first]: Pattern, text: string): boolean {
  if (first?.kind !== "text") return false;
  const beginning = first.text;
  const length = Math.min(beginning.length, text.length);
  let at = 0;
  while (at < length && beginning.charCodeAt(at) === text.charCodeAt(at)) at++;
  if (at === length) return false;
  const open = Math.max(beginning.lastIndexOf("⟨", at), text.lastIndexOf("⟨", at));
  // Within a mark, or behind one that may stand for any text, nothing can be said.
  const isInMark = open >= 0 && !beginning.slice(open, at).includes("⟩");
  return !isInMark && !text.slice(0, at).includes(anyText);
}
