import { isCodedError } from "@tenantry/base";
import type { FastifyReply, FastifyRequest } from "fastify";
import { problemBody, ProblemError, problemMediaType } from "./problems.ts";
import { securityHeaders } from "./security-headers.ts";

/** A request body of at most this size may go unread without the connection being closed for it. */
const unreadBodyBytesMax = 8_388_608;

/** What the client is told about an error; null where nobody expected it. */
export function problemOf(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (isCodedError(error)) return problemOfCodedError(error.code, error.retriable);
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case "FST_ERR_BAD_URL":
      return new ProblemError("MALFORMED_TARGET");
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ProblemError("BODY_TOO_LARGE");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new ProblemError("UNSUPPORTED_MEDIA_TYPE");
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new ProblemError("MALFORMED_REQUEST");
  }
  // What the HTTP libraries refuse with a status of the client's has no code of ours.
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500
    ? new ProblemError("MALFORMED_REQUEST", { reason: String(code) })
    : null;
}

function problemOfCodedError(code: string, retriable: boolean): ProblemError | null {
  if (code === "RUNTIME_TENANT_NOT_ACTIVE") {
    return new ProblemError("TENANT_NOT_READY", { headers: { "retry-after": "1" }, reason: code });
  }
  if (code === "RUNTIME_OBJECTS_UNAVAILABLE") {
    return new ProblemError("FILES_UNAVAILABLE", { headers: { "retry-after": "1" }, reason: code });
  }
  if (code === "RUNTIME_STORE_LOST") return new ProblemError("OUTCOME_UNKNOWN", { reason: code });
  return retriable
    ? new ProblemError("DATABASE_UNAVAILABLE", { headers: { "retry-after": "1" }, reason: code })
    : null;
}

/** Sends a problem instead of whatever the route would have sent. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError,
): FastifyReply {
  request.problem = problem;
  // What a handler has set belongs to the response that is not sent.
  for (const name of ["etag", "location", "content-length", "content-encoding"]) reply.removeHeader(name);
  const contentLength = request.headers["content-length"];
  const bodyIsBounded =
    request.headers["transfer-encoding"] === undefined &&
    (contentLength === undefined || Number(contentLength) <= unreadBodyBytesMax);
  // A client that is still sending loses the response when the connection is closed on it.
  if (!bodyIsBounded) reply.header("connection", "close");
  else if (reply.hasHeader("connection")) reply.removeHeader("connection");
  reply.headers(securityHeaders);
  if (problem.headers !== undefined) reply.headers(problem.headers);
  return reply
    .code(problem.statusCode)
    .header("x-request-id", request.id)
    .header("cache-control", "no-store")
    .header("content-type", problemMediaType)
    .send(JSON.stringify(problemBody(problem, request.id)));
}
