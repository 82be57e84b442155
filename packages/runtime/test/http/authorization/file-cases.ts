import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const upload = { headers: { "content-type": "text/plain" }, body: "content" };

async function fresh({ server, owner }: World, version: string): Promise<string> {
  const files = `/${version}/files`;
  const request = { method: "POST", token: owner, ...upload };
  const { json: made } = await ask(server.gatewayPort, `${files}?name=matrix.txt`, request);
  return `${files}/${made.id}`;
}

export const fileCases: readonly RouteCase[] = ["v1", "v2"].flatMap((version): readonly RouteCase[] => {
  const files = `/${version}/files`;
  const one = async (world: World) => ({ path: await fresh(world, version) });
  return [
    { listener: "gateway", route: `get ${files}`, prepare: () => ({ path: files }) },
    {
      listener: "gateway",
      route: `post ${files}`,
      prepare: () => ({ path: `${files}?name=matrix.txt`, ask: upload }),
    },
    { listener: "gateway", route: `get ${files}/{id}`, prepare: one },
    { listener: "gateway", route: `delete ${files}/{id}`, prepare: one },
    {
      listener: "gateway",
      route: `get ${files}/{id}/content`,
      prepare: async (world) => ({ path: `${await fresh(world, version)}/content` }),
    },
  ];
});
