import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { decodeCursor, encodeCursor } from "../../http/cursor.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import {
  databaseProblems,
  pageCursor,
  pageLimit,
  pageLimitDocument,
  problemResponses,
} from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import { listDocuments } from "./document-queries.ts";
import { collectionParams, documentPageSchema, documentView } from "./document-schema.ts";

/** `GET /v2/documents/{collection}`: a page of documents, oldest first. */
export function listDocumentsRoute(scope: ApiScope, context: ApiContext): void {
  const { pageItemsDefault, pageItemsMax } = context.limits;
  scope.route({
    method: "GET",
    url: "/v2/documents/:collection",
    schema: {
      operationId: "listDocuments",
      tags: ["documents"],
      summary: "List the documents of a collection",
      description: "Oldest first. A collection that has never held a document is empty.",
      security: [{ token: [] }],
      params: collectionParams,
      querystring: z.strictObject({ limit: pageLimit(pageItemsDefault, pageItemsMax), cursor: pageCursor }),
      "x-parameters": {
        limit: pageLimitDocument(pageItemsDefault, pageItemsMax),
        cursor: { description: "Where the page begins: nextCursor of the page before." },
      },
      response: {
        200: {
          description: "A page; nextCursor is null on the last one.",
          content: { "application/json": { schema: documentPageSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "INVALID_CURSOR",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:read"), takesNoBody],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const { collection } = request.params;
      const { limit, cursor } = request.query;
      const list = `documents/${tenant.id}/${collection}`;
      const after = cursor === undefined ? null : decodeCursor(list, cursor);
      // One more than asked for tells whether there is a next page.
      const rows = await listDocuments(
        context.store,
        tenant,
        { collection, limit: limit + 1, after },
        { signal: requestSignal(reply) },
      );
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return reply.send({
        items: shown.map(documentView),
        nextCursor: last === undefined ? null : encodeCursor(list, last.id),
      });
    },
  });
}
