import type { Clock } from "@tenantry/base";
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";
import { ProblemError } from "./problems.ts";
import "./request-context.ts";

/** A request that may be handled until then. */
interface Deadline {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly untilMs: number;
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
  readonly #lines = new Map<number, DeadlineLine>();
  readonly #ending = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives each request of a route so much time from its beginning. */
  hook(timeoutMs: number): onRequestHookHandler {
    let line = this.#lines.get(timeoutMs);
    if (line === undefined) {
      line = new DeadlineLine(timeoutMs, this.#clock, this.#ending.signal);
      this.#lines.set(timeoutMs, line);
    }
    const { begin } = line;
    return (request, reply, done) => {
      begin(request, reply);
      done();
    };
  }

  /** Nobody's time is up any more. */
  [Symbol.dispose](): void {
    this.#ending.abort();
  }
}

/** Requests that may take equally long. */
class DeadlineLine {
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #ending: AbortSignal;
  /** In the order in which their time is up. */
  readonly #deadlines = new Set<Deadline>();
  #state: "idle" | "watching" = "idle";

  constructor(timeoutMs: number, clock: Clock, ending: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#ending = ending;
  }

  readonly begin = (request: FastifyRequest, reply: FastifyReply): void => {
    const deadline = { request, reply, untilMs: request.startedMs + this.#timeoutMs };
    this.#deadlines.add(deadline);
    // Comes when the answer is out, and also when the client has gone before.
    reply.raw.once("close", () => this.#deadlines.delete(deadline));
    if (this.#state === "idle") void this.#watch();
  };

  /** Ends when there is nobody left to watch; until then it sleeps as long as the oldest has time. */
  async #watch(): Promise<void> {
    this.#state = "watching";
    for (;;) {
      const [first] = this.#deadlines;
      if (first === undefined || this.#ending.aborted) break;
      const leftMs = first.untilMs - this.#clock.monotonicMs();
      if (leftMs > 0) await this.#clock.sleep(leftMs, this.#ending).catch(() => undefined);
      else {
        this.#deadlines.delete(first);
        expire(first);
      }
    }
    this.#state = "idle";
  }
}

function expire({ request, reply }: Deadline): void {
  if (reply.sent) return;
  // An answer that is on its way can only end here.
  if (reply.raw.headersSent) reply.raw.destroy();
  else reply.send(new ProblemError("HANDLING_TIMEOUT", { headers: { "retry-after": "1" } }));
  request.giveUp?.abort();
}
