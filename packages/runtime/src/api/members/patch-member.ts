import { type ApiScope, takes } from "../../http/api-scope.ts";
import { etagOf } from "../../http/etag.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { bodyProblems, databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { changeOf } from "../change.ts";
import { versionCondition, versionHeaders } from "../item-versions.ts";
import { patchMember } from "./member-changes.ts";
import { memberParams, memberPatchSchema, memberSchema, memberView } from "./member-schema.ts";

const mediaTypes = { v1: "application/json", v2: "application/merge-patch+json" } as const;

/** `PATCH /v1/members/{id}` and `PATCH /v2/members/{id}`. */
export function patchMemberRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const headers = versionHeaders("member");
  scope.route({
    method: "PATCH",
    url: `/${version}/members/:id`,
    schema: {
      operationId: "patchMember",
      tags: ["members"],
      summary: "Change a member's name, role or status",
      description:
        "Only an owner makes or changes an owner, the last active owner stays one, and nobody gives more than they have. Suspending ends the member's sign-ins.",
      security: [{ token: [] }],
      params: memberParams,
      "x-headers": headers.ifMatch,
      body: memberPatchSchema,
      consumes: [mediaTypes[version]],
      response: {
        200: {
          description: "The member as it is now; at a new version where something changed.",
          headers: headers.etag,
          content: { "application/json": { schema: memberSchema } },
        },
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...bodyProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "MALFORMED_HEADER",
          "OWNER_REQUIRED",
          "PERMISSIONS_EXCEEDED",
          "MEMBER_NOT_FOUND",
          "LAST_OWNER",
          "PRECONDITION_FAILED",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("members:write"), takes(mediaTypes[version])],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const change = changeOf(request, versionCondition(request));
      const signal = requestSignal(reply);
      const row = await patchMember(context, tenant, request.params.id, request.body, change, { signal });
      context.grants.forget(tenant.id);
      return reply.header("etag", etagOf(row.version)).send(memberView(row));
    },
  });
}
