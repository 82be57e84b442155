import type { ApiScope } from "../../http/api-scope.ts";
import { isBuiltInRole, tenantRoles } from "../../identity/roles.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute } from "../item-list-route.ts";
import { storedRoles } from "./role-queries.ts";
import { builtInRoleView, roleSchema, roleView } from "./role-schema.ts";

/** `GET /v1/roles` and `GET /v2/roles`. */
export function listRolesRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store } = context;
  const builtIn = tenantRoles.map(builtInRoleView);
  itemListRoute(scope, context, version, {
    path: "roles",
    operationId: "listRoles",
    summary: "List the roles",
    description:
      "The roles that every tenant has come first, then the tenant's own in the order of their names.",
    permission: "roles:read",
    component: "Role",
    item: roleSchema,
    keyOf: ({ name }) => name,
    async byOffset(tenant, { offset, limit }, _filter, options) {
      const first = builtIn.slice(offset, offset + limit);
      const rest = { offset: Math.max(0, offset - builtIn.length), limit: limit - first.length };
      const { rows, total } = await storedRoles.byOffset(store, tenant, rest, options);
      return { items: [...first, ...rows.map(roleView)], total: builtIn.length + total };
    },
    async after(tenant, { after, limit }, _filter, options) {
      // The names of built-in roles are nobody else's, so a name alone says where a page begins.
      const shown = after !== null && isBuiltInRole(after) ? tenantRoles.indexOf(after) + 1 : 0;
      const first = after === null || isBuiltInRole(after) ? builtIn.slice(shown, shown + limit) : [];
      const rest = {
        after: after === null || isBuiltInRole(after) ? null : after,
        limit: limit - first.length,
      };
      const rows = await storedRoles.after(store, tenant, rest, options);
      return [...first, ...rows.map(roleView)];
    },
  });
}
