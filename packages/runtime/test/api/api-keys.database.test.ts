import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeySchema, apiKeysMax, createdApiKeySchema } from "../../src/api/api-keys/api-key-schema.ts";
import { hashOfSecret } from "../../src/identity/api-key.ts";
import type { Answer } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import {
  clientWith,
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

const input = { name: "nightly", permissions: ["documents:read"] };
const dayMs = 86_400_000;
const create = (body: unknown = input, as = owner, version = "v2"): Promise<Answer> =>
  as(`/${version}/api-keys`, { method: "POST", body });

describe.each(["v1", "v2"] as const)("in %s", (version) => {
  test("a key is created, shown once, used, revoked, and stays in the list", async () => {
    const created = await create(input, owner, version);
    expect(created.status).toBe(201);
    const { key, ...shown } = createdApiKeySchema.parse(created.json);
    expect(shown).toMatchObject({
      ...input,
      status: "active",
      createdBy: "ada@example.com",
      revokedAt: null,
    });
    const livesMs = Date.parse(shown.expiresAt ?? "") - Date.parse(shown.createdAt);
    expect(Math.abs(livesMs - 90 * dayMs)).toBeLessThan(60_000);
    const path = created.headers["location"] ?? "";
    expect(path).toBe(`/${version}/api-keys/${shown.id}`);

    const read = await owner(path);
    expect(apiKeySchema.parse(read.json)).toEqual(shown);
    for (const { body } of [read, await owner(`/${version}/api-keys?limit=200`)]) {
      expect(body).not.toContain(key);
      expect(body).not.toContain(hashOfSecret(key));
    }
    const program = clientWith(server, "acme-corp", key);
    expect((await program("/v2/documents/notes")).status).toBe(200);
    expectProblem(await program("/v2/members"), "PERMISSION_MISSING");

    for (let again = 0; again < 2; again += 1) {
      const revoked = await owner(path, { method: "DELETE" });
      expect([revoked.status, revoked.body]).toEqual([204, ""]);
    }
    expectProblem(await program("/v2/documents/notes"), "TOKEN_INVALID");
    const after = apiKeySchema.parse((await owner(path)).json);
    expect(after).toMatchObject({ id: shown.id, status: "revoked" });
    expect(after.revokedAt).not.toBeNull();
    const trail = await trailOf(owner, shown.id);
    // Revoking again is no event.
    expect(trail.map((event) => event.action)).toEqual(["api-key.revoked", "api-key.created"]);
    expect(JSON.stringify(trail)).not.toContain(key);
    expect(JSON.stringify(trail)).not.toContain(hashOfSecret(key));
  });

  test("wrong values are refused, each with its place, and leave nothing", async () => {
    const before = (await owner("/v1/api-keys")).json.total;
    const at = (days: number) => new Date(Date.now() + days * dayMs).toISOString();
    const wrong = [
      [{ ...input, name: "" }, "/name"],
      [{ ...input, permissions: [] }, "/permissions"],
      [{ ...input, permissions: ["tenants:read"] }, "/permissions/0"],
      [{ ...input, expiresAt: at(-1) }, "/expiresAt"],
      [{ ...input, expiresAt: at(366) }, "/expiresAt"],
      [{ ...input, expiresAt: null }, "/expiresAt"],
      [{ ...input, expiresAt: "tomorrow" }, "/expiresAt"],
      [{ ...input, key: "tk_mine" }, "/key"],
    ] as const;
    for (const [body, pointer] of wrong) {
      const answer = await create(body, owner, version);
      expectProblem(answer, "INVALID_BODY");
      expect(answer.json.errors[0].pointer).toBe(pointer);
    }
    expect((await owner("/v1/api-keys")).json.total).toBe(before);
    const made = await create({ ...input, expiresAt: at(364) }, owner, version);
    expect(made.status).toBe(201);
  });

  test("a key creates no keys, even where it may do everything else", async () => {
    const everything = ["api-keys:read", "api-keys:write", "documents:read"];
    const made = await create({ ...input, permissions: everything }, owner, version);
    const program = clientWith(server, "acme-corp", made.json.key);
    expectProblem(await create(input, program, version), "MEMBER_REQUIRED");
    // It can end itself.
    expect((await program(`/${version}/api-keys/${made.json.id}`, { method: "DELETE" })).status).toBe(204);
    expectProblem(await program(`/${version}/api-keys`), "TOKEN_INVALID");
  });

  test("a key that is not there is not found", async () => {
    const path = `/${version}/api-keys/0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37`;
    for (const method of ["GET", "DELETE"]) expectProblem(await owner(path, { method }), "API_KEY_NOT_FOUND");
  });
});

test("an expired key is listed as expired, and opens nothing", async () => {
  const made = await create({ ...input, expiresAt: new Date(Date.now() + 60_000).toISOString() });
  const program = clientWith(server, "acme-corp", made.json.key);
  expect((await program("/v2/documents/notes")).status).toBe(200);
  const past = new Date(Date.now() - 1_000);
  await server.database.store.transact(await tenantNamed(server, "acme-corp"), (db) =>
    db
      .updateTable("api_keys")
      .set({ expires_at: past })
      .where("tenant_id", "=", "acme-corp")
      .where("id", "=", made.json.id),
  );
  const read = await owner(`/v2/api-keys/${made.json.id}`);
  expect(read.json).toMatchObject({ status: "expired", expiresAt: past.toISOString(), revokedAt: null });
});

test("a tenant has at most a hundred keys that are not revoked, however many ask at once", async () => {
  const client = await tenantClient(server, "globex-inc");
  const name = (index: number) => ({ ...input, name: `key ${index}` });
  for (let index = 0; index < apiKeysMax - 5; index += 1) {
    expect((await create(name(index), client)).status).toBe(201);
  }
  const crowd = await Promise.all(Array.from({ length: 30 }, (_, index) => create(name(index), client)));
  expect(crowd.filter(({ status }) => status === 201)).toHaveLength(5);
  for (const answer of crowd.filter(({ status }) => status !== 201))
    expectProblem(answer, "TOO_MANY_API_KEYS");
  const list = (await client("/v1/api-keys?limit=200")).json;
  expect(list.total).toBe(apiKeysMax);
  await client(`/v2/api-keys/${list.items[0].id}`, { method: "DELETE" });
  expect((await create(input, client)).status).toBe(201);
  expectProblem(await create(input, client), "TOO_MANY_API_KEYS");
});
