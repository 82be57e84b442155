import { newWebhookSecret } from "../../events/webhook-signature.ts";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { problemResponses } from "../../http/schemas.ts";
import { auditedChange } from "../audit-events/audited-change.ts";
import type { ControlContext } from "../control-context.ts";
import { requireWebhook } from "./read-webhook.ts";
import { rotateWebhookSecret } from "./webhook-rows.ts";
import {
  webhookActionProblems,
  webhookParams,
  webhookView,
  webhookWithSecretSchema,
} from "./webhook-schema.ts";

/** `POST /control/v1/webhooks/{id}/rotate-secret`. */
export function rotateWebhookSecretRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/webhooks/:id/rotate-secret",
    schema: {
      operationId: "rotateWebhookSecret",
      tags: ["webhooks"],
      summary: "Give a webhook a new secret",
      description:
        "Until previousSecretUntil, messages carry a signature by the new secret and one by the previous, so that the receiver can change over. Asked for again before that, the one in between signs and the oldest no more.",
      security: [{ token: [] }],
      params: webhookParams,
      response: {
        200: {
          description: "The webhook, with its new secret.",
          content: { "application/json": { schema: webhookWithSecretSchema } },
        },
        ...problemResponses(webhookActionProblems),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("webhooks:write"), takesNoBody],
    handler: async (request, reply) => {
      const { id } = request.params;
      const { clock, random, secretBox, webhooks } = context;
      const secret = newWebhookSecret(random);
      const until = new Date(clock.nowMs() + webhooks.secretOverlapMs);
      const details = { previousSecretUntil: until.toISOString() };
      const event = { action: "webhook.secret-rotated", target: id, tenant: null, details };
      await auditedChange(context, request, event, async (client) => {
        if (!(await rotateWebhookSecret(client, id, secretBox.close(id, secret), until)))
          throw new ProblemError("WEBHOOK_NOT_FOUND");
      });
      const row = await requireWebhook(context, id);
      return reply.send({ ...webhookView(row, clock.nowMs()), secret });
    },
  });
}
