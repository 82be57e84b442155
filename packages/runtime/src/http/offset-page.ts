import { z } from "zod";
import type { ApiLimits } from "./api-limits.ts";
import { apiSchemas, pageLimit, pageLimitDocument } from "./schemas.ts";

/** Further in, a page costs more than a client should be able to ask for; version 2 has cursors for that. */
const pageOffsetMax = 10_000;

const message = `must be a whole number from 0 to ${pageOffsetMax}`;
const pageOffset = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,5})$/, message)
  .transform(Number)
  .refine((offset) => offset <= pageOffsetMax, message)
  .optional()
  .transform((offset) => offset ?? 0);

/** The query of a list of version 1: which page is wanted. */
export function offsetQuery({ pageItemsDefault, pageItemsMax }: ApiLimits) {
  return z.strictObject({ limit: pageLimit(pageItemsDefault, pageItemsMax), offset: pageOffset });
}

/** How {@link offsetQuery} reads in a document (`x-parameters`). */
export function offsetQueryDocument({ pageItemsDefault, pageItemsMax }: ApiLimits) {
  return {
    limit: pageLimitDocument(pageItemsDefault, pageItemsMax),
    offset: {
      type: "integer",
      minimum: 0,
      maximum: pageOffsetMax,
      default: 0,
      description: `How many items come before the page, 0 to ${pageOffsetMax}.`,
    },
  };
}

/** A page of version 1: the items, where it begins, and how many items there are on all pages. */
export function offsetPageSchema<Item extends z.ZodType>(id: string, item: Item, description: string) {
  return z
    .strictObject({
      items: z.array(item),
      offset: z.int().min(0),
      limit: z.int().min(1),
      total: z.int().min(0),
    })
    .register(apiSchemas, { id, description });
}
