import http from "node:http";
import { Readable } from "node:stream";
import {
  createTenantClient,
  createTenantClientV1,
  createControlClient,
  itemsOf,
  ProblemError,
} from "@tenantry/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestRuntime, type TestRuntime } from "../../packages/runtime/test/http/test-runtime.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Tenants' hosts have no address here: the request goes to this machine, and names the host. */
const localFetch = (async (input: URL, init: RequestInit) => {
  const url = new URL(input);
  const headers = { ...Object.fromEntries(new Headers(init.headers)), host: url.host };
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port: url.port,
        path: `${url.pathname}${url.search}`,
        method: init.method,
        headers,
        agent: false,
      },
      resolve,
    );
    request.on("error", reject);
    if (init.body instanceof ReadableStream) Readable.fromWeb(init.body as never).pipe(request);
    else request.end(init.body);
  });
  const status = response.statusCode ?? 0;
  const body =
    status === 204 || status === 304 ? null : (Readable.toWeb(response) as unknown as ReadableStream);
  return new Response(body, { status, headers: response.headers as Record<string, string> });
}) as typeof globalThis.fetch;

const options = (tenant: string) => ({
  baseUrl: `http://${tenant}.localhost:${server.gatewayPort}`,
  token: () => server.token(tenant),
  fetch: localFetch,
});

test("a program lives with documents through the client: versions, bulk, keys, pages", async () => {
  const client = createTenantClient(options("acme-corp"));
  const first = await client.createDocument({
    collection: "notes",
    body: { body: { title: "one" } },
    idempotencyKey: "note-1",
  });
  const again = await client.createDocument({
    collection: "notes",
    body: { body: { title: "one" } },
    idempotencyKey: "note-1",
  });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  const address = { collection: "notes", id: first.body.id };
  const changed = await client.patchDocument({
    ...address,
    ifMatch: first.etag ?? "",
    body: { body: { done: true } },
  });
  expect(changed.body.body).toEqual({ title: "one", done: true });
  const stale = await client
    .replaceDocument({ ...address, ifMatch: first.etag ?? "", body: { body: {} } })
    .catch((error: unknown) => error);
  expect(stale).toBeInstanceOf(ProblemError);
  expect((stale as ProblemError).code).toBe("PRECONDITION_FAILED");
  expect((await client.getDocument({ ...address, ifNoneMatch: changed.etag ?? "" })).status).toBe(304);
  const bulk = await client.changeDocuments({
    collection: "notes",
    body: { operations: Array.from({ length: 6 }, (_, n) => ({ op: "create", body: { n } }) as const) },
  });
  expect(bulk.body.outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201));
  const seen: string[] = [];
  for await (const document of itemsOf(client.listDocuments, { collection: "notes", limit: 3 }))
    seen.push(document.id);
  expect(new Set(seen).size).toBe(7);
  const byOffset: string[] = [];
  const old = createTenantClientV1(options("acme-corp"));
  for await (const document of itemsOf(old.listDocuments, { collection: "notes", limit: 3 }))
    byOffset.push(document.id);
  expect(byOffset).toEqual(seen);
});

test("a file goes in as a stream and comes out as one", async () => {
  const client = createTenantClient(options("initech-llc"));
  const content = new Blob(["first ", "second"]).stream();
  const { body: file } = await client.createFile({
    name: "two.txt",
    body: content,
    contentType: "text/plain",
  });
  expect(file).toMatchObject({ name: "two.txt", mediaType: "text/plain", sizeBytes: 12 });
  const read = await client.getFileContent({ id: file.id });
  expect(await new Response(read.body).text()).toBe("first second");
  const part = await client.getFileContent({ id: file.id, range: "bytes=6-" });
  expect([part.status, await new Response(part.body).text()]).toEqual([206, "second"]);
  await client.deleteFile({ id: file.id });
  await expect(client.getFile({ id: file.id })).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    status: 404,
  });
});

test("an operator reads the tenants", async () => {
  const client = createControlClient({
    baseUrl: server.runtime.controlUrl,
    token: () => server.controlToken(),
  });
  const ids: string[] = [];
  for await (const tenant of itemsOf(client.listTenants, {})) ids.push(tenant.id);
  expect(ids).toEqual(expect.arrayContaining(["acme-corp", "globex-inc", "initech-llc"]));
});

test("a token of another tenant is a problem, with its code", async () => {
  const client = createTenantClient({ ...options("globex-inc"), token: await server.token("acme-corp") });
  await expect(client.getTenant()).rejects.toMatchObject({ code: "TOKEN_FOR_ANOTHER_TENANT", status: 403 });
});
