import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { deleteRoleRoute } from "./delete-role.ts";
import { listRolesRoute } from "./list-roles.ts";
import { putRoleRoute } from "./put-role.ts";
import { readRoleRoute } from "./read-role.ts";

/** `/{version}/roles` and `/{version}/roles/{name}`. */
export function roleRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  listRolesRoute(scope, context, version);
  readRoleRoute(scope, context, version);
  putRoleRoute(scope, context, version);
  deleteRoleRoute(scope, context, version);
}
