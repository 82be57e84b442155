import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roleSchema } from "../../src/api/roles/role-schema.ts";
import { tenantPermissions } from "../../src/identity/permissions.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import {
  addMember,
  expectProblem,
  type TenantClient,
  tenantClient,
  tenantNamed,
  trailOf,
} from "./tenant-client.ts";

let server: TestRuntime;
let owner: TenantClient;
beforeAll(async () => {
  server = await startTestRuntime();
  owner = await tenantClient(server, "acme-corp");
});
afterAll(() => server[Symbol.asyncDispose]());

const reader = { description: "Reads.", permissions: ["documents:read"] };
const put = (path: string, body: unknown, headers = {}) => owner(path, { method: "PUT", body, headers });

describe.each(["v1", "v2"] as const)("in %s", (version) => {
  const path = (name: string) => `/${version}/roles/${version}-${name}`;

  test("a role is created, read, replaced and deleted, with an ETag for each version and an event for each change", async () => {
    const created = await put(path("life"), reader);
    expect([created.status, created.headers["etag"]]).toEqual([201, '"1"']);
    expect(roleSchema.parse(created.json)).toMatchObject({ kind: "custom", ...reader, version: 1 });

    const read = await owner(path("life"));
    expect([read.status, read.json]).toEqual([200, created.json]);
    expect((await owner(path("life"), { headers: { "if-none-match": '"1"' } })).status).toBe(304);

    const body = { permissions: ["files:read", "documents:read"] };
    const replaced = await put(path("life"), body, { "if-match": '"1"' });
    expect([replaced.status, replaced.headers["etag"]]).toEqual([200, '"2"']);
    // Permissions come in one order, and what is left out is empty.
    expect(roleSchema.parse(replaced.json)).toMatchObject({
      description: "",
      permissions: ["documents:read", "files:read"],
    });

    expectProblem(
      await owner(path("life"), { method: "DELETE", headers: { "if-match": '"1"' } }),
      "PRECONDITION_FAILED",
    );
    const removed = await owner(path("life"), { method: "DELETE", headers: { "if-match": '"2"' } });
    expect([removed.status, removed.body]).toEqual([204, ""]);
    expectProblem(await owner(path("life")), "ROLE_NOT_FOUND");
    expectProblem(await owner(path("life"), { method: "DELETE" }), "ROLE_NOT_FOUND");
    expectProblem(await put(path("life"), body, { "if-match": "*" }), "ROLE_NOT_FOUND");

    const trail = await trailOf(owner, `${version}-life`);
    expect(trail.map((event) => event.action)).toEqual(["role.deleted", "role.replaced", "role.created"]);
    expect(trail[1].details).toEqual({ permissions: body.permissions, before: ["documents:read"] });
  });

  test("replacing honours the version that If-Match names", async () => {
    await put(path("versions"), reader);
    expectProblem(await put(path("versions"), reader, { "if-match": '"2"' }), "PRECONDITION_FAILED");
    expectProblem(await put(path("versions"), reader, { "if-match": "2" }), "MALFORMED_HEADER");
    expectProblem(await put(path("versions"), reader, { "if-none-match": "*" }), "PRECONDITION_UNSUPPORTED");
    expect((await put(path("versions"), reader, { "if-match": "*" })).headers["etag"]).toBe('"2"');
    const unsaid = await put(path("versions"), reader);
    if (version === "v1") expect(unsaid.headers["etag"]).toBe('"3"');
    else expectProblem(unsaid, "PRECONDITION_REQUIRED");
  });

  test("nobody replaces or deletes a role that is built in", async () => {
    for (const name of ["owner", "admin", "member", "viewer"]) {
      const read = await owner(`/${version}/roles/${name}`);
      expect(read.json).toMatchObject({ kind: "built-in", name });
      expectProblem(await put(`/${version}/roles/${name}`, reader), "ROLE_BUILT_IN");
      expectProblem(await owner(`/${version}/roles/${name}`, { method: "DELETE" }), "ROLE_BUILT_IN");
    }
  });

  test("wrong names and permissions are refused, each with its place", async () => {
    for (const name of ["Upper", "1st", "a_b", "a".repeat(33), "%20"]) {
      expectProblem(await put(`/${version}/roles/${name}`, reader), "INVALID_PARAMETER");
    }
    const wrong = [
      [{ permissions: [] }, "/permissions"],
      [{ permissions: ["documents:read", "documents:read"] }, "/permissions"],
      [{ permissions: ["everything"] }, "/permissions/0"],
      [{ permissions: ["tenants:write"] }, "/permissions/0"],
      [{}, "/permissions"],
      [{ ...reader, version: 7 }, "/version"],
      [{ ...reader, description: "x".repeat(501) }, "/description"],
    ] as const;
    for (const [body, pointer] of wrong) {
      const answer = await put(path("wrong"), body);
      expectProblem(answer, "INVALID_BODY");
      expect(answer.json.errors[0].pointer).toBe(pointer);
    }
    expectProblem(await owner(path("wrong")), "ROLE_NOT_FOUND");
  });

  test("a role that a member or an open invitation has is not deleted", async () => {
    await put(path("held"), reader);
    const member = await addMember(server, "acme-corp", { role: `${version}-held` });
    const refused = await owner(path("held"), { method: "DELETE" });
    expectProblem(refused, "ROLE_IN_USE");
    expect(refused.json.detail).toContain("1, open invitations: 0");
    await owner(`/v1/members/${member}`, { method: "DELETE" });
    const invitation = (id: string, expires_at: Date) => ({
      tenant_id: "acme-corp",
      id: `${version}-${id}`,
      email: `${version}-${id}@example.com`,
      role: `${version}-held`,
      token_hash: `${version}-${id}`,
      invited_by: "ada@example.com",
      expires_at,
    });
    const tenant = await tenantNamed(server, "acme-corp");
    const invitations = [
      invitation("old", new Date(Date.now() - 1_000)),
      invitation("open", new Date(Date.now() + 60_000)),
    ];
    await server.database.store.transact(tenant, (db) => db.insertInto("invitations").values(invitations));
    expectProblem(await owner(path("held"), { method: "DELETE" }), "ROLE_IN_USE");
    await server.database.store.transact(tenant, (db) =>
      db.deleteFrom("invitations").where("tenant_id", "=", tenant.id).where("id", "=", `${version}-open`),
    );
    expect((await owner(path("held"), { method: "DELETE" })).status).toBe(204);
  });
});

