import { systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueToken } from "../../src/identity/issue-token.ts";
import { type TenantPermission, tenantPermissions } from "../../src/identity/permissions.ts";
import { ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { addMember } from "./people.ts";

let server: TestRuntime;
let owner: string;
beforeAll(async () => {
  server = await startTestRuntime({}, { services: "none" });
  owner = await server.token("acme-corp");
});
afterAll(() => server[Symbol.asyncDispose]());

const ports = { clock: systemClock, random: systemRandom };
const issue = (change: { issuer?: string; lifetimeSeconds?: number; clock?: typeof systemClock } = {}) =>
  issueToken(
    server.key,
    {
      kind: "tenant",
      issuer: change.issuer ?? server.config.issuer.url,
      platform: server.config.platform.name,
      tenant: "acme-corp" as TenantId,
      subject: "ada@example.com",
      role: "owner",
      ...(change.lifetimeSeconds === undefined ? {} : { lifetimeSeconds: change.lifetimeSeconds }),
    },
    { ...ports, ...(change.clock === undefined ? {} : { clock: change.clock }) },
  );

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly needsToken: boolean;
}

/** Every operation that the gateway describes, with ids put in. */
async function operations(): Promise<readonly Operation[]> {
  const found: Operation[] = [];
  for (const version of ["v1", "v2"]) {
    const { json } = await ask(server.gatewayPort, `/${version}/openapi.json`);
    for (const [route, methods] of Object.entries<Record<string, { security?: unknown }>>(json.paths)) {
      const path = route
        .replace("{collection}", "notes")
        .replace("{name}", "reader")
        .replace("{id}", "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37");
      for (const [method, { security }] of Object.entries(methods)) {
        found.push({ method: method.toUpperCase(), path, needsToken: security !== undefined });
      }
    }
  }
  return found;
}

describe("S2.03", () => {
  test("S2.03: the access token of a sign-in carries the tenant's id, and who signed in", async () => {
    for (const tenant of ["acme-corp", "globex-inc", "initech-llc"]) {
      const member = await addMember(server, { tenant, role: "admin" });
      expect(decodeProtectedHeader(member.accessToken)).toEqual({
        alg: "ES256",
        typ: "at+jwt",
        kid: server.key.kid,
      });
      const claims = decodeJwt(member.accessToken);
      expect(claims).toMatchObject({
        iss: server.config.issuer.url,
        aud: `urn:tenantry:${server.config.platform.name}:api`,
        sub: member.email,
        tenant_id: tenant,
        role: "admin",
        sid: member.signIn,
        member_id: member.id,
      });
      expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
      const elsewhere = tenant === "acme-corp" ? "globex-inc" : "acme-corp";
      const foreign = { host: `${elsewhere}.localhost`, token: member.accessToken };
      expect((await ask(server.gatewayPort, "/v2/tenant", foreign)).json.code).toBe(
        "TOKEN_FOR_ANOTHER_TENANT",
      );
    }
  });

  test("S2.03: the gateway authenticates every request but those that are listed here", async () => {
    const all = await operations();
    const open = all.filter(({ needsToken }) => !needsToken).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      "GET /.well-known/jwks.json",
      "GET /health/live",
      "GET /health/ready",
      "GET /v1/openapi.json",
      "GET /v2/openapi.json",
      "POST /v1/invitations/accept",
      "POST /v1/sign-ins",
      "POST /v1/sign-ins/refresh",
      "POST /v2/invitations/accept",
      "POST /v2/sign-ins",
      "POST /v2/sign-ins/refresh",
    ]);
    const hourAgo = { ...systemClock, nowMs: () => systemClock.nowMs() - 3_600_000 };
    const wrong: readonly [string, string | undefined, number, string][] = [
      ["none", undefined, 401, "TOKEN_MISSING"],
      ["made up", "eyJhbGciOiJub25lIn0.e30.AA", 401, "TOKEN_INVALID"],
      ["expired", await issue({ lifetimeSeconds: 60, clock: hourAgo }), 401, "TOKEN_INVALID"],
      ["of another issuer", await issue({ issuer: "https://evil.example" }), 401, "TOKEN_INVALID"],
      ["an operator's", await server.controlToken(), 401, "TOKEN_INVALID"],
      ["of another tenant", await server.token("globex-inc"), 403, "TOKEN_FOR_ANOTHER_TENANT"],
      ["of another tenant's schema", await server.token("initech-llc"), 403, "TOKEN_FOR_ANOTHER_TENANT"],
    ];
    const guarded = all.filter(({ needsToken }) => needsToken);
    expect(guarded.length).toBeGreaterThan(40);
    for (const { method, path } of guarded) {
      for (const [name, token, status, code] of wrong) {
        const answer = await ask(server.gatewayPort, path, {
          method,
          ...(token === undefined ? {} : { token }),
        });
        expect([name, method, path, answer.status, answer.json?.code]).toEqual([
          name,
          method,
          path,
          status,
          code,
        ]);
      }
      // The negative control: with the right token the answer is another one, whatever it is.
      const right = await ask(server.gatewayPort, path, { method, token: owner });
      expect([method, path, right.status === 401]).toEqual([method, path, false]);
    }
  });
});

