import httpProxy from "@fastify/http-proxy";
import type { Platform } from "@tenantry/model";
import type { FastifyInstance, FastifyReply, onRequestHookHandler } from "fastify";
import { errors } from "../errors.ts";
import type { ApiLimits } from "../http/api-limits.ts";
import { ProblemError } from "../http/problems.ts";
import { allMethods, reservePath } from "../http/unknown-path.ts";
import { forwardedRequestHeaders, forwardedResponseHeaders } from "./forwarded-headers.ts";

/** One of the definition's own services, and the path under which the gateway sends requests to it. */
export interface ServiceRoute {
  readonly service: string;
  /** `/` or a path without a slash at its end. */
  readonly prefix: string;
  /** Where it listens; null where it does not run. */
  readonly url: string | null;
}

/** @throws CodedError RUNTIME_SERVICE_URL, RUNTIME_SERVICE_ROUTE */
export function serviceRoutes(
  platform: Platform,
  upstreams: Readonly<Record<string, { readonly url: string }>>,
): readonly ServiceRoute[] {
  const routes: ServiceRoute[] = [];
  for (const service of Object.values(platform.services)) {
    const { route } = service;
    if (route === null) continue;
    const prefix = route.replace(/\/?\*?$/, "") || "/";
    if (isReserved(prefix) || !prefix.startsWith("/") || routes.some((other) => other.prefix === prefix)) {
      throw errors.RUNTIME_SERVICE_ROUTE({ service: service.name, route });
    }
    const upstream = Object.hasOwn(upstreams, service.name) ? upstreams[service.name] : undefined;
    routes.push({
      service: service.name,
      prefix,
      url: upstream === undefined ? null : originOf(service.name, upstream.url),
    });
  }
  return routes;
}

/**
 * Sends what is under the prefix to the service, as it came: the path stays whole, the body
 * streams, and the answer is the service's own. Nothing is retried, because only the service
 * knows what may happen twice.
 */
export async function serviceRoute(
  app: FastifyInstance,
  route: ServiceRoute,
  admit: readonly onRequestHookHandler[],
  limits: ApiLimits,
): Promise<void> {
  if (route.url === null) {
    for (const url of route.prefix === "/" ? ["/", "/*"] : [route.prefix, `${route.prefix}/*`]) {
      reservePath(app, url, allMethods, [...admit, () => Promise.reject(notRunning(route))]);
    }
    return;
  }
  for (const hook of admit) app.addHook("onRequest", hook);
  await app.register(httpProxy, {
    upstream: route.url,
    prefix: route.prefix === "/" ? "" : route.prefix,
    rewritePrefix: route.prefix,
    undici: {
      connections: 128,
      connect: { timeout: limits.serviceConnectTimeoutMs },
      headersTimeout: limits.serviceTimeoutMs,
      bodyTimeout: limits.serviceTimeoutMs,
    },
    destroyAgent: true,
    internalRewriteLocationHeader: false,
    replyOptions: {
      rewriteRequestHeaders: forwardedRequestHeaders,
      rewriteHeaders: forwardedResponseHeaders,
      onError: (reply: FastifyReply, { error }: { readonly error: Error }) => {
        reply.send(problemOfService(route, error));
      },
      retryDelay: () => null,
    },
  } as never);
}

function notRunning(route: ServiceRoute): ProblemError {
  return new ProblemError("SERVICE_UNAVAILABLE", {
    detail: `the service ${route.service} does not run here`,
    headers: { "retry-after": "1" },
  });
}

const connectErrors = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);
const timeoutErrors = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

function problemOfService(route: ServiceRoute, error: Error): ProblemError {
  const code = String((error.cause as { code?: unknown } | undefined)?.code);
  const reason = `${route.service}: ${code}`;
  if (connectErrors.has(code)) {
    return new ProblemError("SERVICE_UNAVAILABLE", { headers: { "retry-after": "1" }, reason });
  }
  return new ProblemError(timeoutErrors.has(code) ? "SERVICE_TIMEOUT" : "SERVICE_FAILED", { reason });
}

function isReserved(prefix: string): boolean {
  return ["/v2", "/health", "/.well-known/jwks.json"].some(
    (reserved) => prefix === reserved || prefix.startsWith(`${reserved}/`),
  );
}

function originOf(service: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "http:" || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw errors.RUNTIME_SERVICE_URL({ service, url: text });
  }
  return url.origin;
}
