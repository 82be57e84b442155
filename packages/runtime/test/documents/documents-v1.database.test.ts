import { afterAll, beforeAll, expect, test } from "vitest";
import { documentSchema } from "../../src/api/documents/document-schema.ts";
import { expectProblem } from "../api/tenant-client.ts";
import { type Answer, ask, type Ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";

let server: TestRuntime;
let token: string;
beforeAll(async () => {
  server = await startTestRuntime();
  token = await server.token("acme-corp", "member");
});
afterAll(() => server[Symbol.asyncDispose]());

const call = (path: string, options: Ask = {}) => ask(server.gatewayPort, path, { token, ...options });

async function create(path: string, body: unknown = {}): Promise<Answer> {
  const answer = await call(path, { method: "POST", body: { body } });
  expect(answer.status).toBe(201);
  return answer;
}

test("version 1 replaces a document without being told which version, and honours If-Match where it is", async () => {
  const { json, headers } = await create("/v1/documents/life", { title: "one" });
  const path = headers["location"] ?? "";
  expect(path).toBe(`/v1/documents/life/${json.id}`);
  const put = await call(path, { method: "PUT", body: { body: { title: "two" } } });
  expect(documentSchema.parse(put.json)).toMatchObject({ version: 2, body: { title: "two" } });
  const stale = await call(path, { method: "PUT", headers: { "if-match": '"1"' }, body: { body: {} } });
  expectProblem(stale, "PRECONDITION_FAILED");
  expect((await call(path, { method: "DELETE" })).status).toBe(204);
  expectProblem(await call(path), "DOCUMENT_NOT_FOUND");
  expectProblem(await call(path, { method: "PUT", body: { body: {} } }), "DOCUMENT_NOT_FOUND");
  const patch = { method: "PATCH", headers: { "content-type": "application/merge-patch+json" } };
  expectProblem(await call(path, { ...patch, body: { body: {} } }), "METHOD_NOT_ALLOWED");
});

test("both versions see the same documents", async () => {
  const first = await create("/v1/documents/shared", { from: "v1" });
  const second = await create("/v2/documents/shared", { from: "v2" });
  expect((await call(`/v2/documents/shared/${first.json.id}`)).json).toEqual(first.json);
  expect((await call(`/v1/documents/shared/${second.json.id}`)).json).toEqual(second.json);
  const pages = await Promise.all(["v1", "v2"].map((version) => call(`/${version}/documents/shared`)));
  expect(pages[0]?.json.items).toEqual(pages[1]?.json.items);
});

test("a page by offset says how many documents there are, also beyond the last one", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await create("/v1/documents/paged", { n })).json.id);
  ids.sort();
  const page = async (query: string) => {
    const { status, json } = await call(`/v1/documents/paged${query}`);
    expect(status).toBe(200);
    return { ...json, items: json.items.map((item: { id: string }) => item.id) };
  };
  expect(await page("")).toEqual({ items: ids, offset: 0, limit: 50, total: 5 });
  expect(await page("?limit=2&offset=2")).toEqual({ items: ids.slice(2, 4), offset: 2, limit: 2, total: 5 });
  expect(await page("?limit=2&offset=4")).toEqual({ items: ids.slice(4), offset: 4, limit: 2, total: 5 });
  expect(await page("?offset=90")).toEqual({ items: [], offset: 90, limit: 50, total: 5 });
  expect((await call("/v1/documents/none")).json).toEqual({ items: [], offset: 0, limit: 50, total: 0 });
  for (const query of ["?offset=-1", "?offset=10001", "?offset=1.5", "?offset=", "?cursor=AAAA"]) {
    expectProblem(await call(`/v1/documents/paged${query}`), "INVALID_PARAMETER");
  }
});

test("no tenant sees another's documents through version 1 either", async () => {
  const { headers } = await create("/v1/documents/private", { secret: "acme" });
  for (const tenant of ["globex-inc", "initech-llc"]) {
    const foreign = { token: await server.token(tenant), host: `${tenant}.localhost` };
    expect((await call("/v1/documents/private", foreign)).json).toMatchObject({ items: [], total: 0 });
    const path = headers["location"] ?? "";
    for (const request of [{}, { method: "PUT", body: { body: {} } }, { method: "DELETE" }]) {
      expectProblem(await call(path, { ...foreign, ...request }), "DOCUMENT_NOT_FOUND");
    }
  }
});
