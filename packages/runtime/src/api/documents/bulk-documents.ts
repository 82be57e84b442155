import { type ApiScope, takes } from "../../http/api-scope.ts";
import {
  answerOnce,
  idempotencyHeaders,
  idempotencyKeyHeader,
  idempotencyProblems,
} from "../../http/idempotency.ts";
import { tenantOf } from "../../http/request-context.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import { bulkRequestSchema, bulkResultSchema } from "./bulk-operation.ts";
import { collectionParams } from "./document-schema.ts";
import { runBulk } from "./run-bulk.ts";

/** `POST /v2/documents/{collection}/bulk`: up to a hundred operations in one transaction. */
export function bulkDocumentsRoute(scope: ApiScope, context: ApiContext): void {
  scope.route({
    method: "POST",
    url: "/v2/documents/:collection/bulk",
    schema: {
      operationId: "changeDocuments",
      tags: ["documents"],
      summary: "Create, replace, patch and delete documents at once",
      description:
        "All operations are done in one transaction, in their order, or none is. With atomic set to false each one that can be done is, and the outcomes say which were not.",
      security: [{ token: [] }],
      params: collectionParams,
      "x-headers": idempotencyKeyHeader,
      body: bulkRequestSchema,
      consumes: ["application/json"],
      response: {
        200: {
          description: "What came of each operation.",
          headers: idempotencyHeaders,
          content: { "application/json": { schema: bulkResultSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          ...idempotencyProblems,
          "INVALID_PARAMETER",
          "BULK_REFUSED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:write"), takes("application/json")],
    handler: (request, reply) => {
      const tenant = tenantOf(request);
      const { clock, random } = context;
      const nowMs = clock.nowMs();
      const bulk = { ...request.params, ...request.body, newId: () => uuidV7(nowMs, random) };
      return answerOnce(context, request, reply, {
        effect: (db, execute) => runBulk(db, execute, tenant, bulk),
        answer: (outcomes) => ({ status: 200, headers: {}, body: { outcomes } }),
      });
    },
  });
}
