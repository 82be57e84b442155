import { type ApiScope, takes } from "../../http/api-scope.ts";
import {
  answerOnce,
  idempotencyHeaders,
  idempotencyKeyHeader,
  idempotencyProblems,
} from "../../http/idempotency.ts";
import { tenantOf } from "../../http/request-context.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import { canonicalMailAddress } from "../../identity/mail-address.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { invite } from "./invitation-changes.ts";
import { invitationInputSchema, invitationView, newInvitationSchema } from "./invitation-schema.ts";

/** `POST /v1/invitations` and `POST /v2/invitations`. */
export function createInvitationRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/invitations`,
    schema: {
      operationId: "createInvitation",
      tags: ["invitations"],
      summary: "Invite somebody",
      description:
        "Inviting an address again replaces its invitation, and the old token ends. Nobody invites into a role that allows more than they may do, and only an owner invites an owner.",
      security: [{ token: [] }],
      "x-headers": idempotencyKeyHeader,
      body: invitationInputSchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The invitation, with its token, which is good for 7 days and one use.",
          headers: idempotencyHeaders,
          content: { "application/json": { schema: newInvitationSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          ...idempotencyProblems,
          "OWNER_REQUIRED",
          "PERMISSIONS_EXCEEDED",
          "MEMBER_EXISTS",
          "MEMBER_LIMIT_REACHED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("members:write"), takes("application/json")],
    handler: (request, reply) => {
      const { email, role } = request.body;
      const wanted = { email: canonicalMailAddress(email), role };
      const change = changeOf(request, { kind: "any" });
      return answerOnce(context, request, reply, {
        keep: "key",
        effect: (db, execute) => invite(context, db, execute, tenantOf(request), wanted, change),
        answer: ({ row, token }) => ({ status: 201, headers: {}, body: { ...invitationView(row), token } }),
      });
    },
  });
}
