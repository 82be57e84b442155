import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import { isBuiltInRole } from "../../identity/roles.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { versionCondition, versionHeaders } from "../item-versions.ts";
import { deleteRole } from "./role-queries.ts";
import { roleParams } from "./role-schema.ts";

/** `DELETE /v1/roles/{name}` and `DELETE /v2/roles/{name}`. */
export function deleteRoleRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/roles/:name`,
    schema: {
      operationId: "deleteRole",
      tags: ["roles"],
      summary: "Delete a role",
      description: "Refused while a member or an open invitation has it.",
      security: [{ token: [] }],
      params: roleParams,
      "x-headers": versionHeaders("role").ifMatch,
      "x-no-content": { 204: "The role is gone." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "PRECONDITION_UNSUPPORTED",
          "ROLE_NOT_FOUND",
          "ROLE_BUILT_IN",
          "ROLE_IN_USE",
          "PRECONDITION_FAILED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("roles:write"), takesNoBody],
    handler: async (request, reply) => {
      const { name } = request.params;
      const tenant = tenantOf(request);
      const condition = versionCondition(request);
      if (isBuiltInRole(name)) throw new ProblemError("ROLE_BUILT_IN");
      const change = changeOf(request, condition);
      await deleteRole(context, tenant, name, change, { signal: requestSignal(reply) });
      context.grants.forget(tenant.id);
      return reply.code(204).send();
    },
  });
}
