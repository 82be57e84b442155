import type { ApiScope } from "../../http/api-scope.ts";
import type { ControlContext } from "../control-context.ts";
import { createWebhookRoute } from "./create-webhook.ts";
import { deleteWebhookRoute } from "./delete-webhook.ts";
import { listDeliveriesRoute } from "./list-deliveries.ts";
import { listWebhooksRoute } from "./list-webhooks.ts";
import { readWebhookRoute } from "./read-webhook.ts";
import { redeliverRoute } from "./redeliver.ts";
import { rotateWebhookSecretRoute } from "./rotate-webhook-secret.ts";
import { testWebhookRoute } from "./test-webhook.ts";

/** `/control/v1/webhooks`. */
export function webhookRoutes(scope: ApiScope, context: ControlContext): void {
  listWebhooksRoute(scope, context);
  createWebhookRoute(scope, context);
  readWebhookRoute(scope, context);
  deleteWebhookRoute(scope, context);
  testWebhookRoute(scope, context);
  rotateWebhookSecretRoute(scope, context);
  listDeliveriesRoute(scope, context);
  redeliverRoute(scope, context);
}
