import type { IncomingMessage, ServerResponse } from "node:http";
import { type GuardOptions, guardRequests } from "./guard-requests.ts";
import type { RefusalAnswer } from "./refusals.ts";

/**
 * A listener for `http.createServer` that gets only requests with a verified context, or to an
 * open path.
 */
export function withTenantContext<Request extends IncomingMessage, Response extends ServerResponse>(
  options: GuardOptions,
  listener: (request: Request, response: Response) => void,
): (request: Request, response: Response) => void {
  const guard = guardRequests(options);
  return (request, response) => {
    guard(request).then(
      (refusal) => (refusal === null ? listener(request, response) : send(response, refusal)),
      // No verdict on the context but a failure of ours: the client learns nothing of it.
      () => response.destroy(),
    );
  };
}

/** Middleware for Express and whatever else calls `(request, response, next)`. */
export function tenantContextMiddleware(
  options: GuardOptions,
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => Promise<void> {
  const guard = guardRequests(options);
  return async (request, response, next) => {
    let refusal: RefusalAnswer | null;
    try {
      refusal = await guard(request);
    } catch (error) {
      return next(error);
    }
    if (refusal === null) next();
    else send(response, refusal);
  };
}

/** As much of Fastify as the plugin needs, so that this package does not depend on it. */
interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: Readonly<Record<string, string>>): unknown;
  send(body: string): unknown;
}
interface FastifyLike {
  addHook(
    name: "onRequest",
    hook: (request: { readonly raw: IncomingMessage }, reply: FastifyReplyLike) => Promise<unknown>,
  ): unknown;
}

async function plugin(app: FastifyLike, options: GuardOptions): Promise<void> {
  const guard = guardRequests(options);
  app.addHook("onRequest", async (request, reply) => {
    const refusal = await guard(request.raw);
    if (refusal === null) return undefined;
    reply.code(refusal.status);
    reply.headers(refusal.headers);
    reply.send(refusal.body);
    return reply;
  });
}

/** A Fastify plugin. It guards the scope that registers it, not only one of its own. */
export const tenantContextPlugin = Object.assign(plugin, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "@tenantry/service-context",
});

function send(response: ServerResponse, { status, headers, body }: RefusalAnswer): void {
  response.writeHead(status, { ...headers }).end(body);
}
