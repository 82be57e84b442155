import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import { ProblemError } from "../http/problems.ts";

/**
 * How a WebSocket carries a token. A browser cannot set Authorization on one, so the token may come
 * as the subprotocol `bearer.<token>`, beside the subprotocols that the client means. It is never
 * passed on and never chosen. (A browser that offers subprotocols wants one of them chosen, so it
 * has to offer another one that the service knows.)
 */
const bearerProtocol = "bearer.";

/** Whether this begins a WebSocket (RFC 6455, section 4.1). Other upgrades are not offered, and so are ignored. */
export function isWebSocketHandshake({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * The Authorization field, or what would stand there if a browser could write it.
 *
 * @throws ProblemError DUPLICATE_HEADER when there are two tokens
 */
export function authorizationOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (!isWebSocketHandshake(request.raw)) return authorization;
  const [token, another] = protocolsIn(request.headers["sec-websocket-protocol"]).filter(isBearer);
  if (token === undefined) return authorization;
  if (another !== undefined || authorization !== undefined) {
    throw new ProblemError("DUPLICATE_HEADER", { detail: "the request has more than one token" });
  }
  return `Bearer ${token.slice(bearerProtocol.length)}`;
}

/** The subprotocols without the token. */
export function withoutBearer(field: string | undefined): string | undefined {
  const rest = protocolsIn(field).filter((protocol) => !isBearer(protocol));
  return rest.length === 0 ? undefined : rest.join(", ");
}

/**
 * A page of another site can open a WebSocket, with the cookies of this one. Only a token shows that
 * the page was meant to.
 *
 * @throws ProblemError ORIGIN_REFUSED
 */
export function requireOwnOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined || request.principal !== null) return;
  const authority = /^https?:\/\/([^/?#]+)$/i.exec(origin)?.[1];
  if (authority === undefined || authority.toLowerCase() !== host?.toLowerCase()) {
    throw new ProblemError("ORIGIN_REFUSED");
  }
}

function protocolsIn(field: string | undefined): readonly string[] {
  return (field ?? "")
    .split(",")
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== "");
}

function isBearer(protocol: string): boolean {
  return protocol.toLowerCase().startsWith(bearerProtocol);
}
