import type { FastifyInstance } from "fastify";
import { type ApiScope, speakJson } from "../http/api-scope.ts";
import { type HealthPorts, healthRoutes } from "../http/health.ts";
import { describeRoutes } from "../http/openapi.ts";
import { openApiRoute } from "../http/openapi-route.ts";
import type { RouteTable } from "../http/route-table.ts";
import { allMethods, answerUnknownPath, methodsWithoutGet, reservePath } from "../http/unknown-path.ts";
import { jwksRoute } from "../identity/jwks-route.ts";
import type { SigningKey } from "../identity/signing-key.ts";
import type { ApiContext } from "./api-context.ts";
import { tenantProblems } from "./api-schemas.ts";
import type { ApiVersion } from "./api-version.ts";
import { documentRoutes } from "./documents/document-routes.ts";
import { tenantRoute } from "./tenant-route.ts";

export interface TenantApiOptions {
  readonly context: ApiContext;
  readonly keys: readonly SigningKey[];
  readonly health: HealthPorts;
  readonly routes: RouteTable;
}

/** Everything that the gateway answers itself: `/v1` and `/v2` over the same data, the keys, health. */
export async function tenantApi(app: FastifyInstance, options: TenantApiOptions): Promise<void> {
  const { context, keys, health, routes } = options;
  const unknown = answerUnknownPath(routes);
  await app.register(async (v1) => {
    await describeVersion(v1, "v1");
    const scope = versionScope(v1, context, "v1");
    resourceRoutes(scope, context, "v1");
  });
  await app.register(async (v2) => {
    await describeVersion(v2, "v2");
    const scope = versionScope(v2, context, "v2");
    healthRoutes(scope, health);
    jwksRoute(scope, keys);
    resourceRoutes(scope, context, "v2");
  });
  for (const url of ["/health/live", "/health/ready", "/.well-known/jwks.json"]) {
    reservePath(app, url, methodsWithoutGet, [unknown]);
  }
  for (const url of ["/v1", "/v1/*", "/v2", "/v2/*"]) {
    reservePath(app, url, allMethods, [context.host, unknown]);
  }
}

/** What both versions have, each in its own way. */
function resourceRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  tenantRoute(scope, context, version);
  if (version === "v2") documentRoutes(scope, context);
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
