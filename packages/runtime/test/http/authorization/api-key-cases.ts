import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const body = { name: "matrix", permissions: ["documents:read"] };

async function fresh(version: string, { server, owner }: World): Promise<string> {
  const path = `/${version}/api-keys`;
  const made = await ask(server.gatewayPort, path, { method: "POST", token: owner, body });
  return `${path}/${made.json.id}`;
}

export const apiKeyCases: readonly RouteCase[] = ["v1", "v2"].flatMap((version): RouteCase[] => [
  {
    listener: "gateway",
    route: `get /${version}/api-keys`,
    prepare: () => ({ path: `/${version}/api-keys?limit=1` }),
  },
  {
    listener: "gateway",
    route: `post /${version}/api-keys`,
    prepare: () => ({ path: `/${version}/api-keys`, ask: { body } }),
  },
  {
    listener: "gateway",
    route: `get /${version}/api-keys/{id}`,
    prepare: async (world) => ({ path: await fresh(version, world) }),
  },
  {
    listener: "gateway",
    route: `delete /${version}/api-keys/{id}`,
    prepare: async (world) => ({ path: await fresh(version, world) }),
  },
]);
