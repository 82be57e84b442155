import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const body = { permissions: ["documents:read"] };

async function fresh(version: string, { server, owner, unique }: World): Promise<string> {
  const path = `/${version}/roles/matrix-${unique()}`;
  await ask(server.gatewayPort, path, { method: "PUT", token: owner, body });
  return path;
}

export const roleCases: readonly RouteCase[] = ["v1", "v2"].flatMap((version): RouteCase[] => [
  {
    listener: "gateway",
    route: `get /${version}/roles`,
    prepare: () => ({ path: `/${version}/roles` }),
  },
  {
    listener: "gateway",
    route: `get /${version}/roles/{name}`,
    prepare: async (world) => ({ path: await fresh(version, world) }),
  },
  {
    listener: "gateway",
    route: `put /${version}/roles/{name}`,
    prepare: ({ unique }) => ({ path: `/${version}/roles/matrix-${unique()}`, ask: { body } }),
  },
  {
    listener: "gateway",
    route: `delete /${version}/roles/{name}`,
    prepare: async (world) => ({ path: await fresh(version, world) }),
  },
]);
