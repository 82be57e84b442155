import { type Platform, reservedRoutes } from "@tenantry/model";
import type { FastifyInstance, onRequestHookHandler } from "fastify";
import { errors } from "../errors.ts";
import { ProblemError } from "../http/problems.ts";
import { allMethods, reservePath } from "../http/unknown-path.ts";
import { serviceAudienceOf } from "./context-signer.ts";
import type { ServiceAudience } from "./service-access.ts";
import { type ForwardingPorts, ServiceForwarder } from "./service-forwarder.ts";
import { ServiceUpstream } from "./service-upstream.ts";

/** One of the definition's own services, and the path under which the gateway sends requests to it. */
export interface ServiceRoute {
  readonly service: string;
  /** `/` or a path without a slash at its end. */
  readonly prefix: string;
  /** Where it listens; null where it does not run. */
  readonly url: string | null;
  /** The `aud` of the contexts that it gets. */
  readonly audience: string;
  readonly access: ServiceAudience;
  /** Whether it gets the credential that the gateway has verified. */
  readonly forwardAuthorization: boolean;
}

/** @throws CodedError RUNTIME_SERVICE_URL, RUNTIME_SERVICE_ROUTE */
export function serviceRoutes(
  platform: Platform,
  upstreams: Readonly<Record<string, { readonly url: string }>>,
): readonly ServiceRoute[] {
  const routes: ServiceRoute[] = [];
  for (const service of Object.values(platform.services)) {
    const { name, route, access, forwardAuthorization } = service;
    if (route === null) continue;
    const prefix = route.replace(/\/?\*?$/, "") || "/";
    if (isReserved(prefix) || !prefix.startsWith("/") || routes.some((other) => other.prefix === prefix)) {
      throw errors.RUNTIME_SERVICE_ROUTE({ service: name, route });
    }
    const upstream = Object.hasOwn(upstreams, name) ? upstreams[name] : undefined;
    routes.push({
      service: name,
      prefix,
      url: upstream === undefined ? null : originOf(name, upstream.url),
      audience: serviceAudienceOf(platform.name, name),
      access,
      forwardAuthorization,
    });
  }
  return routes;
}

/** The methods that a service gets. */
const forwardedMethods = allMethods.filter((method) => method !== "TRACE");

/**
 * Sends what is under the prefix to the service, as it came: the path stays whole, the body
 * streams, and the answer is the service's own.
 */
export async function serviceRoute(
  app: FastifyInstance,
  route: ServiceRoute,
  admit: readonly onRequestHookHandler[],
  ports: ForwardingPorts,
): Promise<void> {
  const urls = route.prefix === "/" ? ["/", "/*"] : [route.prefix, `${route.prefix}/*`];
  if (route.url === null) {
    for (const url of urls) {
      reservePath(app, url, allMethods, [...admit, () => Promise.reject(notRunning(route))]);
    }
    return;
  }
  const upstream = new ServiceUpstream(route.url, ports.limits, ports.clock);
  app.addHook("onClose", () => upstream[Symbol.asyncDispose]());
  const forwarder = new ServiceForwarder(route, upstream, ports);
  // The body is left as it comes; the service reads it.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined));
  for (const url of urls) {
    app.route({
      method: [...forwardedMethods],
      url,
      onRequest: [...admit],
      handler: (request, reply) => forwarder.forward(request, reply),
    });
  }
}

function notRunning(route: ServiceRoute): ProblemError {
  return new ProblemError("SERVICE_UNAVAILABLE", {
    detail: `the service ${route.service} does not run here`,
    headers: { "retry-after": "1" },
  });
}

function isReserved(prefix: string): boolean {
  return reservedRoutes.some((reserved) => prefix === reserved || prefix.startsWith(`${reserved}/`));
}

function originOf(service: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "http:" || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw errors.RUNTIME_SERVICE_URL({ service, url: text });
  }
  return url.origin;
}
