import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { etagOf, matchesWeakly, parseEntityTags } from "../../http/etag.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { findDocument } from "./document-queries.ts";
import { documentParams, documentSchema, documentView } from "./document-schema.ts";
import { etagHeader, ifNoneMatchHeader } from "./document-headers.ts";

/** `GET documents/{collection}/{id}`. */
export function readDocumentRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "GET",
    url: `/${version}/documents/:collection/:id`,
    schema: {
      operationId: "getDocument",
      tags: ["documents"],
      summary: "Read a document",
      security: [{ token: [] }],
      params: documentParams,
      "x-headers": ifNoneMatchHeader,
      "x-no-content": { 304: "The document still has the version that If-None-Match names." },
      response: {
        200: {
          description: "The document.",
          headers: etagHeader,
          content: { "application/json": { schema: documentSchema } },
        },
        304: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "DOCUMENT_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:read"), takesNoBody],
    handler: async (request, reply) => {
      const known = request.headers["if-none-match"];
      const tags = known === undefined ? null : parseEntityTags("If-None-Match", known);
      const { collection, id } = request.params;
      const signal = requestSignal(reply);
      const row = await findDocument(context.store, tenantOf(request), collection, id, { signal });
      if (row === undefined) throw new ProblemError("DOCUMENT_NOT_FOUND");
      reply.header("etag", etagOf(row.version));
      if (tags !== null && matchesWeakly(tags, row.version)) return reply.code(304).send();
      return reply.send(documentView(row));
    },
  });
}
