import { expect } from "vitest";
import { ask } from "../http/exchange.ts";
import type { TestRuntime } from "../http/test-runtime.ts";

export const goodPassword = "correct horse battery staple";

/** A member as a test needs one: with the sign-in that it has just made. */
export interface SignedInMember {
  readonly id: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly signIn: string;
}

let counter = 0;

/** Invites, accepts and signs in, all over HTTP. */
export async function addMember(
  server: TestRuntime,
  options: { readonly tenant?: string; readonly role?: string; readonly email?: string } = {},
): Promise<SignedInMember> {
  const { tenant = "acme-corp", role = "member" } = options;
  counter += 1;
  const { email = `member-${counter}@example.com` } = options;
  const host = `${tenant}.localhost`;
  const port = server.gatewayPort;
  const owner = await server.token(tenant);
  const invited = await ask(port, "/v2/invitations", {
    method: "POST",
    host,
    token: owner,
    body: { email, role },
  });
  expect(invited.status, invited.body).toBe(201);
  const accepted = await ask(port, "/v2/invitations/accept", {
    method: "POST",
    host,
    body: { token: invited.json.token, name: `Member ${counter}`, password: goodPassword },
  });
  expect(accepted.status, accepted.body).toBe(201);
  return { id: accepted.json.id, email, ...(await signInAs(server, email, { host })) };
}

export async function signInAs(
  server: TestRuntime,
  email: string,
  options: { readonly host?: string; readonly password?: string } = {},
): Promise<Omit<SignedInMember, "id" | "email">> {
  const { host = "acme-corp.localhost", password = goodPassword } = options;
  const answer = await ask(server.gatewayPort, "/v2/sign-ins", {
    method: "POST",
    host,
    body: { email, password },
  });
  expect(answer.status, answer.body).toBe(201);
  const { accessToken, refreshToken, signIn } = answer.json;
  return { accessToken, refreshToken, signIn: signIn.id };
}
