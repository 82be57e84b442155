import { z } from "zod";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { problemResponses } from "../../http/schemas.ts";
import { auditedChange } from "../audit-events/audited-change.ts";
import type { ControlContext } from "../control-context.ts";
import { requireWebhook } from "./read-webhook.ts";
import { deleteWebhook } from "./webhook-rows.ts";
import { webhookActionProblems, webhookParams } from "./webhook-schema.ts";

/** `DELETE /control/v1/webhooks/{id}`. */
export function deleteWebhookRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "DELETE",
    url: "/control/v1/webhooks/:id",
    schema: {
      operationId: "deleteWebhook",
      tags: ["webhooks"],
      summary: "Remove a webhook",
      description: "What waits for it is not sent any more.",
      security: [{ token: [] }],
      params: webhookParams,
      "x-no-content": { 204: "The webhook is removed." },
      response: {
        204: z.undefined(),
        ...problemResponses(webhookActionProblems),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("webhooks:write"), takesNoBody],
    handler: async (request, reply) => {
      const { id } = request.params;
      const { url } = await requireWebhook(context, id);
      const event = { action: "webhook.deleted", target: id, tenant: null, details: { url } };
      await auditedChange(context, request, event, async (client) => {
        // Somebody else may have removed it in the meantime.
        if (!(await deleteWebhook(client, id))) throw new ProblemError("WEBHOOK_NOT_FOUND");
      });
      return reply.code(204).send();
    },
  });
}
