import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { ifMatchHeader } from "./document-headers.ts";
import { deleteDocument } from "./document-queries.ts";
import { documentParams } from "./document-schema.ts";
import { versionsMeant, writtenDocument } from "./preconditions.ts";

/** `DELETE documents/{collection}/{id}`. */
export function deleteDocumentRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/documents/:collection/:id`,
    schema: {
      operationId: "deleteDocument",
      tags: ["documents"],
      summary: "Delete a document",
      security: [{ token: [] }],
      params: documentParams,
      "x-headers": ifMatchHeader,
      "x-no-content": { 204: "The document is gone." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "PRECONDITION_UNSUPPORTED",
          "DOCUMENT_NOT_FOUND",
          "PRECONDITION_FAILED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("documents:write"), takesNoBody],
    handler: async (request, reply) => {
      const address = { ...request.params, versions: versionsMeant(request) };
      const signal = requestSignal(reply);
      writtenDocument(await deleteDocument(context.store, tenantOf(request), address, { signal }));
      return reply.code(204).send();
    },
  });
}
