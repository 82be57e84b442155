import { z } from "zod";
import { type ApiScope, takesNoBody } from "../http/api-scope.ts";
import { tenantOf } from "../http/request-context.ts";
import { apiSchemas, problemResponses, timestamp } from "../http/schemas.ts";
import { type Tenant, tenantStatuses } from "../tenants/tenant.ts";
import type { ApiContext } from "./api-context.ts";
import type { ApiVersion } from "./api-version.ts";
import { tenantProblems, tokenProblems } from "./api-schemas.ts";

export const tenantSchema = z
  .strictObject({
    id: z.string(),
    tier: z.string(),
    isolation: z.enum(["pool", "bridge", "silo"]),
    status: z.enum(tenantStatuses),
    createdAt: timestamp,
  })
  .register(apiSchemas, {
    id: "Tenant",
    description: "A tenant as its own members see it.",
    examples: [
      {
        id: "acme-corp",
        tier: "silo",
        isolation: "silo",
        status: "active",
        createdAt: "2026-01-31T12:00:00.000Z",
      },
    ],
  });

/** The tenant of the host; where it is placed is the operator's business. */
function tenantView(tenant: Tenant): z.infer<typeof tenantSchema> {
  const { id, tier, isolation, status, createdAt } = tenant;
  return { id, tier, isolation, status, createdAt };
}

/** `GET /v1/tenant` and `GET /v2/tenant`. */
export function tenantRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "GET",
    url: `/${version}/tenant`,
    schema: {
      operationId: "getTenant",
      tags: ["tenant"],
      summary: "The tenant of this host",
      security: [{ token: [] }],
      response: {
        200: { description: "The tenant.", content: { "application/json": { schema: tenantSchema } } },
        ...problemResponses([...tenantProblems, ...tokenProblems]),
      },
    },
    onRequest: [...context.access("tenant:read"), takesNoBody],
    handler: (request, reply) => {
      reply.send(tenantView(tenantOf(request)));
    },
  });
}
