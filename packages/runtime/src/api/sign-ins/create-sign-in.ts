import { type ApiScope, takes } from "../../http/api-scope.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { problemResponses } from "../../http/schemas.ts";
import { canonicalMailAddress } from "../../identity/mail-address.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { publicProblems } from "../public-problems.ts";
import { signIn } from "./sign-in-changes.ts";
import { signInInputSchema, signInTokensSchema } from "./sign-in-schema.ts";
import { signInTokens } from "./sign-in-tokens.ts";

/** `POST /v1/sign-ins` and `POST /v2/sign-ins`: a member signs in with mail address and password. */
export function createSignInRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "POST",
    url: `/${version}/sign-ins`,
    schema: {
      operationId: "createSignIn",
      tags: ["sign-ins"],
      summary: "Sign in",
      description:
        "Needs no token. Whatever keeps somebody out has the same answer. After five failures a mail address has to wait, longer after each further one.",
      body: signInInputSchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The member is signed in.",
          content: { "application/json": { schema: signInTokensSchema } },
        },
        ...problemResponses([...publicProblems, "SIGN_IN_FAILED", "SIGN_IN_BLOCKED"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.publicAccess, takes("application/json")],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const { email, password } = request.body;
      const made = await signIn(
        context,
        tenant,
        {
          email: canonicalMailAddress(email),
          password,
          userAgent: request.headers["user-agent"] ?? "",
          requestId: request.id,
        },
        { signal: requestSignal(reply) },
      );
      return reply.code(201).send(await signInTokens(context, tenant, made));
    },
  });
}
