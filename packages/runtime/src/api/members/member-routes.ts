import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { listMembersRoute } from "./list-members.ts";
import { patchMemberRoute } from "./patch-member.ts";
import { readMemberRoute } from "./read-member.ts";
import { removeMemberRoute } from "./remove-member.ts";

/** `/{version}/members` and `/{version}/members/{id}`. */
export function memberRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  listMembersRoute(scope, context, version);
  readMemberRoute(scope, context, version);
  patchMemberRoute(scope, context, version);
  removeMemberRoute(scope, context, version);
}