/** One request for each permission that only it opens. */
const doors: Readonly<
  Record<TenantPermission, { readonly method?: string; readonly path: string; readonly body?: unknown }>
> = {
  "tenant:read": { path: "/v2/tenant" },
  "documents:read": { path: "/v2/documents/notes" },
  "documents:write": { method: "POST", path: "/v2/documents/notes", body: { body: {} } },
  "files:read": { path: "/v2/files" },
  "files:write": { method: "DELETE", path: "/v2/files/0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37" },
  "members:read": { path: "/v2/members" },
  "members:write": { method: "DELETE", path: "/v2/invitations/0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37" },
  "roles:read": { path: "/v2/roles" },
  "roles:write": { method: "DELETE", path: "/v2/roles/no-such-role" },
  "api-keys:read": { path: "/v2/api-keys" },
  "api-keys:write": { method: "DELETE", path: "/v2/api-keys/0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37" },
  "usage:read": { path: "/v2/usage" },
  "audit-events:read": { path: "/v2/audit-events" },
};

/** The permissions whose doors a token opens. */
async function opened(token: string): Promise<TenantPermission[]> {
  const open: TenantPermission[] = [];
  for (const permission of tenantPermissions) {
    const { path, ...request } = doors[permission];
    const answer = await ask(server.gatewayPort, path, { ...request, token });
    expect([200, 201, 403, 404]).toContain(answer.status);
    if (answer.json?.code !== "PERMISSION_MISSING") open.push(permission);
  }
  return open;
}

const putRole = (name: string, permissions: readonly TenantPermission[]) =>
  ask(server.gatewayPort, `/v1/roles/${name}`, { method: "PUT", token: owner, body: { permissions } });

describe("S2.04", () => {
  test("S2.04: a role opens exactly what its permissions name, one by one, for members and for API keys", async () => {
    for (const permission of tenantPermissions) {
      const role = `only-${permission.replace(":", "-")}`;
      expect((await putRole(role, [permission])).status).toBe(201);
      const member = await addMember(server, { role });
      expect(await opened(member.accessToken)).toEqual([permission]);
      const key = await ask(server.gatewayPort, "/v2/api-keys", {
        method: "POST",
        token: owner,
        body: { name: role, permissions: [permission] },
      });
      expect(await opened(key.json.key)).toEqual([permission]);
    }
  });

  test("S2.04: the roles that every tenant has open what the documents say, and no more", async () => {
    const of = async (role: string) => opened((await addMember(server, { role })).accessToken);
    expect(await of("owner")).toEqual(tenantPermissions);
    expect(await of("admin")).toEqual(tenantPermissions);
    expect(await of("member")).toEqual([
      "tenant:read",
      "documents:read",
      "documents:write",
      "files:read",
      "files:write",
      "members:read",
      "roles:read",
    ]);
    expect(await of("viewer")).toEqual(["tenant:read", "documents:read", "files:read"]);
  });

  test("S2.04: a changed role holds at the next request of everybody who has it, with the token that they have", async () => {
    await putRole("changing", ["tenant:read"]);
    const member = await addMember(server, { role: "changing" });
    expect(await opened(member.accessToken)).toEqual(["tenant:read"]);
    await putRole("changing", ["documents:read", "usage:read"]);
    expect(await opened(member.accessToken)).toEqual(["documents:read", "usage:read"]);
  });

  test("S2.04: one tenant's role means nothing at another's", async () => {
    await putRole("everything", [...tenantPermissions]);
    const foreign = await issueToken(
      server.key,
      {
        kind: "tenant",
        issuer: server.config.issuer.url,
        platform: server.config.platform.name,
        tenant: "globex-inc" as TenantId,
        subject: "eve@example.com",
        role: "everything",
      },
      ports,
    );
    const answer = await ask(server.gatewayPort, "/v2/tenant", {
      host: "globex-inc.localhost",
      token: foreign,
    });
    expect(answer.json.code).toBe("TOKEN_INVALID");
  });
});
