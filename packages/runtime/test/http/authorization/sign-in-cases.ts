import { ask } from "../exchange.ts";
import type { RouteCase, World } from "./route-case.ts";

const password = "correct horse battery staple";

async function invite({
  server,
  owner,
  unique,
}: World): Promise<{ email: string; token: string; id: string }> {
  const email = `matrix-${unique()}@example.com`;
  const body = { email, role: "viewer" };
  const { json } = await ask(server.gatewayPort, "/v2/invitations", { method: "POST", token: owner, body });
  return { email, token: json.token, id: json.id };
}

async function join(world: World): Promise<string> {
  const { email, token } = await invite(world);
  const body = { token, name: "Matrix", password };
  await ask(world.server.gatewayPort, "/v2/invitations/accept", { method: "POST", body });
  return email;
}

async function signIn(world: World): Promise<{ refreshToken: string; signIn: { id: string } }> {
  const body = { email: await join(world), password };
  const { json } = await ask(world.server.gatewayPort, "/v2/sign-ins", { method: "POST", body });
  return json;
}

/** Signing in and what leads to it. Three of them need no token, so every caller has the same answer. */
export const signInCases: readonly RouteCase[] = ["v1", "v2"].flatMap((version): readonly RouteCase[] => {
  const [signIns, invitations] = [`/${version}/sign-ins`, `/${version}/invitations`];
  return [
    { listener: "gateway", route: `get ${invitations}`, prepare: () => ({ path: invitations }) },
    {
      listener: "gateway",
      route: `post ${invitations}`,
      prepare: ({ unique }) => ({
        path: invitations,
        ask: { body: { email: `matrix-${unique()}@example.com`, role: "viewer" } },
      }),
    },
    {
      listener: "gateway",
      route: `delete ${invitations}/{id}`,
      prepare: async (world) => ({ path: `${invitations}/${(await invite(world)).id}` }),
    },
    {
      listener: "gateway",
      route: `post ${invitations}/accept`,
      prepare: async (world) => ({
        path: `${invitations}/accept`,
        ask: { body: { token: (await invite(world)).token, name: "Matrix", password } },
      }),
    },
    {
      listener: "gateway",
      route: `post ${signIns}`,
      prepare: async (world) => ({ path: signIns, ask: { body: { email: await join(world), password } } }),
    },
    {
      listener: "gateway",
      route: `post ${signIns}/refresh`,
      prepare: async (world) => ({
        path: `${signIns}/refresh`,
        ask: { body: { refreshToken: (await signIn(world)).refreshToken } },
      }),
    },
    { listener: "gateway", route: `get ${signIns}`, prepare: () => ({ path: signIns }) },
    {
      listener: "gateway",
      route: `delete ${signIns}/{id}`,
      prepare: async (world) => ({ path: `${signIns}/${(await signIn(world)).signIn.id}` }),
    },
  ];
});
