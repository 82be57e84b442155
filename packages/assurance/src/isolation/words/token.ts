import { hyphen, letter, type Letters, printableLetters, underscore } from "./letters.ts";
import type { Pattern } from "./pattern.ts";
import type { Variable } from "./variable.ts";

/** A part of a pattern for the search: one character of literal text, a wildcard, or a variable by its index. */
export type Token =
  | { readonly kind: "character"; readonly character: string }
  | { readonly kind: "any-character" }
  | { readonly kind: "any-text" }
  | { readonly kind: "variable"; readonly variable: number; readonly username: boolean };

/** What is not known may be any text: where even that meets nothing, nothing is proved wrongly. */
export function tokensOf(pattern: Pattern, variableOf: (key: string) => number): readonly Token[] {
  const tokens = pattern.flatMap((part): readonly Token[] => {
    switch (part.kind) {
      case "text":
        return part.text.split("").map((character) => ({ kind: "character", character }));
      case "any-character":
      case "any-text":
        return [part];
      case "unknown":
        return [{ kind: "any-text" }];
      case "mark":
        return [{ kind: "variable", variable: variableOf(`mark ${part.content}`), username: false }];
      case "tenant-id":
      case "username":
        return [
          {
            kind: "variable",
            variable: variableOf(`id ${part.tenant}`),
            username: part.kind === "username",
          },
        ];
    }
  });
  // Two `*` beside each other say what one says.
  return tokens.filter((token, index) => token.kind !== "any-text" || tokens[index - 1]?.kind !== "any-text");
}

/** Whether both match the same one text, whatever the variables are. */
export function equalTokens(one: Token, other: Token): boolean {
  if (one.kind === "character") return other.kind === "character" && one.character === other.character;
  if (one.kind === "variable")
    return other.kind === "variable" && one.variable === other.variable && one.username === other.username;
  return false;
}

/** A place in a pattern: before a token, or some characters into a variable. The last is its end. */
export interface Place {
  /** Undefined at the end. */
  readonly token: Token | undefined;
  readonly offset: number;
  /** What the next character may be; null for any character at all. */
  readonly letters: Letters | null;
  /** Where one gets to without a character; -1 where one does not. */
  readonly skip: number;
  /** Where the next character leads; -1 where there is none. */
  readonly next: number;
}

export function placesOf(tokens: readonly Token[], variables: readonly Variable[]): readonly Place[] {
  const places: Place[] = [];
  for (const token of tokens) {
    const start = places.length;
    const base = { token, offset: 0, skip: -1, next: start + 1 };
    if (token.kind === "character") places.push({ ...base, letters: letter(token.character) });
    else if (token.kind === "any-character") places.push({ ...base, letters: null });
    else if (token.kind === "any-text") places.push({ ...base, letters: null, skip: start + 1, next: start });
    else {
      const { lengthMin, lengthMax, lettersAt } = variables[token.variable] as Variable;
      for (let offset = 0; offset <= lengthMax; offset++)
        places.push({
          token,
          offset,
          letters:
            offset === lengthMax ? 0n : token.username ? asUsername(lettersAt(offset)) : lettersAt(offset),
          skip: offset >= lengthMin ? start + lengthMax + 1 : -1,
          next: offset === lengthMax ? -1 : start + offset + 1,
        });
    }
  }
  places.push({ token: undefined, offset: 0, letters: 0n, skip: -1, next: -1 });
  return places;
}

const asUsername = (letters: Letters): Letters =>
  (letters & hyphen) === 0n ? letters : (letters & ~hyphen) | underscore;

/** Whether one character can be the next of both, whatever else is known. */
export function charactersMeet(one: Place, other: Place): boolean {
  if (one.next === -1 || other.next === -1) return false;
  if (one.letters === null || other.letters === null) return true;
  // A literal character that no variable can hold has no letters, yet is equal to itself.
  if (one.token?.kind === "character" && other.token?.kind === "character")
    return one.token.character === other.token.character;
  return (one.letters & other.letters & printableLetters) !== 0n;
}
