import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { createApiKeyRoute } from "./create-api-key.ts";
import { listApiKeysRoute } from "./list-api-keys.ts";
import { readApiKeyRoute } from "./read-api-key.ts";
import { revokeApiKeyRoute } from "./revoke-api-key.ts";

/** `/{version}/api-keys` and `/{version}/api-keys/{id}`. */
export function apiKeyRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  listApiKeysRoute(scope, context, version);
  createApiKeyRoute(scope, context, version);
  readApiKeyRoute(scope, context, version);
  revokeApiKeyRoute(scope, context, version);
}
