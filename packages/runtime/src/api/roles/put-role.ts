import { type ApiScope, takes } from "../../http/api-scope.ts";
import { etagOf } from "../../http/etag.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf, tenantPrincipalOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import { isBuiltInRole } from "../../identity/roles.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { replacing, versionCondition, versionHeaders } from "../item-versions.ts";
import { requireOwnPermissions } from "./given-permissions.ts";
import { putRole } from "./role-queries.ts";
import { roleInputSchema, roleParams, roleSchema, roleView } from "./role-schema.ts";

/** `PUT /v1/roles/{name}` and `PUT /v2/roles/{name}`: creates a role or replaces it. */
export function putRoleRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const headers = versionHeaders("role");
  const answer = (description: string) => ({
    description,
    headers: headers.etag,
    content: { "application/json": { schema: roleSchema } },
  });
  scope.route({
    method: "PUT",
    url: `/${version}/roles/:name`,
    schema: {
      operationId: "putRole",
      tags: ["roles"],
      summary: "Create or replace a role",
      description: replacement[version],
      security: [{ token: [] }],
      params: roleParams,
      "x-headers": headers.ifMatch,
      body: roleInputSchema,
      consumes: ["application/json"],
      response: {
        200: answer("The role was replaced; this is its new version."),
        201: answer("The role was created, at version 1."),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "PERMISSIONS_EXCEEDED",
          "ROLE_NOT_FOUND",
          "ROLE_BUILT_IN",
          "PRECONDITION_FAILED",
          ...(version === "v1" ? [] : (["PRECONDITION_REQUIRED"] as const)),
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("roles:write"), takes("application/json")],
    handler: async (request, reply) => {
      const { name } = request.params;
      const tenant = tenantOf(request);
      const condition = versionCondition(request, replacing(version));
      if (isBuiltInRole(name)) throw new ProblemError("ROLE_BUILT_IN");
      requireOwnPermissions(tenantPrincipalOf(request), request.body.permissions);
      const { kind, role } = await putRole(
        context,
        tenant,
        { ...request.body, name },
        changeOf(request, condition),
        { signal: requestSignal(reply) },
      );
      context.grants.forget(tenant.id);
      return reply
        .code(kind === "created" ? 201 : 200)
        .header("etag", etagOf(role.version))
        .send(roleView(role));
    },
  });
}

const replacement: Readonly<Record<ApiVersion, string>> = {
  v1: "Replaces a role that exists, also without If-Match. Whoever has the role has its new permissions at once.",
  v2: "Replacing a role that exists needs If-Match. Whoever has the role has its new permissions at once.",
};
