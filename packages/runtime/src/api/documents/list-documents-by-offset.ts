import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { offsetPageSchema, offsetQuery, offsetQueryDocument } from "../../http/offset-page.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import { listDocumentsByOffset } from "./document-queries.ts";
import { collectionParams, documentSchema, documentView } from "./document-schema.ts";

/** `GET /v1/documents/{collection}`: a page of documents, oldest first, and how many there are. */
export function listDocumentsByOffsetRoute(scope: ApiScope, context: ApiContext): void {
  const page = offsetPageSchema(
    "DocumentOffsetPage",
    documentSchema,
    "Documents in the order of their ids, which is the order of creation.",
  );
  scope.route({
    method: "GET",
    url: "/v1/documents/:collection",
    schema: {
      operationId: "listDocuments",
      tags: ["documents"],
      summary: "List the documents of a collection",
      description: "Oldest first. A collection that has never held a document is empty.",
      security: [{ token: [] }],
      params: collectionParams,
      querystring: offsetQuery(context.limits),
      "x-parameters": offsetQueryDocument(context.limits),
      response: {
        200: { description: "A page.", content: { "application/json": { schema: page } } },
        ...problemResponses([...tenantProblems, ...tokenProblems, ...databaseProblems, "INVALID_PARAMETER"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:read"), takesNoBody],
    handler: async (request, reply) => {
      const { collection } = request.params;
      const { limit, offset } = request.query;
      const signal = requestSignal(reply);
      const page = { collection, limit, offset };
      const { rows, total } = await listDocumentsByOffset(context.store, tenantOf(request), page, { signal });
      return reply.send({ items: rows.map(documentView), offset, limit, total });
    },
  });
}
