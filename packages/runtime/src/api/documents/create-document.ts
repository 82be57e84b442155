import { assert } from "@tenantry/base";
import { type ApiScope, takes } from "../../http/api-scope.ts";
import { etagOf } from "../../http/etag.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import { insertDocument } from "./document-queries.ts";
import { collectionParams, documentInputSchema, documentSchema, documentView } from "./document-schema.ts";

/** `POST /v2/documents/{collection}`: a new document under an id that the server makes. */
export function createDocumentRoute(scope: ApiScope, context: ApiContext): void {
  scope.route({
    method: "POST",
    url: "/v2/documents/:collection",
    schema: {
      operationId: "createDocument",
      tags: ["documents"],
      summary: "Create a document",
      security: [{ token: [] }],
      params: collectionParams,
      body: documentInputSchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The document, at version 1.",
          headers: {
            ETag: { type: "string", description: "The version of the document." },
            Location: { type: "string", description: "The path of the document." },
          },
          content: { "application/json": { schema: documentSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:write"), takes("application/json")],
    handler: async (request, reply) => {
      const { collection } = request.params;
      const id = uuidV7(context.clock.nowMs(), context.random);
      const body = request.body.body as JsonObject;
      const signal = requestSignal(reply);
      const row = await insertDocument(
        context.store,
        tenantOf(request),
        { collection, id, body },
        { signal },
      );
      assert(row !== undefined, "an insert returned no row");
      return reply
        .code(201)
        .header("etag", etagOf(row.version))
        .header("location", `/v2/documents/${collection}/${id}`)
        .send(documentView(row));
    },
  });
}
