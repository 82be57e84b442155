import { marksIn } from "../../../artifacts/mark.ts";
import { canMeet } from "../../words/can-meet.ts";
import { parsePattern, type Pattern as WordPattern } from "../../words/pattern.ts";
import type { Certainty } from "../evaluate/certainty.ts";
import type { Matching, MatchOptions } from "../evaluate/matching.ts";
import type { Pattern } from "../evaluate/pattern.ts";
import { worstCaseMatching } from "./worst-case-matching.ts";

export interface AnyTenantMatching extends Matching {
  /** The pairs of ids for which some pattern matched, which are worth a try. */
  readonly pairs: () => readonly (readonly [a: string, b: string])[];
}

/**
 * The matching for any two tenants: ⟨tenant:a⟩ and ⟨tenant:b⟩ are any two ids of the grammar that differ. Whether a
 * pattern of the one can match a name of the other is decided over all of them.
 */
export function anyTenantMatching(lengthMax: number): AnyTenantMatching {
  const known = new Map<string, Certainty>();
  const pairs = new Map<string, readonly [string, string]>();
  const decide = (pattern: Pattern, text: string): Certainty => {
    if (namesAnother(pattern, text)) return "no";
    const meeting = canMeet(wordsOfPattern(pattern), wordsOf(text), { lengthMax });
    if (meeting.kind === "never") return "no";
    if (meeting.kind === "meet") pairs.set(`${meeting.a} ${meeting.b}`, [meeting.a, meeting.b]);
    return "maybe";
  };
  return {
    pairs: () => [...pairs.values()],
    matches: (pattern, text, options: MatchOptions = {}) => {
      const plain = worstCaseMatching.matches(pattern, text, options);
      // What must match as it stands, matches for all ids; and without ids there is nothing to decide.
      if (
        plain === "yes" ||
        !(isOfTenants(text) || pattern.some((part) => part.kind === "text" && isOfTenants(part.text)))
      )
        return plain;
      const key = JSON.stringify([pattern, text]);
      const before = known.get(key);
      if (before !== undefined) return before;
      const decided = decide(pattern, text);
      known.set(key, decided);
      return decided;
    },
  };
}

const isOfTenants = (text: string): boolean => /⟨(tenant|username):/u.test(text);

/**
 * A text that holds what AWS made up for a resource, and no wildcards, names that resource or something of it. AWS gives
 * no name twice, so nothing else has it.
 */
function namesAnother(pattern: Pattern, text: string): boolean {
  if (pattern.some((part) => part.kind !== "text")) return false;
  const made = pattern.flatMap((part) => (part.kind === "text" ? marksIn(part.text) : [])).filter(isMade);
  const own = marksIn(text);
  return made.some((mark) => !own.includes(mark)) && own.every((mark) => !mark.startsWith("*"));
}

const isMade = (mark: string): boolean => /^tenant\/[^.]*$/u.test(mark);

function wordsOfPattern(pattern: Pattern): WordPattern {
  return pattern.flatMap((part): WordPattern => {
    if (part.kind === "text") return parsePattern(part.text, { wildcards: false });
    return [part.kind === "one" ? { kind: "any-character" } : { kind: "any-text" }];
  });
}

function wordsOf(text: string): WordPattern {
  return parsePattern(text, { wildcards: false }).map((part) =>
    part.kind === "mark" && part.content.startsWith("*") ? { kind: "any-text" } : part,
  );
}
