import { type ApiScope, takes } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
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
      body: invitationInputSchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The invitation, with its token, which is good for 7 days and one use.",
          content: { "application/json": { schema: newInvitationSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          "OWNER_REQUIRED",
          "PERMISSIONS_EXCEEDED",
          "MEMBER_EXISTS",
          "MEMBER_LIMIT_REACHED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("members:write"), takes("application/json")],
    handler: async (request, reply) => {
      const { email, role } = request.body;
      const { row, token } = await invite(
        context,
        tenantOf(request),
        { email: canonicalMailAddress(email), role },
        changeOf(request, { kind: "any" }),
        { signal: requestSignal(reply) },
      );
      return reply.code(201).send({ ...invitationView(row), token });
    },
  });
}
