import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { isWebSocketHandshake } from "./websocket-handshake.ts";
import type { TunnelEnd } from "./websocket-tunnel.ts";

const handshakes = new WeakMap<IncomingMessage, TunnelEnd>();

/** The client's end of a handshake; undefined where the request is none. */
export function handshakeOf(request: IncomingMessage): TunnelEnd | undefined {
  return handshakes.get(request);
}

/**
 * Has handshakes of WebSockets routed like every other request, so that they meet the same hooks.
 * Offers of other protocols (some clients send `Upgrade: h2c` with everything) are ignored, as HTTP
 * permits.
 *
 * @param timeoutMs how long the socket may be silent until the handshake is answered
 */
export function routeUpgrades(app: FastifyInstance, timeoutMs: number): void {
  const server = app.server as Server & {
    shouldUpgradeCallback: (request: IncomingMessage) => boolean;
  };
  server.shouldUpgradeCallback = isWebSocketHandshake;
  server.on("upgrade", (request: IncomingMessage, stream, head: Buffer) => {
    const socket = stream as Socket;
    socket.on("error", () => socket.destroy());
    // A client that does not wait for the answer to its last request would get the two mixed up.
    if (isAnswering(socket)) {
      socket.destroy();
      return;
    }
    socket.setTimeout(timeoutMs, () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => {
      if (response.statusCode !== 101) socket.destroySoon();
    });
    handshakes.set(request, { socket, head });
    app.routing(request, response);
  });
}

function isAnswering(socket: Socket): boolean {
  return ((socket as { _httpMessage?: unknown })._httpMessage ?? null) !== null;
}
