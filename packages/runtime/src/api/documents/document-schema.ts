import { z } from "zod";
import { uuidPattern } from "../../http/uuid-v7.ts";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import type { StoredDocument } from "./document-queries.ts";

const collectionSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    "must be 1 to 63 lower-case letters, digits and hyphens, the first a letter",
  );
export const documentIdSchema = z.string().regex(uuidPattern, "must be a UUID in lower case");

export const collectionParams = z.strictObject({ collection: collectionSchema });
export const documentParams = z.strictObject({ collection: collectionSchema, id: documentIdSchema });

const exampleBody = { title: "Rooftop inspection", done: false, tags: ["site-4"] };

export const bodySchema = z
  .record(z.string(), z.unknown(), "must be a JSON object")
  .register(apiSchemas, { id: "JsonObject" });

/** What a document is created from or replaced by. */
export const documentInputSchema = z.strictObject({ body: bodySchema }).register(apiSchemas, {
  id: "DocumentContent",
  description:
    "The content of a document: any JSON object, at most 30 levels deep. Numbers are doubles; of a key that stands twice the last one counts.",
  examples: [{ body: exampleBody }],
});

/** A merge patch of a document; only its body can change. */
export const documentPatchSchema = z.strictObject({ body: bodySchema }).register(apiSchemas, {
  id: "DocumentPatch",
  description: "A JSON Merge Patch (RFC 7396) of a document: null removes a member, objects are merged.",
  examples: [{ body: { done: true, tags: null } }],
});

export const documentSchema = z
  .strictObject({
    id: documentIdSchema,
    collection: collectionSchema,
    version: z.int().min(1),
    createdAt: timestamp,
    updatedAt: timestamp,
    body: bodySchema,
  })
  .register(apiSchemas, {
    id: "Document",
    examples: [
      {
        id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
        collection: "inspections",
        version: 1,
        createdAt: "2026-01-31T12:00:00.000Z",
        updatedAt: "2026-01-31T12:00:00.000Z",
        body: exampleBody,
      },
    ],
  });

export const documentPageSchema = z
  .strictObject({ items: z.array(documentSchema), nextCursor: z.string().nullable() })
  .register(apiSchemas, {
    id: "DocumentPage",
    description: "Documents in the order of their ids, which is the order of creation.",
  });

export type DocumentView = z.infer<typeof documentSchema>;

export function documentView(row: StoredDocument): DocumentView {
  return {
    id: row.id,
    collection: row.collection,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    body: row.body,
  };
}
