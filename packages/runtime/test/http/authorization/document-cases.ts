import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const json = { body: { body: {} } };
const patch = { ...json, headers: { "content-type": "application/merge-patch+json" } };
const documents = "/v2/documents/matrix";

async function fresh({ server, owner }: World): Promise<string> {
  const { json: made } = await ask(server.gatewayPort, documents, { method: "POST", token: owner, ...json });
  return `${documents}/${made.id}`;
}

export const documentCases: readonly RouteCase[] = [
  { listener: "gateway", route: "get /v2/documents/{collection}", prepare: () => ({ path: documents }) },
  {
    listener: "gateway",
    route: "post /v2/documents/{collection}",
    prepare: () => ({ path: documents, ask: json }),
  },
  {
    listener: "gateway",
    route: "get /v2/documents/{collection}/{id}",
    prepare: async (world) => ({ path: await fresh(world) }),
  },
  {
    listener: "gateway",
    route: "put /v2/documents/{collection}/{id}",
    prepare: async (world) => ({ path: await fresh(world), ask: { ...json, headers: { "if-match": "*" } } }),
  },
  {
    listener: "gateway",
    route: "patch /v2/documents/{collection}/{id}",
    prepare: async (world) => ({ path: await fresh(world), ask: patch }),
  },
  {
    listener: "gateway",
    route: "delete /v2/documents/{collection}/{id}",
    prepare: async (world) => ({ path: await fresh(world) }),
  },
];
