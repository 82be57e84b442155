import type { Answer, CallOptions } from "./call.ts";

interface CursorPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
interface OffsetPage<Item> {
  readonly items: readonly Item[];
  readonly offset: number;
  readonly total: number;
}

/**
 * Every item of a list, page after page, each asked for when the one before is used up. Lists by
 * cursor miss nothing while items are added and removed; those by offset can.
 *
 * @example
 * for await (const document of itemsOf(client.listDocuments, { collection: "notes" })) …
 */
export async function* itemsOf<Input extends object, Item>(
  list: (input: Input, options?: CallOptions) => Promise<Answer<CursorPage<Item> | OffsetPage<Item>>>,
  input: Input,
  options?: CallOptions,
): AsyncGenerator<Item> {
  let next: object | null = {};
  while (next !== null) {
    const { body } = await list({ ...input, ...next }, options);
    yield* body.items;
    next = nextOf(body);
  }
}

function nextOf<Item>(page: CursorPage<Item> | OffsetPage<Item>): object | null {
  if ("nextCursor" in page) return page.nextCursor === null ? null : { cursor: page.nextCursor };
  const offset = page.offset + page.items.length;
  return page.items.length === 0 || offset >= page.total ? null : { offset };
}
