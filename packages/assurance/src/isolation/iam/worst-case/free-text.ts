import type { MatchOptions } from "../evaluate/matching.ts";
import type { Pattern } from "../evaluate/pattern.ts";

/**
 * Any text, as a part of what is asked about: `arn:aws:s3:::acme/⟨*⟩` is any object of a bucket. It is a mark of its own,
 * because a key of an object may hold an asterisk.
 */
export const anyText = "⟨*⟩";

/** Any id that AWS makes up, such as that of a task: letters, digits and hyphens. */
export const anyId = "⟨*id⟩";

/** What a mark may stand for, sign by sign. */
function alphabetOf(mark: string): RegExp {
  if (mark === "⟨account⟩") return /^\d$/u;
  // What AWS makes up for a resource has the stack and the logical id in its mark.
  return mark === anyId || /^⟨[a-z0-9-]+\/[^.]*⟩$/u.test(mark) ? /^[a-z0-9-]$/iu : /^[\s\S]/u;
}

const many = Symbol("*");
const one = Symbol("?");
/** The product of the lengths of both texts; the longest policies have a few thousand characters in all. */
const workMax = 4_000_000;

/** A character, a mark as a whole, or a wildcard. */
type Token = string | typeof many | typeof one;

const isMark = (token: Token | undefined): boolean =>
  typeof token === "string" && token.startsWith("⟨") && token.length > 1;

/** Whether the texts that the subject stands for match: some of them may, or all of them must. */
export function matchesFree(
  pattern: Pattern,
  text: string,
  { ignoreCase = false, withinSegments = false }: MatchOptions,
  quantifier: "some" | "all",
): boolean {
  const symbols = pattern.flatMap((part): readonly Token[] => {
    if (part.kind === "text") return tokensOf(part.text, ignoreCase);
    return [part.kind === "one" ? one : many];
  });
  const subject = tokensOf(text, ignoreCase);
  // Nobody writes such a policy; that some text matches cannot be ruled out.
  if (symbols.length * subject.length > workMax) return quantifier === "some";
  const crosses = (place: number): boolean =>
    !withinSegments || symbols[place + 1] === ":" || place + 1 === symbols.length;
  let reached = skip(symbols, new Set([0]));
  for (const token of subject) {
    // A mark may stand for any text, so that it may be used up by several signs of the pattern, or by none.
    const isFree = quantifier === "some" && isMark(token);
    const next = new Set<number>(token === anyText && isFree ? reached : []);
    for (const place of reached) {
      const symbol = symbols[place];
      if (symbol === many && (crosses(place) || (token !== ":" && !isMark(token)))) next.add(place);
      else if (symbol === token || (symbol === one && !isMark(token) && (token !== ":" || !withinSegments)))
        next.add(place + 1);
      if (isFree) for (const end of freeEnds(symbols, place, alphabetOf(token))) next.add(end);
    }
    reached = skip(symbols, next);
  }
  return reached.has(symbols.length);
}

/** How far a mark may stand for what the pattern says from that place: not over marks, which are equal to themselves only. */
function freeEnds(symbols: readonly Token[], from: number, alphabet: RegExp): readonly number[] {
  const ends: number[] = [];
  for (let place = from; place < symbols.length; place++) {
    const symbol = symbols[place];
    if (isMark(symbol) || (typeof symbol === "string" && !alphabet.test(symbol))) break;
    ends.push(place + 1);
  }
  return ends;
}

function skip(symbols: readonly Token[], places: Set<number>): Set<number> {
  for (const place of places) if (symbols[place] === many) places.add(place + 1);
  return places;
}

function tokensOf(text: string, ignoreCase: boolean): readonly string[] {
  return (text.match(/⟨[^⟨⟩]*⟩|[\s\S]/gu) ?? []).map((token) =>
    ignoreCase && !isMark(token) ? token.toLowerCase() : token,
  );
}
