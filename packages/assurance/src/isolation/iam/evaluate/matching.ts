import { unknownIn } from "../../../artifacts/mark.ts";
import { type Certainty, certainty } from "./certainty.ts";
import type { Pattern } from "./pattern.ts";

/** How texts are compared. The proof over all tenant ids brings one of its own. */
export interface Matching {
  readonly matches: (pattern: Pattern, text: string, options?: MatchOptions) => Certainty;
}

export interface MatchOptions {
  readonly ignoreCase?: boolean;
  /** A wildcard stays between two colons, unless it ends the part of the pattern that it stands in. */
  readonly withinSegments?: boolean;
}

/** Texts as they are; a mark is equal to itself only. */
export const exactMatching: Matching = Object.freeze({
  matches: (pattern: Pattern, text: string, options: MatchOptions = {}): Certainty => {
    if (unknownIn(text) !== undefined) return "maybe";
    const result = matchesPattern(pattern, text, options);
    return result && pattern.some((part) => part.kind === "unknown") ? "maybe" : certainty(result);
  },
});

/** Whether the text matches, where an unknown value counts as `*`. */
export function matchesPattern(
  pattern: Pattern,
  text: string,
  { ignoreCase = false, withinSegments = false }: MatchOptions = {},
): boolean {
  const symbols = symbolsOf(pattern, ignoreCase);
  const subject = ignoreCase ? text.toLowerCase() : text;
  return withinSegments ? matchesWithin(symbols, subject) : matchesSymbols(symbols, subject);
}

const many = 0;
const one = 1;
type Symbols = readonly (string | typeof many | typeof one)[];

function symbolsOf(pattern: Pattern, ignoreCase: boolean): Symbols {
  return pattern.flatMap((part): Symbols => {
    if (part.kind === "text") return (ignoreCase ? part.text.toLowerCase() : part.text).split("");
    return [part.kind === "one" ? one : many];
  });
}

/** It is enough to try the latest `*` again, so this takes at most the product of both lengths. */
function matchesSymbols(symbols: Symbols, subject: string): boolean {
  let at = 0;
  let symbol = 0;
  let retryAt = -1;
  let retrySymbol = -1;
  while (at < subject.length) {
    const next = symbols[symbol];
    if (next === many) {
      retrySymbol = symbol++;
      retryAt = at;
    } else if (next !== undefined && (next === one || next === subject[at])) {
      symbol++;
      at++;
    } else if (retrySymbol >= 0) {
      symbol = retrySymbol + 1;
      at = ++retryAt;
    } else return false;
  }
  while (symbols[symbol] === many) symbol++;
  return symbol === symbols.length;
}

/** The places of the pattern that can be reached, sign by sign. */
function matchesWithin(symbols: Symbols, subject: string): boolean {
  let reached = skipMany(symbols, new Set([0]));
  for (const sign of subject) {
    const next = new Set<number>();
    for (const place of reached) {
      const symbol = symbols[place];
      const crosses = sign !== ":" || symbols[place + 1] === ":" || place + 1 === symbols.length;
      if (symbol === many && crosses) next.add(place);
      else if (symbol === sign || (symbol === one && sign !== ":")) next.add(place + 1);
    }
    reached = skipMany(symbols, next);
  }
  return reached.has(symbols.length);
}

function skipMany(symbols: Symbols, places: Set<number>): Set<number> {
  for (const place of places) if (symbols[place] === many) places.add(place + 1);
  return places;
}
