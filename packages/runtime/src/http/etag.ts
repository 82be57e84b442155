import { ProblemError } from "./problems.ts";

/** The versions that a precondition names: all there are, or these. */
export type EntityTags =
  | { readonly kind: "any" }
  | { readonly kind: "tags"; readonly tags: readonly EntityTag[] };

interface EntityTag {
  readonly weak: boolean;
  /** What stands between the quotes. */
  readonly value: string;
}

/** The strong ETag of a version of a document: `"3"`. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

const tag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const listPattern = new RegExp(String.raw`^[ \t]*${tag}(?:[ \t]*,[ \t]*${tag})*[ \t]*$`);
const tagPattern = new RegExp(tag, "g");

/** What {@link parseEntityTags} takes, for a document. */
export const entityTagsSchema = {
  type: "string",
  pattern: String.raw`^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$`,
} as const;

/** Reads If-Match or If-None-Match (RFC 9110, section 13.1). @throws ProblemError MALFORMED_HEADER */
export function parseEntityTags(header: "If-Match" | "If-None-Match", text: string): EntityTags {
  if (text.trim() === "*") return { kind: "any" };
  if (!listPattern.test(text)) {
    throw new ProblemError("MALFORMED_HEADER", {
      detail: `${header} holds either * or a list of quoted entity tags, such as "3"`,
    });
  }
  const tags = (text.match(tagPattern) ?? []).map((item) =>
    item.startsWith("W/")
      ? { weak: true, value: item.slice(3, -1) }
      : { weak: false, value: item.slice(1, -1) },
  );
  return { kind: "tags", tags };
}

/**
 * The versions that satisfy If-Match, by strong comparison: null means any. A tag that is no
 * version of ours is well-formed and matches nothing.
 */
export function versionsMatched(tags: EntityTags): readonly number[] | null {
  if (tags.kind === "any") return null;
  return tags.tags
    .filter((item) => !item.weak && versionPattern.test(item.value))
    .map((item) => Number(item.value));
}

/** Whether If-None-Match names this version, by weak comparison. */
export function matchesWeakly(tags: EntityTags, version: number | string): boolean {
  return tags.kind === "any" || tags.tags.some((item) => item.value === String(version));
}

// At most nine digits, so that the number fits the column and no other text means the same version.
const versionPattern = /^[1-9][0-9]{0,8}$/;
