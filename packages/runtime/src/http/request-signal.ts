import type { FastifyReply } from "fastify";
import "./request-context.ts";

/** Aborts when the client goes away, or is given up on, before it has its whole answer. */
export function requestSignal(reply: FastifyReply): AbortSignal {
  const { request } = reply;
  if (request.giveUp !== null) return request.giveUp.signal;
  const controller = new AbortController();
  request.giveUp = controller;
  // Also fires after the answer, when nothing is left to abort and making the reason would cost
  // more than the limits do. The request's own "close" is of no use here: it fires as soon as the
  // body has been read.
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  if (reply.raw.destroyed) controller.abort();
  return controller.signal;
}
