import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { createSignInRoute } from "./create-sign-in.ts";
import { deleteSignInRoute } from "./delete-sign-in.ts";
import { listSignInsRoute } from "./list-sign-ins.ts";
import { refreshSignInRoute } from "./refresh-sign-in.ts";

/** `/{version}/sign-ins` and what is below it. */
export function signInRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  createSignInRoute(scope, context, version);
  refreshSignInRoute(scope, context, version);
  listSignInsRoute(scope, context, version);
  deleteSignInRoute(scope, context, version);
}
