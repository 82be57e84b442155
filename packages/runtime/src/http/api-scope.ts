import type { FastifyBaseLogger, FastifyInstance, onRequestHookHandler, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiLimits } from "./api-limits.ts";
import { acceptsJson, requireMediaType } from "./json-accept.ts";
import { parseJsonBody } from "./json-body.ts";
import { ProblemError } from "./problems.ts";
import { securityHeaders } from "./security-headers.ts";

/** A Fastify scope whose handlers are typed by the zod schemas of their routes. */
export type ApiScope = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Makes a scope speak JSON under the limits: what a route of ours needs and a proxied one must not have. */
export function speakJson(scope: FastifyInstance, limits: ApiLimits): ApiScope {
  scope.addHook("onRequest", (request, reply, done) => {
    reply.headers(securityHeaders).header("cache-control", "no-store");
    const { answersWith } = request.routeOptions.config;
    const { accept } = request.headers;
    const isPleased = answersWith !== undefined && accept?.toLowerCase().includes(answersWith) === true;
    if (!isPleased && !acceptsJson(accept)) throw new ProblemError("NOT_ACCEPTABLE");
    done();
  });
  scope.addContentTypeParser(
    ["application/json", "application/merge-patch+json"],
    { parseAs: "buffer" },
    (_request, body, done) => {
      // Not an async function, so that a body costs no more turns of the event loop than it must.
      done(null, parseJsonBody(body as Buffer, limits));
    },
  );
  return scope.withTypeProvider<ZodTypeProvider>();
}

/** Refuses, before the body is read, a body of another type than this. */
export function takes(mediaType: "application/json" | "application/merge-patch+json"): onRequestHookHandler {
  return (request, _reply, done) => {
    if (request.headers["if-none-match"] !== undefined) throw new ProblemError("PRECONDITION_UNSUPPORTED");
    requireMediaType(mediaType, request.headers);
    done();
  };
}

/** Refuses a body where none has a meaning. */
export const takesNoBody: onRequestHookHandler = (request, _reply, done) => {
  const { headers } = request;
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0) {
    throw new ProblemError("MALFORMED_REQUEST", { detail: "this request takes no body" });
  }
  if (headers["if-none-match"] !== undefined && request.method !== "GET" && request.method !== "HEAD") {
    throw new ProblemError("PRECONDITION_UNSUPPORTED");
  }
  done();
};
