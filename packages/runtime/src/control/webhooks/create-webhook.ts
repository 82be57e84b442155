import { faultOfReceiverUrl } from "../../events/receiver-address.ts";
import { newWebhookSecret } from "../../events/webhook-signature.ts";
import { type ApiScope, takes } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { controlPrincipalOf } from "../../http/request-context.ts";
import { bodyProblems, problemResponses } from "../../http/schemas.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import { auditedChange } from "../audit-events/audited-change.ts";
import { type ControlContext, controlProblems } from "../control-context.ts";
import { requireWebhook } from "./read-webhook.ts";
import { insertWebhook } from "./webhook-rows.ts";
import { newWebhookSchema, webhookView, webhookWithSecretSchema } from "./webhook-schema.ts";

const concurrencyDefault = 2;

/** `POST /control/v1/webhooks`. */
export function createWebhookRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "POST",
    url: "/control/v1/webhooks",
    schema: {
      operationId: "createWebhook",
      tags: ["webhooks"],
      summary: "Add a webhook",
      description:
        "Events that happen from now on are sent there, signed as Standard Webhooks says. An event may come more than once, always under the same webhook-id; events of one tenant come in their order unless one of them fails several times.",
      security: [{ token: [] }],
      body: newWebhookSchema,
      consumes: ["application/json"],
      response: {
        201: {
          description: "The webhook, with its secret.",
          headers: { Location: { type: "string", description: "The path of the webhook." } },
          content: { "application/json": { schema: webhookWithSecretSchema } },
        },
        ...problemResponses([...controlProblems, ...bodyProblems, "TOO_MANY_WEBHOOKS"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("webhooks:write"), takes("application/json")],
    handler: async (request, reply) => {
      const { url, description = "", types = [], concurrency = concurrencyDefault } = request.body;
      const { clock, random, secretBox, webhooks } = context;
      const fault = faultOfReceiverUrl(url, webhooks);
      if (fault !== null)
        throw new ProblemError("INVALID_BODY", { errors: [{ pointer: "/url", message: fault }] });
      const id = uuidV7(clock.nowMs(), random);
      const secret = newWebhookSecret(random);
      const webhook = {
        id,
        url,
        description,
        types,
        concurrency,
        secret: secretBox.close(id, secret),
        createdAt: new Date(clock.nowMs()),
        createdBy: controlPrincipalOf(request).subject,
      };
      const details = { url, types: [...types], concurrency };
      const event = { action: "webhook.created", target: id, tenant: null, details };
      await auditedChange(context, request, event, async (client) => {
        if (!(await insertWebhook(client, webhook, webhooks.webhooksMax)))
          throw new ProblemError("TOO_MANY_WEBHOOKS");
      });
      const row = await requireWebhook(context, id);
      return reply
        .code(201)
        .header("location", `/control/v1/webhooks/${id}`)
        .send({ ...webhookView(row, clock.nowMs()), secret });
    },
  });
}
