import type { ApiContext } from "../api/api-context.ts";
import { tenantApi } from "../api/tenant-api.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import type { HealthPorts } from "../http/health.ts";
import { createListener, type Listener, type ListenerPorts } from "../http/listener.ts";
import { answerNotFound } from "../http/unknown-path.ts";
import { tenantAccess } from "../identity/access.ts";
import type { RequestLimits } from "../limits/request-limits.ts";
import type { SigningKey } from "../identity/signing-key.ts";
import type { TenantAuthenticator } from "../identity/tenant-authenticator.ts";
import type { TenantStore } from "../tenant-store/tenant-store.ts";
import type { TenantRegistry } from "../tenants/tenant-registry.ts";
import { HostReader } from "./host.ts";
import { serviceRoute, type ServiceRoute } from "./service-routes.ts";
import { tenantFromHost } from "./tenant-from-host.ts";

export interface GatewayOptions {
  readonly limits: ApiLimits;
  readonly ports: ListenerPorts;
  readonly hostSuffixes: readonly string[];
  readonly registry: TenantRegistry;
  readonly store: TenantStore;
  readonly authenticator: TenantAuthenticator;
  readonly keys: readonly SigningKey[];
  readonly services: readonly ServiceRoute[];
  readonly health: HealthPorts;
  readonly requestLimits: RequestLimits;
}

/**
 * The one listener that tenants reach. The API's own paths come first; of the services the one
 * with the longest prefix gets the rest. Each of them is a scope of its own, so that no hook or
 * parser of one is met by requests of another.
 */
export async function createGateway(options: GatewayOptions): Promise<Listener> {
  const { limits, ports, authenticator, requestLimits } = options;
  const listener = createListener("gateway", limits, ports);
  const host = tenantFromHost(new HostReader(options.hostSuffixes), options.registry);
  const context: ApiContext = {
    store: options.store,
    clock: ports.clock,
    random: ports.random,
    limits,
    turn: requestLimits.handler,
    turnEnd: requestLimits.handled,
    host,
    access: (permission) => [
      host,
      requestLimits.knownRefusal,
      tenantAccess(authenticator, permission),
      requestLimits.tenant,
    ],
  };
  const { app, routes } = listener;
  app.addHook("onRequest", requestLimits.address);
  await app.register((scope) =>
    tenantApi(scope, { context, keys: options.keys, health: options.health, routes }),
  );
  for (const service of options.services) {
    await app.register((scope) => serviceRoute(scope, service, [host, requestLimits.service()], limits));
  }
  answerNotFound(app, routes, [host]);
  return listener;
}
