import { assert } from "@tenantry/base";
import type { FastifyInstance, onRequestHookHandler } from "fastify";
import type { ListenerPorts } from "../http/listener.ts";
import { ContextSigner } from "./context-signer.ts";
import type { GatewayOptions } from "./gateway.ts";
import { OpenStreams } from "./open-streams.ts";
import { serviceAccess, withCredential } from "./service-access.ts";
import type { ForwardingPorts } from "./service-forwarder.ts";
import { serviceRoute } from "./service-routes.ts";
import { routeUpgrades } from "./upgrades.ts";

export interface OwnServicesOptions extends Pick<
  GatewayOptions,
  | "limits"
  | "services"
  | "registry"
  | "authenticator"
  | "requestLimits"
  | "keys"
  | "issuer"
  | "trustedProxies"
> {
  readonly ports: Pick<ListenerPorts, "clock" | "random">;
  /** Reads the tenant from the host, or that the host is the platform's own. */
  readonly host: onRequestHookHandler;
}

/**
 * The definition's own services behind the gateway. A request to one meets, in this order: its
 * host, what would refuse its tenant anyway, its credential where it has one, the rate, and its turn.
 */
export async function ownServices(app: FastifyInstance, options: OwnServicesOptions): Promise<void> {
  const { limits, services, registry, authenticator, requestLimits, keys, issuer, host } = options;
  const { clock, random } = options.ports;
  assert(issuer !== undefined, "the contexts of services need an issuer");
  const streams = new OpenStreams({
    streamsMax: limits.serviceStreamsMax,
    recheckMs: limits.streamRecheckMs,
    clock,
  });
  // Before connections are waited for: these would not end by themselves.
  app.addHook("preClose", () => streams[Symbol.asyncDispose]());
  const forwarding: ForwardingPorts = {
    limits,
    clock,
    random,
    contexts: new ContextSigner({ issuer, keys, clock }),
    streams,
    registry,
    authenticator,
    trustedProxies: options.trustedProxies ?? 0,
  };
  for (const service of services) {
    const admit = [
      host,
      withCredential(requestLimits.knownRefusal),
      serviceAccess(authenticator, service.access),
      requestLimits.service(),
    ];
    await app.register((scope) => serviceRoute(scope, service, admit, forwarding));
  }
  if (services.some(({ url }) => url !== null)) routeUpgrades(app, limits.connectionTimeoutMs);
}
