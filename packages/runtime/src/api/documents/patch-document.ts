import { type ApiScope, takes } from "../../http/api-scope.ts";
import { etagOf } from "../../http/etag.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import { etagHeader, ifMatchHeader } from "./document-headers.ts";
import { patchDocument } from "./document-queries.ts";
import { documentParams, documentPatchSchema, documentSchema, documentView } from "./document-schema.ts";
import { versionsMeant, writtenDocument } from "./preconditions.ts";

/** `PATCH /v2/documents/{collection}/{id}`: merges a patch into the body. */
export function patchDocumentRoute(scope: ApiScope, context: ApiContext): void {
  scope.route({
    method: "PATCH",
    url: "/v2/documents/:collection/:id",
    schema: {
      operationId: "patchDocument",
      tags: ["documents"],
      summary: "Change parts of a document",
      security: [{ token: [] }],
      params: documentParams,
      "x-headers": ifMatchHeader,
      body: documentPatchSchema,
      consumes: ["application/merge-patch+json"],
      response: {
        200: {
          description: "The document, at its new version.",
          headers: etagHeader,
          content: { "application/json": { schema: documentSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "DOCUMENT_NOT_FOUND",
          "PRECONDITION_FAILED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:write"), takes("application/merge-patch+json")],
    handler: async (request, reply) => {
      const address = { ...request.params, versions: versionsMeant(request) };
      const patch = request.body.body as JsonObject;
      const signal = requestSignal(reply);
      const outcome = await patchDocument(context.store, tenantOf(request), address, patch, { signal });
      const row = writtenDocument(outcome);
      return reply.header("etag", etagOf(row.version)).send(documentView(row));
    },
  });
}
