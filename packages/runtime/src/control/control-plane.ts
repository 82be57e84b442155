import type { onRequestHookHandler } from "fastify";
import { speakJson } from "../http/api-scope.ts";
import { type HealthPorts, healthRoutes } from "../http/health.ts";
import { createListener, type Listener, type ListenerPorts } from "../http/listener.ts";
import { describeRoutes } from "../http/openapi.ts";
import { openApiRoute } from "../http/openapi-route.ts";
import { commonProblems } from "../http/schemas.ts";
import { allMethods, answerNotFound, answerUnknownPath, reservePath } from "../http/unknown-path.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { metricsRoute } from "../telemetry/metrics-route.ts";
import { addTenantRoute } from "./add-tenant.ts";
import type { ControlContext } from "./control-context.ts";
import { listTenantsRoute } from "./list-tenants.ts";
import { operationRoutes } from "./operations/operation-routes.ts";
import { platformRoutes } from "./platform-routes.ts";
import { readTenantRoute } from "./read-tenant.ts";

/** The listener of those who run the platform. It is not for the network that tenants come from. */
export async function createControlPlane(
  context: ControlContext,
  health: HealthPorts,
  ports: ListenerPorts,
  address: onRequestHookHandler,
  metrics: { readonly source: Metrics; readonly token: string | undefined } | null = null,
): Promise<Listener> {
  const listener = createListener("control", context.limits, ports);
  const { app, routes } = listener;
  app.addHook("onRequest", address);
  await app.register(async (scope) => {
    await describeRoutes(scope, {
      title: "Control plane",
      version: "1",
      description:
        "Tenants and their life, for operators and auditors. Tokens for tenants are not valid here.",
      server: "/",
    });
    const api = speakJson(scope, context.limits);
    healthRoutes(api, health);
    openApiRoute(api, "/control/v1/openapi.json", commonProblems, []);
    listTenantsRoute(api, context);
    readTenantRoute(api, context);
    addTenantRoute(api, context);
    operationRoutes(api, context);
    platformRoutes(api, context);
    reservePath(api, "/*", allMethods, [answerUnknownPath(routes)]);
  });
  if (metrics !== null) metricsRoute(app, metrics.source, metrics.token);
  answerNotFound(app, routes, []);
  return listener;
}
