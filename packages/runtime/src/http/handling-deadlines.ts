import { type Clock, DeadlineLine } from "@tenantry/base";
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";
import { ProblemError } from "./problems.ts";
import "./request-context.ts";

interface Handled {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Answers requests that are handled for too long with HANDLING_TIMEOUT, and ends what is done for them.
 *
 * Fastify's own handlerTimeout makes a timer and what aborts it for each request, which is a good part of
 * what a small one costs, and forgets about a request as soon as its body has been read. Requests that may
 * take equally long are in the order of their time, so that one timer is enough for all of them.
 */
export class HandlingDeadlines implements Disposable {
  readonly #clock: Clock;
  readonly #lines = new Map<number, DeadlineLine<Handled>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives each request of a route so much time from its beginning. */
  hook(timeoutMs: number): onRequestHookHandler {
    const line =
      this.#lines.get(timeoutMs) ??
      new DeadlineLine<Handled>({ timeoutMs, clock: this.#clock, onExpired: expire });
    this.#lines.set(timeoutMs, line);
    return (request, reply, done) => {
      const place = line.add({ request, reply }, request.startedMs);
      // Comes when the answer is out, and also when the client has gone before.
      reply.raw.once("close", () => line.remove(place));
      done();
    };
  }

  /** Nobody's time is up any more. */
  [Symbol.dispose](): void {
    for (const line of this.#lines.values()) line[Symbol.dispose]();
  }
}

function expire({ request, reply }: Handled): void {
  if (reply.sent) return;
  // An answer that is on its way can only end here.
  if (reply.raw.headersSent) reply.raw.destroy();
  else reply.send(new ProblemError("HANDLING_TIMEOUT", { headers: { "retry-after": "1" } }));
  request.giveUp?.abort();
}
