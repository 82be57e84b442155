import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { versionCondition, versionHeaders } from "../item-versions.ts";
import { removeMember } from "./member-changes.ts";
import { memberParams } from "./member-schema.ts";

/** `DELETE /v1/members/{id}` and `DELETE /v2/members/{id}`. */
export function removeMemberRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/members/:id`,
    schema: {
      operationId: "removeMember",
      tags: ["members"],
      summary: "Remove a member",
      description:
        "Ends the member's sign-ins. Only an owner removes an owner, and the last active owner stays.",
      security: [{ token: [] }],
      params: memberParams,
      "x-headers": versionHeaders("member").ifMatch,
      "x-no-content": { 204: "The member is gone." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "PRECONDITION_UNSUPPORTED",
          "OWNER_REQUIRED",
          "MEMBER_NOT_FOUND",
          "LAST_OWNER",
          "PRECONDITION_FAILED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("members:write"), takesNoBody],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const change = changeOf(request, versionCondition(request));
      await removeMember(context, tenant, request.params.id, change, { signal: requestSignal(reply) });
      context.grants.forget(tenant.id);
      return reply.code(204).send();
    },
  });
}
