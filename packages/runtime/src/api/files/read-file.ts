import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { findFile } from "./file-queries.ts";
import { fileParams, fileSchema, fileView } from "./file-schema.ts";

/** `GET files/{id}`. */
export function readFileRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "GET",
    url: `/${version}/files/:id`,
    schema: {
      operationId: "getFile",
      tags: ["files"],
      summary: "Read what is known of a file",
      security: [{ token: [] }],
      params: fileParams,
      response: {
        200: { description: "The file.", content: { "application/json": { schema: fileSchema } } },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "FILE_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("files:read"), takesNoBody],
    handler: async (request, reply) => {
      const signal = requestSignal(reply);
      const row = await findFile(context.store, tenantOf(request), request.params.id, { signal });
      return reply.send(fileView(row));
    },
  });
}
