import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueToken } from "../../src/identity/issue-token.ts";
import { systemClock, systemRandom } from "@tenantry/base";
import { ask, faultOfProblem } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { addMember, goodPassword, signInAs } from "./people.ts";

let server: TestRuntime;
let owner: string;
beforeAll(async () => {
  server = await startTestRuntime();
  owner = await server.token("acme-corp");
});
afterAll(() => server[Symbol.asyncDispose]());

const post = (path: string, body: unknown, token?: string) =>
  ask(server.gatewayPort, path, { method: "POST", body, ...(token === undefined ? {} : { token }) });
const get = (path: string, token = owner) => ask(server.gatewayPort, path, { token });
const invite = (email: string, role = "member", token = owner) =>
  post("/v2/invitations", { email, role }, token);
const accept = (token: string, change: object = {}) =>
  post("/v2/invitations/accept", { token, name: "Ada", password: goodPassword, ...change });
const acme = async () => {
  const tenant = await server.database.registry.find("acme-corp" as TenantId);
  if (tenant === undefined) throw new Error("no tenant");
  return tenant;
};

describe.each(["v1", "v2"] as const)("%s", (version) => {
  test("an invitation is made, listed, withdrawn, made again, accepted, and spent", async () => {
    const email = `Ada-${version}@Example.com`;
    const make = () => post(`/${version}/invitations`, { email, role: "admin" }, owner);
    const first = await make();
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      email: email.toLowerCase(),
      role: "admin",
      invitedBy: "ada@example.com",
      token: expect.stringMatching(/^ti_[\w-]{43}$/),
    });
    const days = (Date.parse(first.json.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThan(7.1);
    const listed = (await get(`/${version}/invitations`)).json.items.at(-1);
    const { token: _, ...shown } = first.json;
    expect(listed).toEqual(shown);
    const path = `/${version}/invitations/${first.json.id}`;
    expect((await ask(server.gatewayPort, path, { method: "DELETE", token: owner })).status).toBe(204);
    expect((await ask(server.gatewayPort, path, { method: "DELETE", token: owner })).json.code).toBe(
      "INVITATION_NOT_FOUND",
    );
    expect((await accept(first.json.token)).json.code).toBe("INVITATION_NOT_FOUND");
    const second = await make();
    const accepted = await post(`/${version}/invitations/accept`, {
      token: second.json.token,
      name: "Ada",
      password: goodPassword,
    });
    expect(accepted.status).toBe(201);
    expect(accepted.json).toMatchObject({
      email: email.toLowerCase(),
      name: "Ada",
      role: "admin",
      status: "active",
    });
    expect(accepted.body).not.toContain("scrypt");
    expect((await accept(second.json.token)).json.code).toBe("INVITATION_NOT_FOUND");
    expect((await make()).json.code).toBe("MEMBER_EXISTS");
    await signInAs(server, email.toLowerCase());
  });
});

test("inviting an address again ends the first token", async () => {
  const [first, second] = [await invite("twice@example.com"), await invite("TWICE@example.com", "viewer")];
  expect((await accept(first.json.token)).json.code).toBe("INVITATION_NOT_FOUND");
  expect((await accept(second.json.token)).json.role).toBe("viewer");
});

test("of many who invite one address, or accept one invitation, at once, one comes through", async () => {
  const many = await Promise.all(Array.from({ length: 6 }, () => invite("many@example.com")));
  expect(many.map(({ status }) => status)).toEqual(Array(6).fill(201));
  const accepted = await Promise.all(many.map(({ json }) => accept(json.token)));
  expect(accepted.filter(({ status }) => status === 201)).toHaveLength(1);
  const one = await invite("once@example.com");
  const both = await Promise.all([1, 2, 3].map(() => accept(one.json.token)));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
});

test("an invitation that has expired is not accepted, listed or in the way", async () => {
  const invited = await invite("late@example.com");
  await server.database.store.transact(await acme(), (db) =>
    db
      .updateTable("invitations")
      .set({ expires_at: new Date(Date.now() - 1) })
      .where("tenant_id", "=", "acme-corp")
      .where("id", "=", invited.json.id),
  );
  expect((await accept(invited.json.token)).json.code).toBe("INVITATION_NOT_FOUND");
  const listed: { id: string }[] = (await get("/v2/invitations?limit=200")).json.items;
  expect(listed.map(({ id }) => id)).not.toContain(invited.json.id);
  expect((await accept((await invite("late@example.com")).json.token)).status).toBe(201);
});

test("only an owner invites an owner, and nobody gives more than they have", async () => {
  const admin = await addMember(server, { role: "admin" });
  expect((await invite("boss@example.com", "owner", admin.accessToken)).json.code).toBe("OWNER_REQUIRED");
  expect((await invite("boss@example.com", "owner")).status).toBe(201);
  const put = await ask(server.gatewayPort, "/v1/roles/inviter", {
    method: "PUT",
    token: owner,
    body: { permissions: ["tenant:read", "members:read", "members:write"] },
  });
  expect(put.status, put.body).toBe(201);
  const inviter = await addMember(server, { role: "inviter" });
  expect((await invite("more@example.com", "admin", inviter.accessToken)).json.code).toBe(
    "PERMISSIONS_EXCEEDED",
  );
  expect((await invite("same@example.com", "inviter", inviter.accessToken)).status).toBe(201);
  const noRole = await invite("none@example.com", "no-such-role");
  expect(noRole.json.code).toBe("INVALID_BODY");
  expect(noRole.json.errors[0].pointer).toBe("/role");
});

