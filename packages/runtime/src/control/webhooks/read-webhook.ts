import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { problemResponses } from "../../http/schemas.ts";
import { type ControlContext, controlProblems } from "../control-context.ts";
import { findWebhook, type WebhookRow } from "./webhook-rows.ts";
import { webhookParams, webhookSchema, webhookView } from "./webhook-schema.ts";

/** `GET /control/v1/webhooks/{id}`. */
export function readWebhookRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "GET",
    url: "/control/v1/webhooks/:id",
    schema: {
      operationId: "getWebhook",
      tags: ["webhooks"],
      summary: "Read a webhook",
      security: [{ token: [] }],
      params: webhookParams,
      response: {
        200: { description: "The webhook.", content: { "application/json": { schema: webhookSchema } } },
        ...problemResponses([...controlProblems, "INVALID_PARAMETER", "WEBHOOK_NOT_FOUND"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("webhooks:read"), takesNoBody],
    handler: async (request, reply) => {
      const row = await requireWebhook(context, request.params.id);
      return reply.send(webhookView(row, context.clock.nowMs()));
    },
  });
}

/** @throws ProblemError WEBHOOK_NOT_FOUND */
export async function requireWebhook({ control }: ControlContext, id: string): Promise<WebhookRow> {
  const row = await findWebhook(control, id);
  if (row === undefined) throw new ProblemError("WEBHOOK_NOT_FOUND");
  return row;
}
