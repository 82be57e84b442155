import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { etagOf, matchesWeakly, parseEntityTags } from "../../http/etag.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { versionHeaders } from "../item-versions.ts";
import { storedMembers } from "./member-queries.ts";
import { memberParams, memberSchema, memberView } from "./member-schema.ts";

/** `GET /v1/members/{id}` and `GET /v2/members/{id}`. */
export function readMemberRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const headers = versionHeaders("member");
  scope.route({
    method: "GET",
    url: `/${version}/members/:id`,
    schema: {
      operationId: "getMember",
      tags: ["members"],
      summary: "Read a member",
      security: [{ token: [] }],
      params: memberParams,
      "x-headers": headers.ifNoneMatch,
      "x-no-content": { 304: "The member still has the version that If-None-Match names." },
      response: {
        200: {
          description: "The member.",
          headers: headers.etag,
          content: { "application/json": { schema: memberSchema } },
        },
        304: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "MEMBER_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("members:read"), takesNoBody],
    handler: async (request, reply) => {
      const known = request.headers["if-none-match"];
      const tags = known === undefined ? null : parseEntityTags("If-None-Match", known);
      const signal = requestSignal(reply);
      const row = await storedMembers.find(context.store, tenantOf(request), request.params.id, { signal });
      if (row === undefined) throw new ProblemError("MEMBER_NOT_FOUND");
      reply.header("etag", etagOf(row.version));
      if (tags !== null && matchesWeakly(tags, row.version)) return reply.code(304).send();
      return reply.send(memberView(row));
    },
  });
}
