import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf, tenantPrincipalOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import { signInOf } from "../../identity/grant-queries.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { eventOf, keepAuditEvent } from "../audit-events/audit-event.ts";
import { revoke } from "./sign-in-changes.ts";
import { signInParams } from "./sign-in-schema.ts";

/** `DELETE /v1/sign-ins/{id}` and `DELETE /v2/sign-ins/{id}`: signs out. */
export function deleteSignInRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/sign-ins/:id`,
    schema: {
      operationId: "deleteSignIn",
      tags: ["sign-ins"],
      summary: "Sign out",
      description:
        "Ends one's own sign-in, or, with the permission members:write, anybody's. Its tokens end at once. Ending one that has ended changes nothing.",
      security: [{ token: [] }],
      params: signInParams,
      "x-no-content": { 204: "The sign-in has ended." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "SIGN_IN_NOT_FOUND",
          "OWNER_REQUIRED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access(null), takesNoBody],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const principal = tenantPrincipalOf(request);
      const { id } = request.params;
      await context.store.transact(
        tenant,
        async (db, execute) => {
          const [found] = await execute(
            signInOf(db, tenant, id).select(["sign_ins.member_id", "members.role"]),
          );
          const isOwn = found !== undefined && found.member_id === principal.member;
          // Who may not end it does not learn either that it is there.
          if (found === undefined || (!isOwn && !principal.permissions.has("members:write"))) {
            throw new ProblemError("SIGN_IN_NOT_FOUND");
          }
          if (!isOwn && found.role === "owner" && principal.role !== "owner") {
            throw new ProblemError("OWNER_REQUIRED");
          }
          if (!(await revoke(db, execute, tenant, id))) return;
          const details = { member: found.member_id };
          const event = eventOf(request, { action: "sign-in.revoked", target: id, details });
          await execute(keepAuditEvent(db, tenant, event, context));
        },
        { signal: requestSignal(reply) },
      );
      context.grants.forget(tenant.id);
      return reply.code(204).send();
    },
  });
}
