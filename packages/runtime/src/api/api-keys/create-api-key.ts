import { type ApiScope, takes } from "../../http/api-scope.ts";
import {
  answerOnce,
  idempotencyHeaders,
  idempotencyKeyHeader,
  idempotencyProblems,
} from "../../http/idempotency.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf, tenantPrincipalOf } from "../../http/request-context.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import { newApiKey } from "../../identity/api-key.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { requireOwnPermissions } from "../roles/given-permissions.ts";
import { createApiKey } from "./api-key-queries.ts";
import {
  apiKeyDaysDefault,
  apiKeyDaysMax,
  apiKeyView,
  createdApiKeySchema,
  newApiKeySchema,
} from "./api-key-schema.ts";

/** `POST /v1/api-keys` and `POST /v2/api-keys`. */
export function createApiKeyRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/api-keys`,
    schema: {
      operationId: "createApiKey",
      tags: ["api-keys"],
      summary: "Create an API key",
      description:
        "The answer holds the key, which is not shown again. A key has at most the permissions of whoever creates it, and cannot create keys.",
      security: [{ token: [] }],
      "x-headers": idempotencyKeyHeader,
      body: newApiKeySchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The key.",
          headers: {
            ...idempotencyHeaders,
            Location: { type: "string", description: "The path of the key." },
          },
          content: { "application/json": { schema: createdApiKeySchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          ...idempotencyProblems,
          "MEMBER_REQUIRED",
          "PERMISSIONS_EXCEEDED",
          "TOO_MANY_API_KEYS",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("api-keys:write"), takes("application/json")],
    handler: async (request, reply) => {
      const principal = tenantPrincipalOf(request);
      const tenant = tenantOf(request);
      // A key that made keys would live on in them after it was revoked.
      if (principal.via === "api-key") throw new ProblemError("MEMBER_REQUIRED");
      const { name, permissions } = request.body;
      requireOwnPermissions(principal, permissions);
      const expiresAt = expiryOf(request.body.expiresAt, context.clock.nowMs());
      const key = newApiKey(context.random);
      const change = changeOf(request, { kind: "any" });
      const wanted = { name, permissions, expiresAt, key };
      const answer = await answerOnce(context, request, reply, {
        keep: "key",
        effect: (db, execute) => createApiKey(context, db, execute, tenant, wanted, change),
        answer: (row) => ({
          status: 201,
          headers: { location: `/${version}/api-keys/${row.id}` },
          body: { ...apiKeyView(row, context.clock.nowMs()), key: key.secret },
        }),
      });
      // The prefix may have been asked for, and remembered as unknown.
      context.grants.forget(tenant.id);
      return answer;
    },
  });
}

const dayMs = 86_400_000;

/** @throws ProblemError INVALID_BODY */
function expiryOf(given: string | undefined, nowMs: number): Date {
  if (given === undefined) return new Date(nowMs + apiKeyDaysDefault * dayMs);
  const expiresAt = new Date(given);
  const leftMs = expiresAt.getTime() - nowMs;
  if (leftMs > 0 && leftMs <= apiKeyDaysMax * dayMs) return expiresAt;
  const latest = new Date(nowMs + apiKeyDaysMax * dayMs).toISOString();
  throw new ProblemError("INVALID_BODY", {
    errors: [{ pointer: "/expiresAt", message: `must be in the future and not after ${latest}` }],
  });
}
