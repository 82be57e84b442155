/**
 * A pattern after its policy variables are filled in. What came out of a variable is text, whatever signs it holds:
 * a tag with an asterisk in it is no wildcard.
 */
export type Pattern = readonly PatternPart[];

export type PatternPart =
  | { readonly kind: "text"; readonly text: string }
  /** `*` */
  | { readonly kind: "many" }
  /** `?` */
  | { readonly kind: "one" }
  /** The value of a variable that is not known. */
  | { readonly kind: "unknown" };

export const textPattern = (text: string): Pattern => [{ kind: "text", text }];

/** The pattern of a text with wildcards and without variables. */
export function wildcardPattern(text: string): Pattern {
  if (!/[*?]/u.test(text)) return textPattern(text);
  return text
    .split(/([*?])/u)
    .filter((part) => part !== "")
    .map((part): PatternPart =>
      part === "*" ? { kind: "many" } : part === "?" ? { kind: "one" } : { kind: "text", text: part },
    );
}

/** The pattern as people write it; `…` stands for what is not known. */
export function printPattern(pattern: Pattern): string {
  return pattern
    .map((part) =>
      part.kind === "text" ? part.text : part.kind === "many" ? "*" : part.kind === "one" ? "?" : "…",
    )
    .join("");
}

/**
 * Parts of a pattern between its first `count - 1` colons; the last takes the rest. Colons within wildcards or within
 * values of variables do not divide.
 */
export function splitPattern(
  pattern: Pattern,
  isValue: (part: PatternPart) => boolean,
  count: number,
): readonly Pattern[] {
  const parts: PatternPart[][] = [[]];
  for (const part of pattern) {
    if (part.kind !== "text" || isValue(part)) {
      parts.at(-1)?.push(part);
      continue;
    }
    let text = part.text;
    while (parts.length < count && text.includes(":")) {
      const at = text.indexOf(":");
      if (at > 0) parts.at(-1)?.push({ kind: "text", text: text.slice(0, at) });
      parts.push([]);
      text = text.slice(at + 1);
    }
    if (text !== "") parts.at(-1)?.push({ kind: "text", text });
  }
  return parts;
}
