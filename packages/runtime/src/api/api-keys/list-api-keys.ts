import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute } from "../item-list-route.ts";
import { storedApiKeys } from "./api-key-queries.ts";
import { apiKeySchema, apiKeyView } from "./api-key-schema.ts";

/** `GET /v1/api-keys` and `GET /v2/api-keys`. */
export function listApiKeysRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store, clock } = context;
  itemListRoute(scope, context, version, {
    path: "api-keys",
    operationId: "listApiKeys",
    summary: "List the API keys",
    description: "In the order in which they were created; also those that are revoked or have expired.",
    permission: "api-keys:read",
    component: "ApiKey",
    item: apiKeySchema,
    keyOf: ({ id }) => id,
    async byOffset(tenant, page, _filter, options) {
      const { rows, total } = await storedApiKeys.byOffset(store, tenant, page, options);
      return { items: rows.map((row) => apiKeyView(row, clock.nowMs())), total };
    },
    async after(tenant, page, _filter, options) {
      const rows = await storedApiKeys.after(store, tenant, page, options);
      return rows.map((row) => apiKeyView(row, clock.nowMs()));
    },
  });
}
