import { expect, test } from "vitest";
import { createTenantClient, createTenantClientV1 } from "./clients.ts";
import { itemsOf } from "./items-of.ts";
import { ProblemError, UnexpectedAnswerError } from "./problem-error.ts";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A client whose requests are kept, and answered with what is given, one after the other. */
function clientOf(...answers: readonly Response[]) {
  const sent: Sent[] = [];
  const left = [...answers];
  const fetch = (async (url: URL, init: RequestInit) => {
    const { method = "GET", headers, body } = init;
    sent.push({ url: String(url), method, headers: new Headers(headers), body });
    return left.shift() ?? Response.json({});
  }) as typeof globalThis.fetch;
  const options = { baseUrl: "https://acme-corp.example.com/base/", token: () => "secret", fetch };
  return { client: createTenantClient(options), clientV1: createTenantClientV1(options), sent };
}

test("a request carries its path, query, headers, token and body, each where it belongs", async () => {
  const { client, sent } = clientOf(Response.json({ version: 2 }, { headers: { etag: '"2"' } }));
  const { etag, status } = await client.replaceDocument({
    collection: "notes",
    id: "a/b?c",
    ifMatch: '"1"',
    body: { body: { title: "ü" } },
  });
  expect([etag, status]).toEqual(['"2"', 200]);
  const [request] = sent;
  expect(request?.url).toBe("https://acme-corp.example.com/base/v2/documents/notes/a%2Fb%3Fc");
  expect(request?.method).toBe("PUT");
  expect(request?.body).toBe('{"body":{"title":"ü"}}');
  expect(Object.fromEntries(request?.headers ?? [])).toEqual({
    accept: "application/json",
    authorization: "Bearer secret",
    "content-type": "application/json",
    "if-match": '"1"',
  });
});

test("a part of a path that would lead elsewhere is refused before anything is sent", async () => {
  const { client, sent } = clientOf();
  for (const id of ["", ".", ".."]) {
    await expect(client.getDocument({ collection: "notes", id })).rejects.toThrow(TypeError);
  }
  expect(sent).toEqual([]);
});

test("what is left out is not sent, and what has no body is null", async () => {
  const { client, sent } = clientOf(new Response(null, { status: 204 }), new Response(null, { status: 304 }));
  expect((await client.deleteDocument({ collection: "notes", id: "x" })).body).toBeNull();
  const known = await client.getDocument({ collection: "notes", id: "x", ifNoneMatch: '"1"' });
  expect([known.status, known.body]).toEqual([304, null]);
  expect(sent[0]?.headers.has("if-match")).toBe(false);
  expect(sent[0]?.body).toBeUndefined();
});

test("a problem becomes an error that says what it is", async () => {
  const problem = {
    type: "urn:tenantry:problem:rate-limited",
    title: "Rate limited",
    status: 429,
    detail: "more requests came than the limit allows",
    code: "RATE_LIMITED",
    requestId: "r",
  };
  const headers = { "content-type": "application/problem+json; charset=utf-8", "retry-after": "7" };
  const { client } = clientOf(new Response(JSON.stringify(problem), { status: 429, headers }));
  const error = await client.getTenant().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({
    code: "RATE_LIMITED",
    status: 429,
    retryAfterSeconds: 7,
    requestId: "r",
    errors: [],
  });
});

test("an answer that is not the API's is an error of its own", async () => {
  const page = () =>
    new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "content-type": "text/html" } });
  const { client } = clientOf(
    page(),
    new Response("<h1>Welcome</h1>", { headers: { "content-type": "text/html" } }),
  );
  for (let n = 0; n < 2; n += 1) {
    const error = await client.getTenant().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect((error as UnexpectedAnswerError).excerpt).toContain("<h1>");
  }
});

test("a list is walked by cursor, or by offset, to its end", async () => {
  const { client, clientV1, sent } = clientOf(
    Response.json({ items: [1, 2], nextCursor: "c" }),
    Response.json({ items: [3], nextCursor: null }),
    Response.json({ items: [4, 5], offset: 0, limit: 2, total: 3 }),
    Response.json({ items: [6], offset: 2, limit: 2, total: 3 }),
  );
  const seen: unknown[] = [];
  for await (const item of itemsOf(client.listDocuments, { collection: "notes", limit: 2 })) seen.push(item);
  for await (const item of itemsOf(clientV1.listDocuments, { collection: "notes", limit: 2 }))
    seen.push(item);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect(sent.map(({ url }) => new URL(url).search)).toEqual([
    "?limit=2",
    "?limit=2&cursor=c",
    "?limit=2",
    "?limit=2&offset=2",
  ]);
});
