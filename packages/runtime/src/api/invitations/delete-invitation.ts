import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { withdrawInvitation } from "./invitation-changes.ts";
import { invitationParams } from "./invitation-schema.ts";

/** `DELETE /v1/invitations/{id}` and `DELETE /v2/invitations/{id}`. */
export function deleteInvitationRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/invitations/:id`,
    schema: {
      operationId: "deleteInvitation",
      tags: ["invitations"],
      summary: "Withdraw an invitation",
      security: [{ token: [] }],
      params: invitationParams,
      "x-no-content": { 204: "The invitation is gone, and its token with it." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "INVITATION_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("members:write"), takesNoBody],
    handler: async (request, reply) => {
      await withdrawInvitation(
        context,
        tenantOf(request),
        request.params.id,
        changeOf(request, { kind: "any" }),
        { signal: requestSignal(reply) },
      );
      return reply.code(204).send();
    },
  });
}
