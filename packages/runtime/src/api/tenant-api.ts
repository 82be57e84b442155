import type { FastifyInstance } from "fastify";
import { speakJson } from "../http/api-scope.ts";
import { type HealthPorts, healthRoutes } from "../http/health.ts";
import { describeRoutes } from "../http/openapi.ts";
import { openApiRoute } from "../http/openapi-route.ts";
import type { RouteTable } from "../http/route-table.ts";
import { allMethods, answerUnknownPath, methodsWithoutGet, reservePath } from "../http/unknown-path.ts";
import { jwksRoute } from "../identity/jwks-route.ts";
import type { SigningKey } from "../identity/signing-key.ts";
import type { ApiContext } from "./api-context.ts";
import { tenantProblems } from "./api-schemas.ts";
import { documentRoutes } from "./documents/document-routes.ts";
import { tenantRoute } from "./tenant-route.ts";

/** Everything that the gateway answers itself: `/v2`, the keys, health. */
export async function tenantApi(
  app: FastifyInstance,
  options: {
    readonly context: ApiContext;
    readonly keys: readonly SigningKey[];
    readonly health: HealthPorts;
    readonly routes: RouteTable;
  },
): Promise<void> {
  const { context, keys, health, routes } = options;
  const unknown = answerUnknownPath(routes);
  await describeRoutes(app, {
    title: "Tenant API",
    version: "2",
    description:
      "What a tenant does with its own data. The host names the tenant; the token proves who asks.",
    server: "/",
  });
  const scope = speakJson(app, context.limits);
  scope.addHook("preHandler", context.turn);
  scope.addHook("onSend", context.turnEnd);
  healthRoutes(scope, health);
  jwksRoute(scope, keys);
  openApiRoute(scope, "/v2/openapi.json", tenantProblems, [context.host]);
  tenantRoute(scope, context);
  documentRoutes(scope, context);
  for (const url of ["/health/live", "/health/ready", "/.well-known/jwks.json"]) {
    reservePath(scope, url, methodsWithoutGet, [unknown]);
  }
  for (const url of ["/v2", "/v2/*"]) reservePath(scope, url, allMethods, [context.host, unknown]);
}
