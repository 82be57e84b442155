import http from "node:http";
import { type Clock, systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sweepIdempotencyKeys } from "../../src/http/idempotency.ts";
import { issueToken } from "../../src/identity/issue-token.ts";
import type { Tenant } from "../../src/tenants/tenant.ts";
import { expectProblem } from "../api/tenant-client.ts";
import { ask, type Ask } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime();
  token = await server.token("acme-corp");
});
afterAll(() => server[Symbol.asyncDispose]());

const call = (path: string, options: Ask = {}) => ask(server.gatewayPort, path, { token, ...options });
const post = (path: string, key: string, body: unknown = { body: { n: 1 } }, options: Ask = {}) =>
  call(path, { method: "POST", body, ...options, headers: { "idempotency-key": key, ...options.headers } });
const total = async (collection: string, options: Ask = {}): Promise<number> =>
  (await call(`/v1/documents/${collection}`, options)).json.total;

async function tenant(id: string): Promise<Tenant> {
  const found = await server.database.registry.find(id as TenantId);
  if (found === undefined || found === null) throw new Error(`no tenant ${id}`);
  return found;
}

test.each(["/v1/documents/repeat-one", "/v2/documents/repeat-two", "/v2/documents/repeat-three/bulk"])(
  "a request to %s that repeats gets the first answer to the byte, and nothing is done again",
  async (path) => {
    const body = path.endsWith("/bulk")
      ? { operations: [{ op: "create", body: { "10": 1, z: 1, a: "ü" } }] }
      : { body: { "10": 1, z: 1, a: "ü" } };
    const first = await post(path, `first ${path}`.replace(" ", "-"), body);
    const again = await post(path, `first ${path}`.replace(" ", "-"), body);
    expect(again.body).toBe(first.body);
    expect(again.status).toBe(first.status);
    for (const name of ["etag", "location", "content-type"])
      expect(again.headers[name]).toBe(first.headers[name]);
    expect(first.headers).not.toHaveProperty("idempotency-replayed");
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(await total(path.split("/")[3] ?? "")).toBe(1);
    // Without the key it is another request, and done.
    await call(path, { method: "POST", body });
    expect(await total(path.split("/")[3] ?? "")).toBe(2);
  },
);

test("a key belongs to one request: another body, path, version or person is refused with it", async () => {
  const path = "/v2/documents/reused";
  expect((await post(path, "key-2", { body: { a: 1, b: 2 } })).status).toBe(201);
  // The order of members means nothing in JSON.
  expect((await post(path, "key-2", '{ "body": {"b": 2, "a": 1} }')).status).toBe(201);
  expectProblem(await post(path, "key-2", { body: { a: 1, b: 3 } }), "IDEMPOTENCY_KEY_REUSED");
  expectProblem(await post(`${path}-else`, "key-2", { body: { a: 1, b: 2 } }), "IDEMPOTENCY_KEY_REUSED");
  expectProblem(
    await post("/v1/documents/reused", "key-2", { body: { a: 1, b: 2 } }),
    "IDEMPOTENCY_KEY_REUSED",
  );
  expect(await total("reused")).toBe(1);
});

test("tenants have keys of their own, in the pool and in a schema of their own", async () => {
  for (const id of ["acme-corp", "globex-inc", "initech-llc"]) {
    const options = { token: await server.token(id), host: `${id}.localhost` };
    const answer = await post("/v2/documents/own", "same-key", { body: { of: id } }, options);
    expect(answer.status).toBe(201);
    expect(answer.json.body).toEqual({ of: id });
    const again = await post("/v2/documents/own", "same-key", { body: { of: id } }, options);
    expect(again.body).toBe(answer.body);
    expect(await total("own", options)).toBe(1);
  }
});

test("a key is 1 to 255 visible ASCII characters, with or without the quotes of a structured field", async () => {
  const path = "/v2/documents/keys";
  for (const key of ["", " ", "a b", "ä", "x".repeat(256), '""', '"a b"', '"a', '"a"b"']) {
    const headers = { "idempotency-key": Buffer.from(key).toString("latin1") };
    expectProblem(await call(path, { method: "POST", headers, body: { body: {} } }), "MALFORMED_HEADER");
  }
  const twice = { "idempotency-key": ["a", "b"] };
  expectProblem(await call(path, { method: "POST", headers: twice, body: { body: {} } }), "MALFORMED_HEADER");
  expect((await post(path, "x".repeat(255))).status).toBe(201);
  expect((await post(path, '"quoted"')).status).toBe(201);
  expect((await post(path, "quoted")).headers["idempotency-replayed"]).toBe("true");
});

