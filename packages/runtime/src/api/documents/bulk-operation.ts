import { z } from "zod";
import { entityTagsSchema, parseEntityTags, versionsMatched } from "../../http/etag.ts";
import { apiSchemas } from "../../http/schemas.ts";
import { bodySchema, documentIdSchema, documentSchema } from "./document-schema.ts";

const bulkOperationsMax = 100;

const ifMatchSchema = z
  .string()
  .max(200)
  .regex(new RegExp(entityTagsSchema.pattern), 'must be * or quoted entity tags, such as "3"')
  .describe('The ETag of the version that may be changed, such as `"3"`, or `*`.');
const id = documentIdSchema;
const body = bodySchema;
const ifMatch = ifMatchSchema.optional();

const operationSchema = z
  .discriminatedUnion("op", [
    z.strictObject({ op: z.literal("create"), body }),
    z.strictObject({ op: z.literal("replace"), id, ifMatch: ifMatchSchema, body }),
    z.strictObject({ op: z.literal("patch"), id, ifMatch, body }),
    z.strictObject({ op: z.literal("delete"), id, ifMatch }),
  ])
  .register(apiSchemas, {
    id: "BulkOperation",
    description:
      "What the route of the same name does: create under a new id; replace, which needs ifMatch; merge a patch; delete.",
    examples: [{ op: "patch", id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37", body: { done: true } }],
  });
export type BulkOperation = z.infer<typeof operationSchema>;

export const bulkRequestSchema = z
  .strictObject({
    atomic: z.boolean().default(true),
    operations: z.array(operationSchema).min(1).max(bulkOperationsMax),
  })
  .register(apiSchemas, {
    id: "Bulk",
    description:
      "Operations that are done in their order, one after the other. All or none, unless atomic is false: then each one that can be done is.",
    examples: [{ operations: [{ op: "create", body: { title: "Rooftop inspection" } }] }],
  });

const failureSchema = z
  .strictObject({
    code: z.enum(["DOCUMENT_NOT_FOUND", "PRECONDITION_FAILED"]),
    detail: z.string(),
    pointer: z.string(),
  })
  .register(apiSchemas, {
    id: "BulkFailure",
    description: "Why an operation was not done; pointer leads to it in the request.",
  });
export type BulkFailure = z.infer<typeof failureSchema>;

const outcomeSchema = z
  .strictObject({
    status: z.int().min(200).max(499),
    document: documentSchema.nullable(),
    problem: failureSchema.nullable(),
  })
  .register(apiSchemas, {
    id: "BulkOutcome",
    description:
      "The status that the operation alone would have had, with the document as the operation left it, or with what was wrong.",
  });
export type BulkOutcome = z.infer<typeof outcomeSchema>;

export const bulkResultSchema = z
  .strictObject({ outcomes: z.array(outcomeSchema) })
  .register(apiSchemas, { id: "BulkResult", description: "One outcome for each operation, in their order." });

/** The versions that an operation may change; null means any. */
export function versionsOfOperation(operation: BulkOperation): readonly number[] | null {
  if (operation.op === "create" || operation.ifMatch === undefined) return null;
  return versionsMatched(parseEntityTags("If-Match", operation.ifMatch));
}
