import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const webhooks = "/control/v1/webhooks";
/** Nobody listens there; nothing but a test is sent. */
const body = { url: "http://127.0.0.1:9/", types: ["billingFailure"] };

async function fresh({ server, operator }: World): Promise<string> {
  const request = { method: "POST", token: operator, body };
  const { json: made } = await ask(server.controlPort, webhooks, request);
  return `${webhooks}/${made.id}`;
}

/** The path of a delivery of a webhook of its own. */
async function freshDelivery(world: World): Promise<string> {
  const webhook = await fresh(world);
  const request = { method: "POST", token: world.operator };
  const { json: delivery } = await ask(world.server.controlPort, `${webhook}/test`, request);
  return `${webhook}/deliveries/${delivery.id}`;
}

const one = (verb: string, suffix: string): RouteCase => ({
  listener: "control",
  route: `${verb} ${webhooks}/{id}${suffix}`,
  prepare: async (world) => ({ path: `${await fresh(world)}${suffix}` }),
});

export const webhookCases: readonly RouteCase[] = [
  { listener: "control", route: `get ${webhooks}`, prepare: () => ({ path: webhooks }) },
  { listener: "control", route: `post ${webhooks}`, prepare: () => ({ path: webhooks, ask: { body } }) },
  one("get", ""),
  one("delete", ""),
  one("post", "/test"),
  one("post", "/rotate-secret"),
  one("get", "/deliveries"),
  {
    listener: "control",
    route: `post ${webhooks}/{id}/deliveries/{deliveryId}/redeliver`,
    prepare: async (world) => ({ path: `${await freshDelivery(world)}/redeliver` }),
  },
];
