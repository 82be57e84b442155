import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { problemResponses } from "../../http/schemas.ts";
import { auditedChange } from "../audit-events/audited-change.ts";
import type { ControlContext } from "../control-context.ts";
import { findDelivery, requeueDelivery } from "./delivery-rows.ts";
import { requireWebhook } from "./read-webhook.ts";
import {
  type DeliveryRow,
  deliveryParams,
  deliveryView,
  webhookActionProblems,
  webhookDeliverySchema,
} from "./webhook-schema.ts";

/** `POST /control/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver`. */
export function redeliverRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/webhooks/:id/deliveries/:deliveryId/redeliver",
    schema: {
      operationId: "redeliverWebhookDelivery",
      tags: ["webhooks"],
      summary: "Send an event to a webhook again",
      description:
        "Puts it in line, also when it was delivered or has failed; under the same webhook-id, so a receiver that has it can tell. A webhook that is disabled has to be tested first.",
      security: [{ token: [] }],
      params: deliveryParams,
      response: {
        202: {
          description: "The delivery, which waits for its turn.",
          content: { "application/json": { schema: webhookDeliverySchema } },
        },
        ...problemResponses([...webhookActionProblems, "DELIVERY_NOT_FOUND", "WEBHOOK_DISABLED"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("webhooks:write"), takesNoBody],
    handler: async (request, reply) => {
      const { id, deliveryId } = request.params;
      const { state } = await requireWebhook(context, id);
      const before = await requireDelivery(context, id, deliveryId);
      if (state === "disabled") throw new ProblemError("WEBHOOK_DISABLED");
      const details = { delivery: deliveryId, before: before.state };
      const event = { action: "webhook.redelivered", target: id, tenant: null, details };
      await auditedChange(context, request, event, (client) =>
        requeueDelivery(client, id, deliveryId, new Date(context.clock.nowMs())),
      );
      const row = await requireDelivery(context, id, deliveryId);
      context.dispatcher.wake();
      return reply.code(202).send(deliveryView(row));
    },
  });
}

/** @throws ProblemError DELIVERY_NOT_FOUND */
async function requireDelivery(
  { control }: ControlContext,
  webhookId: string,
  deliveryId: string,
): Promise<DeliveryRow> {
  const row = await findDelivery(control, webhookId, deliveryId);
  if (row === undefined) throw new ProblemError("DELIVERY_NOT_FOUND");
  return row;
}
