import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { acceptInvitationRoute } from "./accept-invitation.ts";
import { createInvitationRoute } from "./create-invitation.ts";
import { deleteInvitationRoute } from "./delete-invitation.ts";
import { listInvitationsRoute } from "./list-invitations.ts";

/** `/{version}/invitations` and what is below it. */
export function invitationRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  listInvitationsRoute(scope, context, version);
  createInvitationRoute(scope, context, version);
  acceptInvitationRoute(scope, context, version);
  deleteInvitationRoute(scope, context, version);
}
