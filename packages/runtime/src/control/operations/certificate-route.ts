import type { TenantId } from "@tenantry/model";
import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { apiSchemas, problemResponses } from "../../http/schemas.ts";
import { type ControlContext, controlProblems } from "../control-context.ts";
import { tenantIdSchema } from "../control-tenant-schema.ts";
import { operationsOf } from "./request-operation.ts";

const certificateSchema = z
  .strictObject({ document: z.record(z.string(), z.unknown()), jws: z.string() })
  .register(apiSchemas, {
    id: "Certificate",
    description:
      "That a tenant is gone: what was deleted and when, and that nothing is left. The JWS is signed by the platform and says the same as the document.",
  });

/** `GET /control/v1/certificates/{tenant}`. */
export function certificateRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "GET",
    url: "/control/v1/certificates/:tenant",
    schema: {
      operationId: "getCertificate",
      tags: ["operations"],
      summary: "Read the certificate of a removal",
      description: "Of the last tenant of this id that is gone.",
      security: [{ token: [] }],
      params: z.strictObject({ tenant: tenantIdSchema }),
      response: {
        200: {
          description: "The certificate.",
          content: { "application/json": { schema: certificateSchema } },
        },
        ...problemResponses([...controlProblems, "NOT_READY", "INVALID_PARAMETER", "CERTIFICATE_NOT_FOUND"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("operations:read"), takesNoBody],
    handler: async (request, reply) => {
      const found = await operationsOf(context).certificate(request.params.tenant as TenantId);
      if (found === null) throw new ProblemError("CERTIFICATE_NOT_FOUND");
      return reply.send(found as never);
    },
  });
}
