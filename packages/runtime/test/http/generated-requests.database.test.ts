import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, sendRaw } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
let token: string;
let id: string;
beforeAll(async () => {
  server = await startTestRuntime({}, { services: "none" });
  token = await server.token("acme-corp");
  const created = await ask(server.gatewayPort, "/v2/documents/notes", {
    method: "POST",
    token,
    body: { body: {} },
  });
  id = created.json.id;
});
afterAll(() => server[Symbol.asyncDispose]());

test("two thousand generated requests meet no failure of ours", { timeout: 60_000 }, async () => {
  const word = fc.oneof(
    fc.constantFrom(
      "v2",
      "documents",
      "notes",
      "tenant",
      id,
      "..",
      ".",
      "%2e",
      "%00",
      "%",
      "",
      "openapi.json",
      "health",
      "ready",
      "*",
    ),
    fc.string({ maxLength: 8 }).map(encodeURIComponent),
  );
  const path = fc.array(word, { maxLength: 6 }).map((words) => `/${words.join("/")}`);
  const known = fc.constantFrom(
    "/v2/documents/notes",
    `/v2/documents/notes/${id}`,
    "/v2/tenant",
    "/control/v1/tenants",
  );
  const value = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
  const header = fc.tuple(
    fc.constantFrom(
      "if-match",
      "if-none-match",
      "accept",
      "content-type",
      "x-a",
      "range",
      "expect",
      "connection",
      "content-encoding",
      "transfer-encoding",
    ),
    fc.oneof(
      value,
      fc.constantFrom(
        "*",
        '"1"',
        "application/json",
        "application/merge-patch+json",
        "chunked",
        "100-continue",
        "close",
      ),
    ),
  );
  const content = fc.oneof(
    fc.constant(undefined),
    fc.json({ maxDepth: 6 }),
    fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }).map((inner) => JSON.stringify({ body: inner })),
    fc
      .dictionary(fc.string({ unit: "binary" }), fc.jsonValue())
      .map((inner) => JSON.stringify({ body: inner })),
    fc.string(),
  );
  const wild = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"),
    path: fc.oneof(known, path),
    query: fc.oneof(
      fc.constant(""),
      fc.string({ maxLength: 12 }).map((text) => `?limit=${encodeURIComponent(text)}`),
      fc.constant("?cursor=AAAA"),
    ),
    headers: fc.array(header, { maxLength: 3 }),
    content,
    typed: fc.boolean(),
    listener: fc.constantFrom("gateway", "gateway", "gateway", "control"),
  });
  // Most wild requests stop at the door; these get as far as the database.
  const object = fc
    .dictionary(
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }),
    )
    .map((inner) => JSON.stringify({ body: inner }));
  const plausible = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "PATCH"),
    path: fc.constantFrom("/v2/documents/notes", `/v2/documents/notes/${id}`),
    query: fc.constant(""),
    headers: fc.constantFrom<[string, string][]>([], [["if-match", "*"]]),
    content: object,
    typed: fc.constant(true),
    listener: fc.constant("gateway"),
  });
  const request = fc.oneof(wild, plausible);
  const operator = await server.controlToken();
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const bytes = Buffer.from(one.method === "GET" ? "" : (one.content ?? ""));
      const type = one.method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const text = [
        `${one.method} ${one.path}${one.query} HTTP/1.1`,
        "Host: acme-corp.localhost",
        `Authorization: Bearer ${one.listener === "gateway" ? token : operator}`,
        ...one.headers.map(([name, text]) => `${name}: ${text}`),
        ...(one.typed ? [`content-type: ${type}`] : []),
        ...(one.content === undefined || one.method === "GET" ? [] : [`content-length: ${bytes.length}`]),
        "connection: close",
        "",
        "",
      ].join("\r\n");
      const port = one.listener === "gateway" ? server.gatewayPort : server.controlPort;
      const raw = await sendRaw(port, Buffer.concat([Buffer.from(text), bytes]), 60);
      const status = Number(/^HTTP\/1\.1 (?:100 [^\r]*\r\n\r\nHTTP\/1\.1 )?(\d{3})/.exec(raw)?.[1]);
      expect(status, `${text}\n${raw}`).toBeGreaterThanOrEqual(200);
      expect(status, `${text}\n${raw}`).toBeLessThan(500);
      if (status >= 400 && one.method !== "HEAD") expect(raw).toContain("application/problem+json");
    }),
    { numRuns: 2_000 },
  );
  expect(server.log.filter((entry) => entry.kind === "failure")).toEqual([]);
  // Generated requests that were all refused at the door would prove little.
  const reached = (status: number) =>
    server.log.filter((entry) => entry.kind === "access" && entry.status === status).length;
  for (const status of [200, 201, 400, 404, 422])
    expect(reached(status), `answers with ${status}`).toBeGreaterThan(10);
});
