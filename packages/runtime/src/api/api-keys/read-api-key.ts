import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { storedApiKeys } from "./api-key-queries.ts";
import { apiKeyParams, apiKeySchema, apiKeyView } from "./api-key-schema.ts";

/** `GET /v1/api-keys/{id}` and `GET /v2/api-keys/{id}`. */
export function readApiKeyRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "GET",
    url: `/${version}/api-keys/:id`,
    schema: {
      operationId: "getApiKey",
      tags: ["api-keys"],
      summary: "Read an API key",
      description: "What is known of the key; the key itself is not.",
      security: [{ token: [] }],
      params: apiKeyParams,
      response: {
        200: { description: "The key.", content: { "application/json": { schema: apiKeySchema } } },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "API_KEY_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("api-keys:read"), takesNoBody],
    handler: async (request, reply) => {
      const signal = requestSignal(reply);
      const row = await storedApiKeys.find(context.store, tenantOf(request), request.params.id, { signal });
      if (row === undefined) throw new ProblemError("API_KEY_NOT_FOUND");
      return reply.send(apiKeyView(row, context.clock.nowMs()));
    },
  });
}
