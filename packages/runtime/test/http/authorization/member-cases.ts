import { addMember } from "../../api/tenant-client.ts";
import type { RouteCase, World } from "./route-case.ts";

async function fresh(version: string, { server }: World): Promise<string> {
  return `/${version}/members/${await addMember(server, "acme-corp", { role: "viewer" })}`;
}

export const memberCases: readonly RouteCase[] = ["v1", "v2"].flatMap((version): RouteCase[] => [
  {
    listener: "gateway",
    route: `get /${version}/members`,
    prepare: () => ({ path: `/${version}/members?limit=1` }),
  },
  {
    listener: "gateway",
    route: `get /${version}/members/{id}`,
    prepare: async (world) => ({ path: await fresh(version, world) }),
  },
  {
    listener: "gateway",
    route: `patch /${version}/members/{id}`,
    prepare: async (world) => ({
      path: await fresh(version, world),
      ask: {
        body: { name: "Matrix" },
        headers: { "content-type": version === "v1" ? "application/json" : "application/merge-patch+json" },
      },
    }),
  },
  {
    listener: "gateway",
    route: `delete /${version}/members/{id}`,
    prepare: async (world) => ({ path: await fresh(version, world) }),
  },
]);
