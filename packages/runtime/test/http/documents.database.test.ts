import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentPageSchema, documentSchema } from "../../src/api/documents/document-schema.ts";
import { tenantSchema } from "../../src/api/tenant-route.ts";
import { type Answer, ask, type Ask, faultOfProblem } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime();
  token = await server.token("acme-corp", "member");
});
afterAll(() => server[Symbol.asyncDispose]());

const call = (path: string, options: Ask = {}) => ask(server.gatewayPort, path, { token, ...options });
const patchType = { "content-type": "application/merge-patch+json" };

async function create(collection: string, body: unknown = { title: "one" }): Promise<Answer> {
  const answer = await call(`/v2/documents/${collection}`, { method: "POST", body: { body } });
  expect(answer.status).toBe(201);
  return answer;
}

function expectProblem(answer: Answer, code: string): void {
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe(code);
}

test("a document is created, read, replaced, patched and deleted, with an ETag for each version", async () => {
  const created = await create("life", { title: "one", tags: ["a"] });
  expect(documentSchema.parse(created.json)).toMatchObject({
    collection: "life",
    version: 1,
    body: { title: "one", tags: ["a"] },
  });
  expect(created.headers["etag"]).toBe('"1"');
  const path = created.headers["location"] ?? "";
  expect(path).toBe(`/v2/documents/life/${created.json.id}`);

  const read = await call(path);
  expect(read.status).toBe(200);
  expect(read.json).toEqual(created.json);

  const replaced = await call(path, {
    method: "PUT",
    headers: { "if-match": '"1"' },
    body: { body: { title: "two" } },
  });
  expect(replaced.status).toBe(200);
  expect(documentSchema.parse(replaced.json)).toMatchObject({ version: 2, body: { title: "two" } });
  expect(replaced.headers["etag"]).toBe('"2"');

  const patched = await call(path, {
    method: "PATCH",
    headers: patchType,
    body: { body: { title: null, done: true } },
  });
  expect(patched.status).toBe(200);
  expect(documentSchema.parse(patched.json)).toMatchObject({ version: 3, body: { done: true } });
  expect(patched.json.body).toEqual({ done: true });
  expect(patched.json.createdAt).toBe(created.json.createdAt);
  expect(patched.json.updatedAt >= created.json.updatedAt).toBe(true);

  const removed = await call(path, { method: "DELETE", headers: { "if-match": '"3"' } });
  expect([removed.status, removed.body]).toEqual([204, ""]);
  expectProblem(await call(path), "DOCUMENT_NOT_FOUND");
  expectProblem(await call(path, { method: "DELETE" }), "DOCUMENT_NOT_FOUND");
  expectProblem(
    await call(path, { method: "PATCH", headers: patchType, body: { body: {} } }),
    "DOCUMENT_NOT_FOUND",
  );
  const put = { method: "PUT", headers: { "if-match": "*" }, body: { body: {} } };
  expectProblem(await call(path, put), "DOCUMENT_NOT_FOUND");
});

