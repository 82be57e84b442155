import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { etagOf, matchesWeakly, parseEntityTags } from "../../http/etag.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import { isBuiltInRole } from "../../identity/roles.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { versionHeaders } from "../item-versions.ts";
import { storedRoles } from "./role-queries.ts";
import { builtInRoleView, roleParams, roleSchema, roleView } from "./role-schema.ts";

/** `GET /v1/roles/{name}` and `GET /v2/roles/{name}`. */
export function readRoleRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const headers = versionHeaders("role");
  scope.route({
    method: "GET",
    url: `/${version}/roles/:name`,
    schema: {
      operationId: "getRole",
      tags: ["roles"],
      summary: "Read a role",
      security: [{ token: [] }],
      params: roleParams,
      "x-headers": headers.ifNoneMatch,
      "x-no-content": { 304: "The role still has the version that If-None-Match names." },
      response: {
        200: {
          description: "The role; with an ETag where it is the tenant's own.",
          headers: headers.etag,
          content: { "application/json": { schema: roleSchema } },
        },
        304: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "ROLE_NOT_FOUND",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("roles:read"), takesNoBody],
    handler: async (request, reply) => {
      const known = request.headers["if-none-match"];
      const tags = known === undefined ? null : parseEntityTags("If-None-Match", known);
      const { name } = request.params;
      if (isBuiltInRole(name)) return reply.send(builtInRoleView(name));
      const row = await storedRoles.find(context.store, tenantOf(request), name, {
        signal: requestSignal(reply),
      });
      if (row === undefined) throw new ProblemError("ROLE_NOT_FOUND");
      reply.header("etag", etagOf(row.version));
      if (tags !== null && matchesWeakly(tags, row.version)) return reply.code(304).send();
      return reply.send(roleView(row));
    },
  });
}
