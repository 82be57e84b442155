import { z } from "zod";
import { type ApiScope, takesNoBody } from "../http/api-scope.ts";
import { ProblemError } from "../http/problems.ts";
import { problemResponses } from "../http/schemas.ts";
import { type ControlContext, controlProblems } from "./control-context.ts";
import { controlTenantSchema, controlTenantView, tenantIdSchema } from "./control-tenant-schema.ts";

/** `GET /control/v1/tenants/{id}`. */
export function readTenantRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "GET",
    url: "/control/v1/tenants/:id",
    schema: {
      operationId: "getTenant",
      tags: ["tenants"],
      summary: "Read a tenant",
      security: [{ token: [] }],
      params: z.strictObject({ id: tenantIdSchema }),
      response: {
        200: { description: "The tenant.", content: { "application/json": { schema: controlTenantSchema } } },
        ...problemResponses([...controlProblems, "INVALID_PARAMETER", "TENANT_NOT_FOUND"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("tenants:read"), takesNoBody],
    handler: async (request, reply) => {
      const tenant = await context.registry.find(request.params.id);
      if (tenant === undefined) throw new ProblemError("TENANT_NOT_FOUND");
      return reply.send(controlTenantView(tenant));
    },
  });
}
