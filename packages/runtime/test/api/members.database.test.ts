import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memberSchema } from "../../src/api/members/member-schema.ts";
import { type Answer } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import {
  addMember,
  addSignIn,
  expectProblem,
  mergePatchType,
  type TenantClient,
  tenantClient,
  tenantNamed,
  trailOf,
} from "./tenant-client.ts";

let server: TestRuntime;
let owner: TenantClient;
let admin: TenantClient;
beforeAll(async () => {
  server = await startTestRuntime();
  owner = await tenantClient(server, "acme-corp");
  admin = await tenantClient(server, "acme-corp", "admin");
});
afterAll(() => server[Symbol.asyncDispose]());

const versions = ["v1", "v2"] as const;

function patch(version: "v1" | "v2", id: string, body: unknown, as = owner, headers = {}): Promise<Answer> {
  const type = version === "v1" ? {} : mergePatchType;
  return as(`/${version}/members/${id}`, { method: "PATCH", body, headers: { ...type, ...headers } });
}

/** Whether the sign-in still holds: undefined when there is none. */
async function isRevoked(signIn: string): Promise<boolean | undefined> {
  const rows = await server.database.store.read(await tenantNamed(server, "acme-corp"), (db) =>
    db.selectFrom("sign_ins").select("revoked_at").where("id", "=", signIn),
  );
  return rows[0] === undefined ? undefined : rows[0].revoked_at !== null;
}

describe.each(versions)("in %s", (version) => {
  test("a member is read, changed and removed, with an ETag for each version and an event for each change", async () => {
    const id = await addMember(server, "acme-corp", { role: "viewer" });
    const path = `/${version}/members/${id}`;
    const read = await owner(path);
    expect([read.status, read.headers["etag"]]).toEqual([200, '"1"']);
    expect(memberSchema.parse(read.json)).toMatchObject({ role: "viewer", status: "active" });
    expect(read.body).not.toContain("hash");
    expect((await owner(path, { headers: { "if-none-match": '"1"' } })).status).toBe(304);

    expectProblem(
      await patch(version, id, { name: "Grace" }, owner, { "if-match": '"2"' }),
      "PRECONDITION_FAILED",
    );
    const changed = await patch(version, id, { name: "Grace", role: "member" }, admin, { "if-match": '"1"' });
    expect([changed.status, changed.headers["etag"]]).toEqual([200, '"2"']);
    expect(memberSchema.parse(changed.json)).toMatchObject({ name: "Grace", role: "member", version: 2 });
    expect(changed.body).not.toContain("hash");

    // What changes nothing is no change: no new version, no event.
    for (const same of [{}, { name: "Grace" }, { role: "member", status: "active" }]) {
      expect((await patch(version, id, same)).json).toEqual(changed.json);
    }
    expectProblem(
      await owner(path, { method: "DELETE", headers: { "if-match": '"1"' } }),
      "PRECONDITION_FAILED",
    );
    expect((await owner(path, { method: "DELETE", headers: { "if-match": '"2"' } })).status).toBe(204);
    for (const method of ["GET", "DELETE"]) expectProblem(await owner(path, { method }), "MEMBER_NOT_FOUND");
    expectProblem(await patch(version, id, { name: "x" }), "MEMBER_NOT_FOUND");

    const trail = await trailOf(owner, id);
    expect(trail.map((event) => [event.action, event.actor])).toEqual([
      ["member.removed", "ada@example.com"],
      ["member.updated", "ada@example.com"],
    ]);
    expect(trail[1].details).toEqual({
      before: { name: "Someone", role: "viewer" },
      after: { name: "Grace", role: "member" },
    });
  });

  test("wrong values are refused, each with its place", async () => {
    const id = await addMember(server, "acme-corp", { role: "viewer" });
    const wrong = [
      [{ name: null }, "/name"],
      [{ role: null }, "/role"],
      [{ role: "nobody" }, "/role"],
      [{ role: "No Role" }, "/role"],
      [{ status: "gone" }, "/status"],
      [{ email: "eve@example.com" }, "/email"],
      [{ password_hash: "x" }, "/password_hash"],
    ] as const;
    for (const [body, pointer] of wrong) {
      const answer = await patch(version, id, body);
      expectProblem(answer, "INVALID_BODY");
      expect(answer.json.errors[0].pointer).toBe(pointer);
    }
    expect((await owner(`/${version}/members/${id}`)).headers["etag"]).toBe('"1"');
    const type = version === "v1" ? mergePatchType : { "content-type": "application/json" };
    expectProblem(await patch(version, id, {}, owner, type), "UNSUPPORTED_MEDIA_TYPE");
  });

  test("only an owner makes, changes or removes an owner", async () => {
    const [first, second, other] = [
      await addMember(server, "acme-corp", { role: "owner" }),
      await addMember(server, "acme-corp", { role: "owner" }),
      await addMember(server, "acme-corp", { role: "member" }),
    ];
    for (const body of [{ role: "viewer" }, { status: "suspended" }, { name: "Mallory" }]) {
      expectProblem(await patch(version, first, body, admin), "OWNER_REQUIRED");
    }
    expectProblem(await admin(`/${version}/members/${first}`, { method: "DELETE" }), "OWNER_REQUIRED");
    expectProblem(await patch(version, other, { role: "owner" }, admin), "OWNER_REQUIRED");
    const key = await keyOf(["members:read", "members:write"]);
    expectProblem(await patch(version, other, { role: "owner" }, key), "OWNER_REQUIRED");
    expect((await patch(version, other, { role: "owner" })).status).toBe(200);
    expect((await patch(version, other, { role: "viewer" })).status).toBe(200);
    for (const id of [first, second, other]) await removeForGood(id);
  });

  test("nobody gives more than they have, neither by a role nor by letting somebody in again", async () => {
    const key = await keyOf(["members:read", "members:write", "documents:read", "tenant:read", "files:read"]);
    const id = await addMember(server, "acme-corp", { role: "member" });
    const suspended = await addMember(server, "acme-corp", { role: "admin", status: "suspended" });
    expectProblem(await patch(version, id, { role: "admin" }, key), "PERMISSIONS_EXCEEDED");
    expectProblem(await patch(version, suspended, { status: "active" }, key), "PERMISSIONS_EXCEEDED");
    expect((await patch(version, id, { role: "viewer" }, key)).status).toBe(200);
    expect((await patch(version, suspended, { status: "active" }, admin)).status).toBe(200);
  });

  test("whoever is suspended or removed is signed out, and nobody else", async () => {
    const [one, other] = [
      await addMember(server, "acme-corp", { role: "viewer" }),
      await addMember(server, "acme-corp", { role: "viewer" }),
    ];
    const signIns = [await addSignIn(server, "acme-corp", one), await addSignIn(server, "acme-corp", one)];
    const kept = await addSignIn(server, "acme-corp", other);
    await patch(version, one, { name: "Still here" });
    expect(await Promise.all(signIns.map(isRevoked))).toEqual([false, false]);
    await patch(version, one, { status: "suspended" });
    expect(await Promise.all([...signIns, kept].map(isRevoked))).toEqual([true, true, false]);
    await owner(`/${version}/members/${other}`, { method: "DELETE" });
    expect(await isRevoked(kept)).toBeUndefined();
  });
});