test("a request that failed did nothing and keeps no key", async () => {
  const { json } = await call("/v2/documents/failed", { method: "POST", body: { body: {} } });
  const body = { operations: [{ op: "patch", id: json.id, ifMatch: '"2"', body: { done: true } }] };
  expectProblem(await post("/v2/documents/failed/bulk", "key-3", body), "BULK_REFUSED");
  await call(`/v2/documents/failed/${json.id}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { body: {} },
  });
  const again = await post("/v2/documents/failed/bulk", "key-3", body);
  expect([again.status, again.headers["idempotency-replayed"]]).toEqual([200, undefined]);
});

describe("requests that come at once, or are cut off", () => {
  test("twenty equal requests have one effect; each gets its answer, or is asked to come back", async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      const collection = `at-once-${round}`;
      const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          post(`/v2/documents/${collection}`, `race-${round}`, { body: { n: 1 } }, { agent }),
        ),
      );
      agent.destroy();
      const done = answers.filter(({ status }) => status === 201);
      expect(done.length).toBeGreaterThan(0);
      expect(new Set(done.map(({ body }) => body)).size).toBe(1);
      expect(done.filter(({ headers }) => headers["idempotency-replayed"] === undefined)).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        expectProblem(answer, "IDEMPOTENCY_KEY_IN_USE");
        expect(answer.headers["retry-after"]).toBe("1");
      }
      expect(await total(collection)).toBe(1);
    }
  });

  test("without a key the same twenty requests have twenty effects", async () => {
    const request = () => call("/v2/documents/no-key", { method: "POST", body: { body: {} } });
    await Promise.all(Array.from({ length: 20 }, request));
    expect(await total("no-key")).toBe(20);
  });

  test("a client that goes away at any moment and asks again has had one effect", async () => {
    for (let round = 0; round < 60; round += 1) {
      const key = `gone-${round}`;
      const collection = `gone-${round}`;
      await abandonedPost(`/v2/documents/${collection}`, key, (round * 0.35) % 12);
      await expect
        .poll(async () => (await post(`/v2/documents/${collection}`, key)).status, { interval: 20 })
        .toBe(201);
      expect(await total(collection)).toBe(1);
    }
  });

  /** Sends a request and breaks the connection after a while. */
  function abandonedPost(path: string, key: string, afterMs: number): Promise<void> {
    return new Promise((resolve) => {
      const request = http.request({
        host: "127.0.0.1",
        port: server.gatewayPort,
        path,
        method: "POST",
        agent: false,
        headers: {
          host: "acme-corp.localhost",
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
      });
      request.on("error", () => undefined);
      request.on("close", resolve);
      request.end(JSON.stringify({ body: { n: 1 } }));
      setTimeout(() => request.destroy(), afterMs);
    });
  }
});

describe("what is kept", () => {
  test("is forgotten after a day: the same key is then as good as new", async () => {
    const tomorrow = await server.startAnother({}, { clock: tomorrowClock });
    try {
      const path = "/v2/documents/tomorrow";
      expect((await post(path, "key-4")).status).toBe(201);
      expect((await post(path, "key-4")).headers["idempotency-replayed"]).toBe("true");
      const later = await ask(portOf(tomorrow.gatewayUrl), path, {
        method: "POST",
        token: await laterToken(),
        headers: { "idempotency-key": "key-4" },
        body: { body: { n: 1 } },
      });
      expect([later.status, later.headers["idempotency-replayed"]]).toEqual([201, undefined]);
      expect(await total("tomorrow")).toBe(2);
    } finally {
      await tomorrow.drain();
    }
  });

  const tomorrowClock: Clock = {
    nowMs: () => systemClock.nowMs() + 86_400_000 + 60_000,
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
  };

  function laterToken(): Promise<string> {
    const about = { issuer: "https://issuer.example.com", platform: server.config.platform.name };
    const member = { subject: "ada@example.com", tenant: "acme-corp" as TenantId, role: "owner" } as const;
    return issueToken(
      server.key,
      { kind: "tenant", ...about, ...member },
      { clock: tomorrowClock, random: systemRandom },
    );
  }

  test("is deleted in bounded batches once it is a day old, and nothing younger with it", async () => {
    const globex = await tenant("globex-inc");
    const nowMs = Date.now();
    const rows = Array.from({ length: 1_100 }, (_, n) => ({
      tenant_id: globex.id,
      key: `old-${n}`,
      fingerprint: "",
      created_at: new Date(nowMs - 86_400_000 - 1_000 - n),
    }));
    await server.database.store.transact(globex, (db) => db.insertInto("idempotency_keys").values(rows));
    const young = { ...rows[0], key: "young", created_at: new Date(nowMs - 86_000_000) } as (typeof rows)[0];
    await server.database.store.transact(globex, (db) => db.insertInto("idempotency_keys").values(young));
    const left = async () =>
      (
        await server.database.store.read(globex, (db) =>
          db
            .selectFrom("idempotency_keys")
            .select("key")
            .where("tenant_id", "=", globex.id)
            .where("key", "!=", "same-key"),
        )
      ).map(({ key }) => key);
    expect(await sweepIdempotencyKeys(server.database.store, globex, nowMs)).toBe("more");
    expect(await left()).toHaveLength(101);
    expect(await sweepIdempotencyKeys(server.database.store, globex, nowMs)).toBe("later");
    expect(await left()).toEqual(["young"]);
  });

  test.each([
    ["/v2/api-keys", { name: "import", permissions: ["documents:read"] }, "key"],
    ["/v1/invitations", { email: "new@example.com", role: "member" }, "token"],
  ])("is no secret: a repeat of %s is told that it is one", async (path, body, secret) => {
    const key = `secret ${path}`.replace(" ", "-");
    const first = await post(path, key, body);
    expect(first.status).toBe(201);
    expect(first.json[secret]).toMatch(/^t[ki]_/);
    expectProblem(await post(path, key, body), "IDEMPOTENCY_KEY_SPENT");
    const reworded = path.endsWith("api-keys") ? { ...body, name: "other" } : { ...body, role: "viewer" };
    expectProblem(await post(path, key, reworded), "IDEMPOTENCY_KEY_REUSED");
    expect((await call(path)).json.items).toHaveLength(1);
    const acme = await tenant("acme-corp");
    const rows = await server.database.store.read(acme, (db) =>
      db.selectFrom("idempotency_keys").selectAll().where("tenant_id", "=", acme.id).where("key", "=", key),
    );
    expect(rows[0]).toMatchObject({ status: 201, headers: null, body: null });
  });
});
