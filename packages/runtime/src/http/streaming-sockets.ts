import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Connections on which a body streams in that may take longer than requests otherwise may. Node has
 * one time limit for the bodies of all requests of a server; whoever streams has its own.
 */
const streaming = new WeakSet<Socket>();

/** Lifts the time limit for bodies from this request, until it is answered. */
export function liftRequestTimeout(request: FastifyRequest, reply: FastifyReply): void {
  const { socket } = request.raw;
  streaming.add(socket);
  reply.raw.once("close", () => streaming.delete(socket));
}

export function isStreaming(socket: Socket): boolean {
  return streaming.has(socket);
}
