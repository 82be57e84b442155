import { type ApiScope, takes } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { publicProblems } from "../public-problems.ts";
import { refreshSignIn } from "./sign-in-changes.ts";
import { refreshInputSchema, signInTokensSchema } from "./sign-in-schema.ts";
import { signInTokens } from "./sign-in-tokens.ts";

/** `POST /v1/sign-ins/refresh` and `POST /v2/sign-ins/refresh`. */
export function refreshSignInRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/sign-ins/refresh`,
    schema: {
      operationId: "refreshSignIn",
      tags: ["sign-ins"],
      summary: "Get the next access token",
      description:
        "Needs no token but the refresh token, which is spent by it. Who uses one that was spent before ends the sign-in, because it is in two hands.",
      body: refreshInputSchema,
      consumes: ["application/json"],
      response: {
        200: {
          description: "The next pair of tokens.",
          content: { "application/json": { schema: signInTokensSchema } },
        },
        ...problemResponses([...publicProblems, "TOKEN_INVALID"]),
      },
    },
    config: { takesTurn: true },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.publicAccess, takes("application/json")],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const { refreshToken } = request.body;
      const made = await refreshSignIn(
        context,
        tenant,
        { refreshToken, requestId: request.id },
        { signal: requestSignal(reply) },
      );
      return reply.send(await signInTokens(context, tenant, made));
    },
  });
}