describe("preconditions", () => {
  test("replacing needs If-Match, and the version that it names", async () => {
    const { headers } = await create("conditions");
    const path = headers["location"] ?? "";
    expectProblem(await call(path, { method: "PUT", body: { body: {} } }), "PRECONDITION_REQUIRED");
    for (const tag of ['"2"', 'W/"1"', '"x"', '"0"', '"2", "3"']) {
      const answer = await call(path, { method: "PUT", headers: { "if-match": tag }, body: { body: {} } });
      expectProblem(answer, "PRECONDITION_FAILED");
    }
    for (const tag of ['"7", "1"', "*"]) {
      expect(
        (await call(path, { method: "PUT", headers: { "if-match": tag }, body: { body: {} } })).status,
      ).toBe(200);
    }
    expectProblem(
      await call(path, { method: "PUT", headers: { "if-match": "1" }, body: { body: {} } }),
      "MALFORMED_HEADER",
    );
  });

  test("patching and deleting honour If-Match", async () => {
    const { headers } = await create("conditions");
    const path = headers["location"] ?? "";
    const stale = { "if-match": '"9"' };
    expectProblem(
      await call(path, { method: "PATCH", headers: { ...patchType, ...stale }, body: { body: {} } }),
      "PRECONDITION_FAILED",
    );
    expectProblem(await call(path, { method: "DELETE", headers: stale }), "PRECONDITION_FAILED");
    const patch = { method: "PATCH", headers: { ...patchType, "if-match": '"1"' }, body: { body: {} } };
    expect((await call(path, patch)).headers["etag"]).toBe('"2"');
    expect((await call(path, { method: "DELETE", headers: { "if-match": '"2"' } })).status).toBe(204);
  });

  test("reading honours If-None-Match", async () => {
    const { headers } = await create("conditions");
    const path = headers["location"] ?? "";
    const known = await call(path, { headers: { "if-none-match": 'W/"1"' } });
    expect([known.status, known.body, known.headers["etag"]]).toEqual([304, "", '"1"']);
    expect((await call(path, { headers: { "if-none-match": '"2"' } })).status).toBe(200);
    expectProblem(await call(path, { headers: { "if-none-match": "1" } }), "MALFORMED_HEADER");
  });

  test("of twenty clients that replace the same version one wins", async () => {
    const { headers } = await create("race");
    const put = (n: number) =>
      call(headers["location"] ?? "", {
        method: "PUT",
        headers: { "if-match": '"1"' },
        body: { body: { n } },
      });
    const statuses = (await Promise.all(Array.from({ length: 20 }, (_, n) => put(n)))).map(
      (answer) => answer.status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(19);
  });

  test("of twenty clients that patch different members none loses its own", async () => {
    const { headers } = await create("race", {});
    const path = headers["location"] ?? "";
    const patch = (n: number) =>
      call(path, { method: "PATCH", headers: patchType, body: { body: { [`m${n}`]: n } } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => patch(n)));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    const { json } = await call(path);
    expect(Object.keys(json.body)).toHaveLength(20);
    expect(json.version).toBe(21);
  });
});

describe("lists", () => {
  test("pages hold every document once, in the order of ids, while others are added and removed", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 11; n += 1) ids.push((await create("paged", { n })).json.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "?limit=4" : `?limit=4&cursor=${cursor}`;
      const page = documentPageSchema.parse((await call(`/v2/documents/paged${query}`)).json);
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
      if (seen.length === 4) await call(`/v2/documents/paged/${seen[3]}`, { method: "DELETE" });
    } while (cursor !== null);
    expect(seen).toEqual([...ids].sort());
  });

  test("a page is 50 unless the request says 1 to 200; a collection that holds nothing is empty", async () => {
    await Promise.all(Array.from({ length: 53 }, (_, n) => create("many", { n })));
    const first = await call("/v2/documents/many");
    expect(first.json.items).toHaveLength(50);
    expect((await call(`/v2/documents/many?cursor=${first.json.nextCursor}`)).json).toMatchObject({
      nextCursor: null,
    });
    expect((await call("/v2/documents/many?limit=200")).json.items).toHaveLength(53);
    expect((await call("/v2/documents/none")).json).toEqual({ items: [], nextCursor: null });
    for (const limit of ["0", "201", "-1", "1e2", "0x10", "1.0", "+1", " 1", "", "many", "9".repeat(30)]) {
      expectProblem(await call(`/v2/documents/many?limit=${encodeURIComponent(limit)}`), "INVALID_PARAMETER");
    }
  });

  test("a cursor is refused when it was cut, edited, or belongs to another list or tenant", async () => {
    await Promise.all([create("cursors", {}), create("cursors", {})]);
    const { nextCursor } = (await call("/v2/documents/cursors?limit=1")).json;
    const raw = Buffer.from(nextCursor, "base64url");
    const flipped = Buffer.from(raw);
    flipped[raw.length - 1] = (flipped[raw.length - 1] ?? 0) ^ 1;
    const forged = [
      nextCursor.slice(1),
      nextCursor.slice(0, -1),
      `${nextCursor}A`,
      `${nextCursor}==`,
      `${nextCursor}%0A`,
      flipped.toString("base64url"),
      "AAAA",
      "null",
      "..",
      "%00",
      Buffer.from("' or 1=1 --").toString("base64url"),
      Buffer.concat([Buffer.alloc(6), raw.subarray(6)]).toString("base64url"),
    ];
    for (const cursor of forged) {
      expectProblem(await call(`/v2/documents/cursors?cursor=${cursor}`), "INVALID_CURSOR");
    }
    expectProblem(await call(`/v2/documents/many?cursor=${nextCursor}`), "INVALID_CURSOR");
    const foreign = { token: await server.token("globex-inc"), host: "globex-inc.localhost" };
    expectProblem(await call(`/v2/documents/cursors?cursor=${nextCursor}`, foreign), "INVALID_CURSOR");
    expectProblem(await call("/v2/documents/cursors?cursor="), "INVALID_PARAMETER");
    expectProblem(
      await call(`/v2/documents/cursors?cursor=${nextCursor}&cursor=${nextCursor}`),
      "INVALID_PARAMETER",
    );
  });
});

