import { z } from "zod";
import type { ApiScope } from "../../http/api-scope.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";
import { listDeliveries } from "./delivery-rows.ts";
import { requireWebhook } from "./read-webhook.ts";
import { type DeliveryRow, deliveryView, webhookDeliverySchema, webhookParams } from "./webhook-schema.ts";

const states = ["pending", "delivered", "failed"] as const;

/** `GET /control/v1/webhooks/{id}/deliveries`. */
export function listDeliveriesRoute(scope: ApiScope, context: ControlContext): void {
  controlListRoute<DeliveryRow, z.infer<typeof webhookDeliverySchema>>(scope, context, {
    path: "webhooks/:id/deliveries",
    operationId: "listWebhookDeliveries",
    tag: "webhooks",
    summary: "List the deliveries of a webhook",
    description: "The newest events first. Deliveries that have ended are kept for 30 days.",
    permission: "webhooks:read",
    params: webhookParams,
    filter: {
      shape: { state: z.enum(states).optional() },
      documents: {
        state: { type: "string", enum: [...states], description: "Only deliveries in this state." },
      },
    },
    component: "WebhookDelivery",
    item: webhookDeliverySchema,
    problems: ["WEBHOOK_NOT_FOUND"],
    read: async ({ id, state }: { readonly id: string; readonly state?: DeliveryRow["state"] }, page) => {
      await requireWebhook(context, id);
      return listDeliveries(context.control, id, state, page);
    },
    keyOf: ({ position }) => position,
    views: (rows) => rows.map(deliveryView),
  });
}
