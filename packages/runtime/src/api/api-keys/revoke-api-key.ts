import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { revokeApiKey } from "./api-key-queries.ts";
import { apiKeyParams } from "./api-key-schema.ts";

/** `DELETE /v1/api-keys/{id}` and `DELETE /v2/api-keys/{id}`. */
export function revokeApiKeyRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/api-keys/:id`,
    schema: {
      operationId: "revokeApiKey",
      tags: ["api-keys"],
      summary: "Revoke an API key",
      description: "The key stays in the list, as revoked. Revoking it again changes nothing.",
      security: [{ token: [] }],
      params: apiKeyParams,
      "x-no-content": { 204: "The key is revoked." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "PRECONDITION_UNSUPPORTED",
          "API_KEY_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("api-keys:write"), takesNoBody],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const change = changeOf(request, { kind: "any" });
      await revokeApiKey(context, tenant, request.params.id, change, { signal: requestSignal(reply) });
      context.grants.forget(tenant.id);
      return reply.code(204).send();
    },
  });
}
