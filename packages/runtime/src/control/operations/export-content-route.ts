import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { attachment } from "../../http/content-disposition.ts";
import { ProblemError } from "../../http/problems.ts";
import { controlPrincipalOf } from "../../http/request-context.ts";
import { problemResponses } from "../../http/schemas.ts";
import { keepControlAuditEvent } from "../audit-events/keep-control-audit-event.ts";
import { type ControlContext, controlProblems } from "../control-context.ts";
import { operationParams } from "./operation-schema.ts";
import { operationsOf } from "./request-operation.ts";

/** `GET /control/v1/exports/{id}/content`: the archive that an operation has made. Who reads it stands in the audit trail. */
export function exportContentRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "GET",
    url: "/control/v1/exports/:id/content",
    schema: {
      operationId: "getExportContent",
      tags: ["operations"],
      summary: "Download an export",
      description: "A .tar.gz with a manifest, one file of NDJSON for each table, and the tenant's files.",
      security: [{ token: [] }],
      params: operationParams,
      "x-binary": {
        200: {
          description: "The archive.",
          headers: {
            "Content-Disposition": { type: "string", description: "The name to save it under." },
          },
        },
      },
      response: problemResponses([...controlProblems, "NOT_READY", "INVALID_PARAMETER", "EXPORT_NOT_FOUND"]),
    },
    onRequest: [...context.access("exports:read"), takesNoBody],
    handler: async (request, reply) => {
      const { id } = request.params;
      const found = await operationsOf(context).readExport(id);
      if (found === null) throw new ProblemError("EXPORT_NOT_FOUND");
      const { operation, content } = found;
      const { subject: actor } = controlPrincipalOf(request);
      const event = {
        actorKind: "operator",
        actor,
        action: "export.read",
        target: id,
        tenant: operation.tenant,
        requestId: request.id,
      } as const;
      await context.control.transact((client) => keepControlAuditEvent(client, event, context));
      const day = operation.createdAt.slice(0, 10);
      return reply
        .code(200 as never)
        .header("content-type", "application/gzip")
        .header("content-disposition", attachment(`${operation.tenant}-${day}.tar.gz`))
        .header("cache-control", "no-store")
        .send(content as never);
    },
  });
}