describe("the last active owner", () => {
  test.each(versions)("is not demoted, suspended or removed in %s", async (version) => {
    const last = await addMember(server, "acme-corp", { role: "owner" });
    // Neither a suspended owner nor an admin counts.
    const idle = await addMember(server, "acme-corp", { role: "owner", status: "suspended" });
    await addMember(server, "acme-corp", { role: "admin" });
    for (const body of [{ role: "admin" }, { status: "suspended" }]) {
      expectProblem(await patch(version, last, body), "LAST_OWNER");
    }
    expectProblem(await owner(`/${version}/members/${last}`, { method: "DELETE" }), "LAST_OWNER");
    expect((await patch(version, last, { name: "Last" })).status).toBe(200);
    expect((await patch(version, idle, { status: "active" })).status).toBe(200);
    expect((await patch(version, last, { role: "admin" })).status).toBe(200);
    for (const id of [last, idle]) await removeForGood(id);
  });

  test(
    "stays when two owners demote, suspend and remove each other at once",
    { timeout: 60_000 },
    async () => {
      const ends = [
        (id: string) => patch("v2", id, { role: "admin" }),
        (id: string) => patch("v1", id, { status: "suspended" }),
        (id: string) => owner(`/v2/members/${id}`, { method: "DELETE" }),
      ];
      let refusals = 0;
      for (let round = 0; round < 30; round += 1) {
        const ids = [
          await addMember(server, "acme-corp", { role: "owner" }),
          await addMember(server, "acme-corp", { role: "owner" }),
        ];
        const answers = await Promise.all(ids.map((id, index) => ends[(round + index * 2) % 3]?.(id)));
        const refused = answers.filter((answer) => answer?.status === 409);
        for (const answer of refused) if (answer !== undefined) expectProblem(answer, "LAST_OWNER");
        expect(answers.filter((answer) => (answer?.status ?? 500) < 300)).toHaveLength(1);
        refusals += refused.length;
        expect(await activeOwners()).toHaveLength(1);
        for (const id of ids) await removeForGood(id);
      }
      expect(refusals).toBe(30);
    },
  );
});

test("pages by offset and by cursor show the same members, and no hash", async () => {
  const client = await tenantClient(server, "globex-inc");
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1)
    ids.push(await addMember(server, "globex-inc", { role: "viewer" }));
  const whole = (await client("/v1/members")).json;
  expect(whole.items.map(({ id }: { id: string }) => id)).toEqual(ids.toSorted());
  const first = (await client("/v2/members?limit=3")).json;
  const second = (await client(`/v2/members?limit=3&cursor=${first.nextCursor}`)).json;
  expect([...first.items, ...second.items]).toEqual(whole.items);
  expect(second.nextCursor).toBeNull();
  expect((await client("/v1/members?limit=2&offset=3")).json.items).toEqual(whole.items.slice(3));
  expect(JSON.stringify(whole)).not.toContain("hash");
  expectProblem(await client(`/v2/audit-events?cursor=${first.nextCursor}`), "INVALID_CURSOR");
});

async function activeOwners(): Promise<readonly string[]> {
  const rows = await server.database.store.read(await tenantNamed(server, "acme-corp"), (db) =>
    db.selectFrom("members").select("id").where("role", "=", "owner").where("status", "=", "active"),
  );
  return rows.map(({ id }) => id);
}

async function removeForGood(id: string): Promise<void> {
  await server.database.store.transact(await tenantNamed(server, "acme-corp"), (db) =>
    db.deleteFrom("members").where("tenant_id", "=", "acme-corp").where("id", "=", id),
  );
}

async function keyOf(permissions: readonly string[]): Promise<TenantClient> {
  const made = await owner("/v2/api-keys", { method: "POST", body: { name: "limited", permissions } });
  expect(made.status).toBe(201);
  return (path, options = {}) => owner(path, { ...options, token: made.json.key });
}