test.each<[string, object]>([
  ["a short password", { password: "short" }],
  ["a long password", { password: "x".repeat(257) }],
  ["the address as the password", { password: "rules@example.com" }],
  ["no name", { name: "" }],
])("%s is refused with its place, and the invitation stays open", async (_name, change) => {
  const invited = await invite("rules@example.com");
  const refused = await accept(invited.json.token, change);
  expect(refused.status).toBe(422);
  expect(faultOfProblem(refused)).toBeNull();
  expect(refused.json.errors[0].pointer).toMatch(/^\/(password|name)$/);
  const open: { id: string }[] = (await get("/v2/invitations?limit=200")).json.items;
  expect(open.map(({ id }) => id)).toContain(invited.json.id);
});

test("an invitation of one tenant is none at another's host", async () => {
  const invited = await invite("elsewhere@example.com");
  const answer = await ask(server.gatewayPort, "/v2/invitations/accept", {
    method: "POST",
    host: "globex-inc.localhost",
    body: { token: invited.json.token, name: "Ada", password: goodPassword },
  });
  expect(answer.json.code).toBe("INVITATION_NOT_FOUND");
});

test("members and open invitations together are as many as the tier allows, also when many come at once", async () => {
  await using small = await startTestRuntime({}, { limits: { requestsPerMinute: 10_000_000, members: 4 } });
  const port = small.gatewayPort;
  const token = await small.token("acme-corp");
  await addMember(small, { role: "owner", email: "first@example.com" });
  const many = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      ask(port, "/v2/invitations", {
        method: "POST",
        token,
        body: { email: `seat-${index}@example.com`, role: "viewer" },
      }),
    ),
  );
  expect(many.filter(({ status }) => status === 201)).toHaveLength(3);
  const refused = many.filter(({ status }) => status !== 201);
  expect(new Set(refused.map(({ json }) => json.code))).toEqual(new Set(["MEMBER_LIMIT_REACHED"]));
  expect(refused[0]?.status).toBe(409);
  expect(refused[0]?.json.detail).toContain("allows 4 members");
  const taken = many.filter(({ status }) => status === 201);
  const accepted = await Promise.all(
    taken.map(({ json }) =>
      ask(port, "/v2/invitations/accept", {
        method: "POST",
        body: { token: json.token, name: "Seat", password: goodPassword },
      }),
    ),
  );
  expect(accepted.map(({ status }) => status)).toEqual([201, 201, 201]);
  // The other tenant has seats of its own.
  await addMember(small, { tenant: "globex-inc" });
});

test("the audit trail says who invited whom, who joined, and who withdrew", async () => {
  const invited = await invite("trail@example.com", "viewer");
  const joined = await accept(invited.json.token);
  const events = await server.database.store.read(await acme(), (db) =>
    db
      .selectFrom("audit_events")
      .select(["action", "actor", "actor_kind", "target", "details"])
      .where("tenant_id", "=", "acme-corp")
      .where("target", "in", [invited.json.id, joined.json.id])
      .orderBy("id"),
  );
  expect(events).toEqual([
    {
      action: "invitation.created",
      actor: "ada@example.com",
      actor_kind: "member",
      target: invited.json.id,
      details: { email: "trail@example.com", role: "viewer", replaced: false },
    },
    {
      action: "member.joined",
      actor: "trail@example.com",
      actor_kind: "member",
      target: joined.json.id,
      details: { invitation: invited.json.id, invitedBy: "ada@example.com", role: "viewer" },
    },
  ]);
});

test("a token that is not from a sign-in may have a role of the tenant's own, as long as there is one", async () => {
  const tokenFor = (role: string) =>
    issueToken(
      server.key,
      {
        kind: "tenant",
        issuer: server.config.issuer.url,
        platform: server.config.platform.name,
        subject: "ada@example.com",
        tenant: "acme-corp" as TenantId,
        role,
      },
      { clock: systemClock, random: systemRandom },
    );
  const reader = await tokenFor("reader");
  expect((await get("/v2/tenant", reader)).json.code).toBe("TOKEN_INVALID");
  const role = { token: owner, body: { permissions: ["tenant:read"] } };
  expect((await ask(server.gatewayPort, "/v1/roles/reader", { method: "PUT", ...role })).status).toBe(201);
  expect((await get("/v2/tenant", reader)).status).toBe(200);
  expect((await get("/v2/members", reader)).json.code).toBe("PERMISSION_MISSING");
  const removed = await ask(server.gatewayPort, "/v1/roles/reader", { method: "DELETE", token: owner });
  expect(removed.status).toBe(204);
  expect((await get("/v2/tenant", reader)).json.code).toBe("TOKEN_INVALID");
  for (const name of ["operator", "auditor", "constructor", "root"]) {
    expect((await get("/v2/tenant", await tokenFor(name))).json.code).toBe("TOKEN_INVALID");
  }
});
