import { assert } from "@tenantry/base";
import { type ApiScope, takes } from "../../http/api-scope.ts";
import { etagOf } from "../../http/etag.ts";
import {
  answerOnce,
  idempotencyHeaders,
  idempotencyKeyHeader,
  idempotencyProblems,
} from "../../http/idempotency.ts";
import { tenantOf } from "../../http/request-context.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { insertDocuments } from "./document-queries.ts";
import { collectionParams, documentInputSchema, documentSchema, documentView } from "./document-schema.ts";

/** `POST documents/{collection}`: a new document under an id that the server makes. */
export function createDocumentRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/documents/:collection`,
    schema: {
      operationId: "createDocument",
      tags: ["documents"],
      summary: "Create a document",
      security: [{ token: [] }],
      params: collectionParams,
      "x-headers": idempotencyKeyHeader,
      body: documentInputSchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The document, at version 1.",
          headers: {
            ETag: { type: "string", description: "The version of the document." },
            ...idempotencyHeaders,
            Location: { type: "string", description: "The path of the document." },
          },
          content: { "application/json": { schema: documentSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          ...idempotencyProblems,
          "INVALID_PARAMETER",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:write"), takes("application/json")],
    handler: (request, reply) => {
      const tenant = tenantOf(request);
      const { collection } = request.params;
      const id = uuidV7(context.clock.nowMs(), context.random);
      const body = request.body.body as JsonObject;
      return answerOnce(context, request, reply, {
        effect: (db) => insertDocuments(db, tenant, [{ collection, id, body }]),
        answer: ([row]) => {
          assert(row !== undefined, "an insert returned no row");
          return {
            status: 201,
            headers: { etag: etagOf(row.version), location: `/${version}/documents/${collection}/${id}` },
            body: documentView(row),
          };
        },
      });
    },
  });
}
