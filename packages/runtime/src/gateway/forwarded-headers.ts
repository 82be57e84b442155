import type { IncomingHttpHeaders } from "node:http";
import { contextHeader } from "@tenantry/service-context";
import type { FastifyRequest } from "fastify";
import { traceHeaders } from "../telemetry/trace-headers.ts";
import { forwardedClient } from "./forwarded-client.ts";
import { withoutBearer } from "./websocket-handshake.ts";

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

export interface ForwardingOptions {
  /** The signed context of the request. */
  readonly context: string;
  /** Where the service listens: host and port. */
  readonly upstreamHost: string;
  readonly trustedProxies: number;
  /** Whether the service gets the credential that the gateway has verified. */
  readonly forwardAuthorization: boolean;
}

/**
 * The headers of a request as a service gets them. Whatever a client could pretend is taken out
 * first, also in spellings that CGI-like servers read as the same name (`x_tenantry_tenant`).
 *
 * The context is signed; `x-tenantry-tenant` and its like say the same in plain text, for services
 * that nobody but the gateway can reach.
 */
export function forwardedRequestHeaders(
  request: FastifyRequest,
  { context, upstreamHost, trustedProxies, forwardAuthorization }: ForwardingOptions,
): IncomingHttpHeaders {
  const { tenant } = request;
  const forwarded = withoutConnectionFields(request.headers);
  for (const name of Object.keys(forwarded)) if (isSpoof(name)) delete forwarded[name];
  if (request.method === "GET" || request.method === "HEAD") {
    // The body of such a request has no meaning and is not sent on, so nothing may announce it.
    delete forwarded["content-length"];
    delete forwarded["content-type"];
  }
  // A credential that was verified has done its work: the context says what it shows. Others, such
  // as Basic, are the service's own.
  if (request.principal !== null && !forwardAuthorization) delete forwarded.authorization;
  const offered = withoutBearer(forwarded["sec-websocket-protocol"]);
  delete forwarded["sec-websocket-protocol"];
  if (offered !== undefined) forwarded["sec-websocket-protocol"] = offered;
  if (tenant !== null) {
    forwarded["x-tenantry-tenant"] = tenant.id;
    forwarded["x-tenantry-tier"] = tenant.tier;
    forwarded["x-tenantry-isolation"] = tenant.isolation;
  }
  const client = forwardedClient(request.raw, trustedProxies);
  forwarded[contextHeader] = context;
  forwarded["x-request-id"] = request.id;
  forwarded["x-forwarded-for"] = client.address;
  forwarded["x-forwarded-host"] = request.headers.host ?? "";
  forwarded["x-forwarded-proto"] = client.proto;
  forwarded.host = upstreamHost;
  // Where requests are not traced here, the trace of the client goes on in the service.
  const traced = traceHeaders(request);
  // A tracestate belongs to the traceparent beside it.
  if (traced["traceparent"] !== undefined) delete forwarded["tracestate"];
  return { ...forwarded, ...traced };
}

/** The headers of a service's answer as the client gets them. */
export function forwardedResponseHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const forwarded = withoutConnectionFields(headers);
  delete forwarded["x-request-id"];
  return forwarded;
}

/** Without the fields of the connection, and without those that the field Connection names as such. */
function withoutConnectionFields(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const rest = { ...headers };
  const named = headers.connection?.split(",") ?? [];
  for (const name of connectionFields) delete rest[name];
  for (const name of named) delete rest[name.trim().toLowerCase()];
  return rest;
}

function isSpoof(name: string): boolean {
  const spelled = name.replaceAll("_", "-");
  return spelled.startsWith("x-tenantry-") || spelled.startsWith("x-forwarded-") || proxyFields.has(spelled);
}