test("the list has the built-in roles first, page by page in both versions the same", async () => {
  const client = await tenantClient(server, "initech-llc");
  for (const name of ["c", "a", "b-2", "b"]) {
    expect((await client(`/v2/roles/${name}`, { method: "PUT", body: reader })).status).toBe(201);
  }
  const whole = (await client("/v1/roles")).json;
  expect(whole.items.map((role: { name: string }) => role.name)).toEqual([
    "owner",
    "admin",
    "member",
    "viewer",
    "a",
    "b",
    "b-2",
    "c",
  ]);
  expect([whole.total, whole.offset, whole.limit]).toEqual([8, 0, 50]);
  for (let limit = 1; limit <= 9; limit += 1) {
    const byOffset: unknown[] = [];
    for (let offset = 0; offset < 8; offset += limit) {
      const { json } = await client(`/v1/roles?limit=${limit}&offset=${offset}`);
      expect(json.total).toBe(8);
      byOffset.push(...json.items);
    }
    const byCursor: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { json } = await client(`/v2/roles?limit=${limit}${query}`);
      byCursor.push(...json.items);
      cursor = json.nextCursor;
    } while (cursor !== null);
    expect([byOffset, byCursor]).toEqual([whole.items, whole.items]);
  }
  expect((await client("/v1/roles?offset=100")).json).toMatchObject({ items: [], total: 8 });
});

test("nobody gives a role more than they have, not even a part of it", async () => {
  // What the role may do comes with a key whose permissions are fewer than all.
  const limited = await limitedKey(["roles:read", "roles:write", "documents:read"]);
  const given = await limited("/v2/roles/given", { method: "PUT", body: reader });
  expect(given.status).toBe(201);
  const body = { permissions: ["documents:read", "files:write", "members:write"] };
  const refused = await limited("/v2/roles/taken", { method: "PUT", body });
  expectProblem(refused, "PERMISSIONS_EXCEEDED");
  expect(refused.json.detail).toContain("files:write, members:write");
  const replaced = await limited("/v2/roles/given", { method: "PUT", body, headers: { "if-match": "*" } });
  expectProblem(replaced, "PERMISSIONS_EXCEEDED");
  expectProblem(await owner("/v2/roles/taken"), "ROLE_NOT_FOUND");
  const all = await put("/v2/roles/all", { permissions: [...tenantPermissions] });
  expect(all.status).toBe(201);
});

test("of twenty clients that create the same role one creates it, and none of the others replaces it", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => put("/v2/roles/race", reader)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 428)]);
  expect((await owner("/v2/roles/race")).headers["etag"]).toBe('"1"');
});

test("a role that is deleted while a member gets it is either kept or not given", async () => {
  for (let round = 0; round < 10; round += 1) {
    const name = `fleeting-${round}`;
    await put(`/v2/roles/${name}`, reader);
    const member = await addMember(server, "acme-corp", { role: "viewer" });
    const [removed, given] = await Promise.all([
      owner(`/v2/roles/${name}`, { method: "DELETE" }),
      owner(`/v1/members/${member}`, { method: "PATCH", body: { role: name } }),
    ]);
    const role = await owner(`/v2/roles/${name}`);
    const holder = await owner(`/v2/members/${member}`);
    expect([removed.status, given.status, role.status, holder.json.role]).toEqual(
      removed.status === 204 ? [204, 422, 404, "viewer"] : [409, 200, 200, name],
    );
  }
});

async function limitedKey(permissions: readonly string[]): Promise<TenantClient> {
  const made = await owner("/v2/api-keys", { method: "POST", body: { name: "limited", permissions } });
  expect(made.status).toBe(201);
  return (path, options = {}) => owner(path, { ...options, token: made.json.key });
}