test("what a tenant stores no other tenant sees, be it in the pool or in a schema of its own", async () => {
  const { json, headers } = await create("private", { secret: "acme" });
  for (const tenant of ["globex-inc", "initech-llc"]) {
    const foreign = { token: await server.token(tenant), host: `${tenant}.localhost` };
    expect((await call("/v2/documents/private", foreign)).json.items).toEqual([]);
    const path = headers["location"] ?? "";
    const any = { "if-match": "*" };
    expectProblem(await call(path, foreign), "DOCUMENT_NOT_FOUND");
    expectProblem(await call(path, { ...foreign, method: "DELETE" }), "DOCUMENT_NOT_FOUND");
    expectProblem(
      await call(path, { ...foreign, method: "PUT", headers: any, body: { body: {} } }),
      "DOCUMENT_NOT_FOUND",
    );
    expectProblem(
      await call(path, { ...foreign, method: "PATCH", headers: patchType, body: { body: {} } }),
      "DOCUMENT_NOT_FOUND",
    );
    const own = await call("/v2/documents/private", {
      ...foreign,
      method: "POST",
      body: { body: { secret: tenant } },
    });
    expect(own.status).toBe(201);
    expect((await call("/v2/documents/private", foreign)).json.items).toHaveLength(1);
  }
  expect((await call("/v2/documents/private")).json.items).toEqual([json]);
});

test("unusual but valid content comes back as it went in", async () => {
  const body = {
    constructor: { prototype: { admin: true } },
    toString: 1,
    "": "empty key",
    "ключ/~": "😀",
    "a\nb": "\u0001\u2028",
    numbers: [0, -1, 1.5, 1e-9, 9_007_199_254_740_991],
    nested: [[[{}]]],
    null: null,
  };
  const { headers, json } = await create("unusual", body);
  expect(json.body).toEqual(body);
  expect((await call(headers["location"] ?? "")).json.body).toEqual(body);
});

test("HEAD is GET without the body, OPTIONS says what a path allows, and unknown methods get 405", async () => {
  const { headers } = await create("methods");
  const path = headers["location"] ?? "";
  const head = await call(path, { method: "HEAD" });
  expect([head.status, head.body, head.headers["etag"]]).toEqual([200, "", '"1"']);
  const options = await call(path, { method: "OPTIONS" });
  expect([options.status, options.headers["allow"]]).toEqual([204, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"]);
  const post = await call(path, { method: "POST", body: {} });
  expectProblem(post, "METHOD_NOT_ALLOWED");
  expect(post.headers["allow"]).toBe("DELETE, GET, HEAD, OPTIONS, PATCH, PUT");
  for (const method of ["TRACE", "PROPFIND", "MKCOL"]) {
    expectProblem(await call("/v2/documents/methods", { method }), "METHOD_NOT_ALLOWED");
  }
});

test("every response of ours is safe for browsers and says which request it answers", async () => {
  for (const path of ["/v2/tenant", "/v2/nothing", "/health/live", "/v2/openapi.json"]) {
    const { headers } = await call(path);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(headers).not.toHaveProperty("server");
    expect(headers).not.toHaveProperty("x-powered-by");
  }
  const { headers } = await call("/v2/tenant", { headers: { "x-request-id": "chosen-by-the-client" } });
  expect(headers["x-request-id"]).not.toBe("chosen-by-the-client");
});

test("the tenant is shown without where it is placed", async () => {
  const { json } = await call("/v2/tenant");
  expect(tenantSchema.parse(json)).toEqual(json);
});

test("the log holds the template and the status of each request, and no token, id or body", async () => {
  server.log.length = 0;
  const { json } = await create("logged", { secret: "in the body" });
  await call(`/v2/documents/logged/${json.id}?cursor=secret-in-the-query`);
  await expect.poll(() => server.log.length).toBe(2);
  expect(server.log[0]).toMatchObject({
    kind: "access",
    listener: "gateway",
    tenant: "acme-corp",
    method: "POST",
    route: "/v2/documents/:collection",
    status: 201,
    problem: null,
  });
  expect(server.log[1]).toMatchObject({ route: "/v2/documents/:collection/:id", method: "GET", status: 200 });
  const text = JSON.stringify(server.log);
  for (const secret of [token, json.id, "in the body", "in-the-query", "logged"])
    expect(text).not.toContain(secret);
});
