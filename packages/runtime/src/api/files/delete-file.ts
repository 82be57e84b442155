import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import type { Execute, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { eventOf, keepAuditEvent } from "../audit-events/audit-event.ts";
import { deleteFileRow } from "./file-queries.ts";
import { fileParams, fileView, objectsOf } from "./file-schema.ts";

/** `DELETE files/{id}`: the file is gone with its row; should the content stay, the sweep finds it. */
export function deleteFileRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "DELETE",
    url: `/${version}/files/:id`,
    schema: {
      operationId: "deleteFile",
      tags: ["files"],
      summary: "Delete a file",
      security: [{ token: [] }],
      params: fileParams,
      "x-no-content": { 204: "The file is gone." },
      response: {
        204: z.undefined(),
        ...problemResponses([
          ...tenantProblems,
          ...tokenProblems,
          ...databaseProblems,
          "INVALID_PARAMETER",
          "PRECONDITION_UNSUPPORTED",
          "FILE_NOT_FOUND",
          "FILES_UNAVAILABLE",
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("files:write"), takesNoBody],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const objects = objectsOf(context);
      const { id } = request.params;
      const removal = async (db: WriteQueries, execute: Execute) => {
        const [row] = await execute(deleteFileRow(db, tenant, id));
        if (row === undefined) throw new ProblemError("FILE_NOT_FOUND");
        const { name, sizeBytes, sha256 } = fileView(row);
        const event = eventOf(request, {
          action: "file.deleted",
          target: id,
          details: { name, sizeBytes, sha256 },
        });
        await execute(keepAuditEvent(db, tenant, event, context));
      };
      await context.store.transact(tenant, removal, { signal: requestSignal(reply) });
      await objects.delete(tenant.id, id).catch(() => undefined);
      context.objectSweep.touch(tenant);
      return reply.code(204).send();
    },
  });
}
