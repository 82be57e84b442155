import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const json = { body: { body: {} } };
const patch = { ...json, headers: { "content-type": "application/merge-patch+json" } };

async function fresh({ server, owner }: World, version: string): Promise<string> {
  const documents = `/${version}/documents/matrix`;
  const { json: made } = await ask(server.gatewayPort, documents, { method: "POST", token: owner, ...json });
  return `${documents}/${made.id}`;
}

const inBothVersions: readonly RouteCase[] = ["v1", "v2"].flatMap((version): readonly RouteCase[] => {
  const collection = `/${version}/documents/{collection}`;
  const matrix = { path: `/${version}/documents/matrix` };
  const one = async (world: World) => ({ path: await fresh(world, version) });
  return [
    { listener: "gateway", route: `get ${collection}`, prepare: () => matrix },
    { listener: "gateway", route: `post ${collection}`, prepare: () => ({ ...matrix, ask: json }) },
    { listener: "gateway", route: `get ${collection}/{id}`, prepare: one },
    {
      listener: "gateway",
      route: `put ${collection}/{id}`,
      prepare: async (world) => ({ ...(await one(world)), ask: { ...json, headers: { "if-match": "*" } } }),
    },
    { listener: "gateway", route: `delete ${collection}/{id}`, prepare: one },
  ];
});

export const documentCases: readonly RouteCase[] = [
  ...inBothVersions,
  {
    listener: "gateway",
    route: "patch /v2/documents/{collection}/{id}",
    prepare: async (world) => ({ path: await fresh(world, "v2"), ask: patch }),
  },
  {
    listener: "gateway",
    route: "post /v2/documents/{collection}/bulk",
    prepare: () => ({
      path: "/v2/documents/matrix/bulk",
      ask: { body: { operations: [{ op: "create", body: {} }] } },
    }),
  },
];
