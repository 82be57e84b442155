import type { Pattern } from "./pattern.ts";

/**
 * Whether a concrete text matches a pattern in which every id and mark has a known text.
 *
 * @param textOf the text of "id a", "mark data/Main" and the like
 */
export function matches(pattern: Pattern, text: string, textOf: (key: string) => string): boolean {
  let reached = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    for (const start of reached)
      if (part.kind === "any-text" || part.kind === "unknown")
        for (let end = start; end <= text.length; end++) next.add(end);
      else if (part.kind === "any-character") {
        if (start < text.length) next.add(start + 1);
      } else {
        const literal = literalOf(part, textOf);
        if (text.startsWith(literal, start)) next.add(start + literal.length);
      }
    reached = next;
  }
  return reached.has(text.length);
}

function literalOf(
  part: Exclude<Pattern[number], { readonly kind: "any-text" | "any-character" | "unknown" }>,
  textOf: (key: string) => string,
): string {
  if (part.kind === "text") return part.text;
  if (part.kind === "mark") return textOf(`mark ${part.content}`);
  const id = textOf(`id ${part.tenant}`);
  return part.kind === "username" ? id.replaceAll("-", "_") : id;
}
