import type { z } from "zod";
import type { ApiScope } from "../../http/api-scope.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";
import { listWebhooks, type WebhookRow } from "./webhook-rows.ts";
import { webhookSchema, webhookView } from "./webhook-schema.ts";

/** `GET /control/v1/webhooks`. */
export function listWebhooksRoute(scope: ApiScope, context: ControlContext): void {
  controlListRoute<WebhookRow, z.infer<typeof webhookSchema>>(scope, context, {
    path: "webhooks",
    operationId: "listWebhooks",
    tag: "webhooks",
    summary: "List the webhooks",
    description: "Webhooks in the order in which they were added.",
    permission: "webhooks:read",
    filter: { shape: {}, documents: {} },
    component: "Webhook",
    item: webhookSchema,
    read: (_filter, page) => listWebhooks(context.control, page),
    keyOf: ({ id }) => id,
    views: (rows) => rows.map((row) => webhookView(row, context.clock.nowMs())),
  });
}
