import type { FastifyInstance } from "fastify";
import { type ApiScope, speakJson } from "../http/api-scope.ts";
import { type HealthPorts, healthRoutes } from "../http/health.ts";
import { describeRoutes } from "../http/openapi.ts";
import { openApiRoute } from "../http/openapi-route.ts";
import type { RouteTable } from "../http/route-table.ts";
import { allMethods, answerUnknownPath, methodsWithoutGet, reservePath } from "../http/unknown-path.ts";
import { jwksRoute } from "../identity/jwks-route.ts";
import type { KeyRing } from "../identity/key-ring.ts";
import type { ApiContext } from "./api-context.ts";
import { tenantProblems } from "./api-schemas.ts";
import type { ApiVersion } from "./api-version.ts";
import { documentRoutes } from "./documents/document-routes.ts";
import { apiKeyRoutes } from "./api-keys/api-key-routes.ts";
import { listAuditEventsRoute } from "./audit-events/list-audit-events.ts";
import { fileContentRoutes, fileRoutes } from "./files/file-routes.ts";
import { invitationRoutes } from "./invitations/invitation-routes.ts";
import { memberRoutes } from "./members/member-routes.ts";
import { referenceRoutes } from "./reference/reference-routes.ts";
import { roleRoutes } from "./roles/role-routes.ts";
import { signInRoutes } from "./sign-ins/sign-in-routes.ts";
import { usageRoute } from "./usage/get-usage.ts";
import { tenantRoute } from "./tenant-route.ts";

export interface TenantApiOptions {
  readonly context: ApiContext;
  readonly keys: KeyRing;
  readonly health: HealthPorts;
  readonly routes: RouteTable;
}

/** Everything that the gateway answers itself: `/v1` and `/v2` over the same data, the keys, health. */
export async function tenantApi(app: FastifyInstance, options: TenantApiOptions): Promise<void> {
  const { context, keys, health, routes } = options;
  const unknown = answerUnknownPath(routes);
  for (const version of ["v1", "v2"] as const) {
    await app.register(async (both) => {
      await describeVersion(both, version);
      // Beside each other, because what one adds to its scope the scopes within it have too.
      await both.register(async (streams) => fileContentRoutes(streams, context, version));
      await both.register(async (pages) => referenceRoutes(pages, context, version));
      await both.register(async (json) => {
        const scope = versionScope(json, context, version);
        if (version === "v2") {
          healthRoutes(scope, health);
          jwksRoute(scope, keys);
        }
        resourceRoutes(scope, context, version);
      });
    });
  }
  for (const url of ["/health/live", "/health/ready", "/.well-known/jwks.json"]) {
    reservePath(app, url, methodsWithoutGet, [unknown]);
  }
  for (const url of onlyPosted) {
    const others = allMethods.filter((method) => method !== "POST");
    reservePath(app, url, others, [context.host, unknown]);
  }
  for (const url of ["/v1", "/v1/*", "/v2", "/v2/*"]) {
    reservePath(app, url, allMethods, [context.host, unknown]);
  }
}

/** Paths that would be taken for the one beside them that ends in an id, if asked by its methods. */
const onlyPosted = [
  ...["v1", "v2"].flatMap((version) => [`/${version}/invitations/accept`, `/${version}/sign-ins/refresh`]),
  "/v2/documents/:collection/bulk",
];

/** What both versions have, each in its own way. */
function resourceRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  tenantRoute(scope, context, version);
  memberRoutes(scope, context, version);
  invitationRoutes(scope, context, version);
  signInRoutes(scope, context, version);
  roleRoutes(scope, context, version);
  apiKeyRoutes(scope, context, version);
  listAuditEventsRoute(scope, context, version);
  usageRoute(scope, context, version);
  documentRoutes(scope, context, version);
  fileRoutes(scope, context, version);
}

const descriptions: Readonly<Record<ApiVersion, string>> = {
  v1: "What a tenant does with its own data, in pages by offset. Version 2 sees the same data, and has cursors, ETags, merge patches and bulk.",
  v2: "What a tenant does with its own data. The host names the tenant; the token proves who asks.",
};

async function describeVersion(app: FastifyInstance, version: ApiVersion): Promise<void> {
  await describeRoutes(app, {
    title: "Tenant API",
    version: version.slice(1),
    description: descriptions[version],
    server: "/",
  });
}

/** Not async: a scope is thenable, and a promise of it would resolve to another one. */
function versionScope(app: FastifyInstance, context: ApiContext, version: ApiVersion): ApiScope {
  const scope = speakJson(app, context.limits);
  scope.addHook("preHandler", context.turn);
  scope.addHook("onSend", context.turnEnd);
  openApiRoute(scope, `/${version}/openapi.json`, tenantProblems, [context.host]);
  return scope;
}
