import type { onRequestHookHandler } from "fastify";
import { z } from "zod";
import type { ApiScope } from "./api-scope.ts";
import { openApiDocument } from "./openapi.ts";
import type { ProblemCode } from "./problems.ts";
import { problemResponses } from "./schemas.ts";

/** Serves the OpenAPI document of the routes of this scope. It is public: it says nothing of a tenant. */
export function openApiRoute(
  scope: ApiScope,
  url: string,
  problems: readonly ProblemCode[],
  onRequest: readonly onRequestHookHandler[],
): void {
  let body = "";
  scope.addHook("onReady", (done) => {
    body = JSON.stringify(openApiDocument(scope));
    done();
  });
  scope.route({
    method: "GET",
    url,
    schema: {
      operationId: "getOpenApi",
      tags: ["documentation"],
      summary: "This document",
      response: {
        200: {
          description: "An OpenAPI 3.1 document.",
          content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
        },
        ...problemResponses(problems),
      },
    },
    onRequest: [...onRequest],
    handler: (_request, reply) => {
      reply
        .header("cache-control", "public, max-age=300")
        .header("content-type", "application/json; charset=utf-8")
        .send(body as never);
    },
  });
}
