import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from "fastify";
import { ProblemError } from "./problems.ts";
import type { RouteTable } from "./route-table.ts";
import { securityHeaders } from "./security-headers.ts";

/**
 * Answers, in the hook before the body is read, whatever no route answers: OPTIONS and other
 * methods of a path that exists, and paths that do not.
 */
export function answerUnknownPath(routes: RouteTable): onRequestHookHandler {
  return async (request, reply) => {
    const allow = routes.allow(pathOf(request.url));
    // A method that is allowed would have met its route, if the router read the path as we do.
    if (allow === null || (allow.split(", ").includes(request.method) && request.method !== "OPTIONS")) {
      throw new ProblemError("ROUTE_NOT_FOUND");
    }
    if (request.method !== "OPTIONS") throw new ProblemError("METHOD_NOT_ALLOWED", { headers: { allow } });
    return reply.headers(securityHeaders).code(204).header("allow", allow).send();
  };
}

/** Keeps a path, or everything under it, for these hooks, so that no service answers there. */
export function reservePath(
  scope: FastifyInstance,
  url: string,
  methods: readonly string[],
  onRequest: readonly onRequestHookHandler[],
): void {
  scope.route({
    method: [...methods],
    url,
    config: { hidden: true },
    schema: { hide: true },
    onRequest: [...onRequest],
    handler: neverReached,
  });
}

/** Every method that Fastify routes. */
export const allMethods = [
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE",
] as const;
export const methodsWithoutGet = allMethods.filter((method) => method !== "GET" && method !== "HEAD");

/** What is under no route at all, and methods that no route can have. */
export function answerNotFound(
  app: FastifyInstance,
  routes: RouteTable,
  before: readonly onRequestHookHandler[],
): void {
  app.setNotFoundHandler(
    {
      preHandler: [
        ...(before as never[]),
        async (request: FastifyRequest) => {
          const path = pathOf(request.url);
          const allow = routes.allow(path) ?? routes.allowByPrefix(path);
          throw allow === null
            ? new ProblemError("ROUTE_NOT_FOUND")
            : new ProblemError("METHOD_NOT_ALLOWED", { headers: { allow } });
        },
      ],
    },
    neverReached,
  );
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** The hooks of such a route end every request. */
function neverReached(): never {
  throw new ProblemError("ROUTE_NOT_FOUND");
}
