import { assert } from "@tenantry/base";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { problemResponses } from "../../http/schemas.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import { auditedChange } from "../audit-events/audited-change.ts";
import type { ControlContext } from "../control-context.ts";
import { findDelivery, insertTestDelivery } from "./delivery-rows.ts";
import { requireWebhook } from "./read-webhook.ts";
import {
  deliveryView,
  webhookActionProblems,
  webhookDeliverySchema,
  webhookParams,
} from "./webhook-schema.ts";

/** `POST /control/v1/webhooks/{id}/test`. */
export function testWebhookRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/webhooks/:id/test",
    schema: {
      operationId: "testWebhook",
      tags: ["webhooks"],
      summary: "Try a webhook out",
      description:
        "Sends an event of the type webhookTest now, once, and answers with how that went. When it is acknowledged, a webhook that was failing or disabled is active again.",
      security: [{ token: [] }],
      params: webhookParams,
      response: {
        200: {
          description: "The delivery: its state says whether the receiver acknowledged it.",
          content: { "application/json": { schema: webhookDeliverySchema } },
        },
        ...problemResponses(webhookActionProblems),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("webhooks:write"), takesNoBody],
    handler: async (request, reply) => {
      const { clock, control, dispatcher, random, webhooks } = context;
      const { id } = await requireWebhook(context, request.params.id);
      const eventId = uuidV7(clock.nowMs(), random);
      const now = new Date(clock.nowMs());
      const dueAt = new Date(now.getTime() + webhooks.leaseMs);
      const { sources } = webhooks;
      const event = { action: "webhook.tested", target: id, tenant: null, details: { delivery: eventId } };
      await auditedChange(context, request, event, (client) =>
        insertTestDelivery(client, id, { id: eventId, now, dueAt, sources }),
      );
      await dispatcher.deliverNow(id, eventId);
      const row = await findDelivery(control, id, eventId);
      assert(row !== undefined, "the delivery of a test is not there");
      return reply.send(deliveryView(row));
    },
  });
}
