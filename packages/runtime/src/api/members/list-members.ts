import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute } from "../item-list-route.ts";
import { storedMembers } from "./member-queries.ts";
import { memberSchema, memberView } from "./member-schema.ts";

/** `GET /v1/members` and `GET /v2/members`. */
export function listMembersRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store } = context;
  itemListRoute(scope, context, version, {
    path: "members",
    operationId: "listMembers",
    summary: "List the members",
    description: "In the order in which they joined.",
    permission: "members:read",
    component: "Member",
    item: memberSchema,
    keyOf: ({ id }) => id,
    async byOffset(tenant, page, _filter, options) {
      const { rows, total } = await storedMembers.byOffset(store, tenant, page, options);
      return { items: rows.map(memberView), total };
    },
    async after(tenant, page, _filter, options) {
      return (await storedMembers.after(store, tenant, page, options)).map(memberView);
    },
  });
}
