import { assert } from "@tenantry/base";
import { isTenantId, type TenantId } from "@tenantry/model";
import { z } from "zod";
import { type ApiScope, takesNoBody } from "../http/api-scope.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import { pageCursor, pageLimit, pageLimitDocument, problemResponses } from "../http/schemas.ts";
import { type ControlContext, controlProblems } from "./control-context.ts";
import { controlTenantPageSchema, controlTenantView } from "./control-tenant-schema.ts";

/** `GET /control/v1/tenants`: a page of tenants. */
export function listTenantsRoute(scope: ApiScope, context: ControlContext): void {
  const { pageItemsDefault, pageItemsMax } = context.limits;
  scope.route({
    method: "GET",
    url: "/control/v1/tenants",
    schema: {
      operationId: "listTenants",
      tags: ["tenants"],
      summary: "List the tenants",
      security: [{ token: [] }],
      querystring: z.strictObject({ limit: pageLimit(pageItemsDefault, pageItemsMax), cursor: pageCursor }),
      "x-parameters": {
        limit: pageLimitDocument(pageItemsDefault, pageItemsMax),
        cursor: { description: "Where the page begins: nextCursor of the page before." },
      },
      response: {
        200: {
          description: "A page; nextCursor is null on the last one.",
          content: { "application/json": { schema: controlTenantPageSchema } },
        },
        ...problemResponses([...controlProblems, "INVALID_PARAMETER", "INVALID_CURSOR"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("tenants:read"), takesNoBody],
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? null : tenantOfCursor(cursor);
      const [page, total] = await Promise.all([
        context.registry.list(after === null ? { limit } : { limit, after }),
        context.registry.count(),
      ]);
      const last = page.more ? page.tenants.at(-1) : undefined;
      return reply.send({
        items: page.tenants.map(controlTenantView),
        nextCursor: last === undefined ? null : encodeCursor(list, last.id),
        total,
      });
    },
  });
}

const list = "tenants";

function tenantOfCursor(cursor: string): TenantId {
  const id = decodeCursor(list, cursor);
  assert(isTenantId(id), "a cursor with a correct check sum holds no tenant id");
  return id;
}
