import type { IncomingHttpHeaders } from "node:http";
import type { FastifyRequest } from "fastify";
import { tenantOf } from "../http/request-context.ts";

/** Fields that speak of one connection, and not of the request (RFC 9110, section 7.6.1). */
const connectionFields = [
  "connection",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Fields by which proxies speak; from a client they are claims that nobody has checked. */
const proxyFields = new Set([
  "forwarded",
  "via",
  "x-real-ip",
  "x-request-id",
  "x-original-url",
  "x-rewrite-url",
]);

/**
 * The headers of a request as a service gets them. Whatever a client could pretend is taken out
 * first, also in spellings that CGI-like servers read as the same name (`x_tenantry_tenant`).
 */
export function forwardedRequestHeaders(
  request: FastifyRequest,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
  const tenant = tenantOf(request);
  const forwarded: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!isSpoof(name)) forwarded[name] = value;
  }
  for (const name of connectionFields) delete forwarded[name];
  if (request.method === "GET" || request.method === "HEAD") {
    // The body of such a request has no meaning and is not sent on, so nothing may announce it.
    delete forwarded["content-length"];
    delete forwarded["content-type"];
  }
  forwarded["x-tenantry-tenant"] = tenant.id;
  forwarded["x-tenantry-tier"] = tenant.tier;
  forwarded["x-tenantry-isolation"] = tenant.isolation;
  forwarded["x-request-id"] = request.id;
  forwarded["x-forwarded-for"] = request.ip;
  forwarded["x-forwarded-host"] = request.headers.host ?? "";
  forwarded["x-forwarded-proto"] = "http";
  return forwarded;
}

/** The headers of a service's answer as the client gets them. */
export function forwardedResponseHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const forwarded = { ...headers };
  for (const name of connectionFields) delete forwarded[name];
  delete forwarded["x-request-id"];
  return forwarded;
}

function isSpoof(name: string): boolean {
  const spelled = name.replaceAll("_", "-");
  return spelled.startsWith("x-tenantry-") || spelled.startsWith("x-forwarded-") || proxyFields.has(spelled);
}
