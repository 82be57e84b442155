/*
 * Text that is only known once AWS has made something stands in a resolved value as a mark: ⟨what it stands for⟩.
 * Everything is plain text that way: names and ARNs are joined, compared and matched as they are, a mark is equal to
 * itself only, and no literal text contains one.
 *
 *   ⟨data/Main⟩                 what CloudFormation makes up for the resource Main of the stack data
 *   ⟨tenant/tenant:a/Main⟩      the same for a resource of any tenant's stack
 *   ⟨data/Main.Endpoint.Port⟩   an attribute of it that nobody can know before
 *   ⟨account⟩                   the account, where the definition leaves it to the credentials
 *   ⟨tenant:a⟩ ⟨username:a⟩     any tenant id of the grammar, and the same id with underscores (see any-tenant.ts)
 *   ⟨deployment:author⟩         what only a deployment knows; it goes into tags
 *   ⟨hosted-zone:example.com⟩   the id of a zone that exists outside of the platform
 *   ⟨cost-center:a⟩             who pays for any tenant; any text
 *   ⟨priority:a:0:2⟩            (slot - 1) x 2 + 0 + 1, for the slot of any tenant
 *   ⟨stack:data⟩                what CloudFormation makes up for a stack
 *   ⟨parameter:/aws/…⟩          what AWS itself publishes in Parameter Store
 *   ⟨unknown:why⟩               what could not be resolved: whatever depends on it is unknown
 */
const open = "⟨";
const close = "⟩";

/** What stands for something that holds marks itself is written without their brackets: marks do not nest. */
export const mark = (content: string): string => `${open}${content.replaceAll(/[⟨⟩]/gu, "")}${close}`;

/** The mark of what AWS makes up for a resource, or of one of its attributes. */
export const resourceMark = (key: string, attribute?: string): string =>
  mark(attribute === undefined ? key : `${key}.${attribute}`);

export const unknownMark = (why: string): string => mark(`unknown:${why}`);

/** The contents of all marks in a text, in their order. */
export function marksIn(text: string): readonly string[] {
  return [...text.matchAll(/⟨([^⟨⟩]*)⟩/gu)].map(([, content]) => content ?? "");
}

/** Why the text is not known; undefined where it is. */
export function unknownIn(text: string): string | undefined {
  return marksIn(text)
    .find((content) => content.startsWith("unknown:"))
    ?.slice("unknown:".length);
}
