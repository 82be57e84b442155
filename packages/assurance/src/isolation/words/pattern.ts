/** A set of texts: every text that its parts match one after the other. */
export type Pattern = readonly PatternPart[];

export type PatternPart =
  | { readonly kind: "text"; readonly text: string }
  /** `?`: one character, whichever. */
  | { readonly kind: "any-character" }
  /** `*`: any text, an empty one too. */
  | { readonly kind: "any-text" }
  /** The id of a tenant, told from others by a name such as "a". */
  | { readonly kind: "tenant-id"; readonly tenant: string }
  /** The same id with underscores for its hyphens. */
  | { readonly kind: "username"; readonly tenant: string }
  /** Text that AWS makes up; `content` tells it from others. */
  | { readonly kind: "mark"; readonly content: string }
  /** What could not be resolved. */
  | { readonly kind: "unknown"; readonly why: string };

export interface PatternOptions {
  /** Whether `*` and `?` stand for other text, as in policies and host patterns, or for themselves. */
  readonly wildcards: boolean;
}

/** Reads a resolved text (`artifacts/mark.ts`); a mark may hold other marks. */
export function parsePattern(text: string, { wildcards }: PatternOptions): Pattern {
  const parts: PatternPart[] = [];
  let literal = "";
  const add = (part: PatternPart): void => {
    if (literal !== "") parts.push({ kind: "text", text: literal });
    literal = "";
    parts.push(part);
  };
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const end = character === "⟨" ? endOfMark(text, index) : -1;
    if (end !== -1) {
      add(markPart(text.slice(index + 1, end)));
      index = end;
    } else if (wildcards && character === "*") add({ kind: "any-text" });
    else if (wildcards && character === "?") add({ kind: "any-character" });
    else literal += character;
  }
  if (literal !== "") parts.push({ kind: "text", text: literal });
  return parts;
}

/** Where the mark that begins at `start` ends; -1 where it does not. */
function endOfMark(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text.charAt(index) === "⟨") depth++;
    if (text.charAt(index) === "⟩" && --depth === 0) return index;
  }
  return -1;
}

function markPart(content: string): PatternPart {
  const [head = "", rest] = /^(tenant|username|unknown):(.*)$/su.exec(content)?.slice(1) ?? [];
  if (rest === undefined) return { kind: "mark", content };
  if (head === "unknown") return { kind: "unknown", why: rest };
  return head === "tenant" ? { kind: "tenant-id", tenant: rest } : { kind: "username", tenant: rest };
}

/** The pattern as people read it: `{a}` for an id, `{a_}` for a username. */
export function patternText(pattern: Pattern): string {
  return pattern
    .map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "any-character") return "?";
      if (part.kind === "any-text") return "*";
      if (part.kind === "tenant-id") return `{${part.tenant}}`;
      if (part.kind === "username") return `{${part.tenant}_}`;
      return part.kind === "mark" ? `⟨${part.content}⟩` : `⟨unknown:${part.why}⟩`;
    })
    .join("");
}
