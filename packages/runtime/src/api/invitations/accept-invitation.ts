import { type ApiScope, takes } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { memberSchema, memberView } from "../members/member-schema.ts";
import { publicProblems } from "../public-problems.ts";
import { acceptInvitation } from "./invitation-changes.ts";
import { acceptanceSchema } from "./invitation-schema.ts";

/** `POST /v1/invitations/accept` and `POST /v2/invitations/accept`. */
export function acceptInvitationRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/invitations/accept`,
    schema: {
      operationId: "acceptInvitation",
      tags: ["invitations"],
      summary: "Accept an invitation",
      description:
        "Needs no token but that of the invitation, which it spends. The member can sign in from then on.",
      body: acceptanceSchema,
      consumes: ["application/json"],
      response: {
        201: { description: "The new member.", content: { "application/json": { schema: memberSchema } } },
        ...problemResponses([
          ...publicProblems,
          "INVITATION_NOT_FOUND",
          "MEMBER_EXISTS",
          "MEMBER_LIMIT_REACHED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.publicAccess, takes("application/json")],
    handler: async (request, reply) => {
      const member = await acceptInvitation(
        context,
        tenantOf(request),
        { ...request.body, requestId: request.id },
        { signal: requestSignal(reply) },
      );
      return reply.code(201).send(memberView(member));
    },
  });
}
