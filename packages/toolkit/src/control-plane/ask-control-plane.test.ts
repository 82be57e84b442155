import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { askControlPlane, unexpected } from "./ask-control-plane.ts";

let server: Server | undefined;
afterEach(
  () => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))),
);

async function answering(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const list = { method: "GET", path: "/control/v1/tenants" } as const;

test("a request carries the token, and its body as JSON", async () => {
  let seen: unknown;
  const url = await answering((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { authorization, "content-type": type } = request.headers;
      seen = {
        method: request.method,
        url: request.url,
        authorization,
        type,
        body: JSON.parse(text) as unknown,
      };
      response.writeHead(201).end('{"id":"acme-corp"}');
    });
  });
  const answer = await askControlPlane(
    { url, token: "secret" },
    { ...list, method: "POST", body: { id: "acme-corp" } },
    fetch,
  );
  expect(answer).toEqual({ kind: "body", status: 201, body: { id: "acme-corp" } });
  expect(seen).toEqual({
    method: "POST",
    url: "/control/v1/tenants",
    authorization: "Bearer secret",
    type: "application/json",
    body: { id: "acme-corp" },
  });
});

test.each([
  [
    422,
    '{"code":"INVALID_BODY","detail":"wrong","errors":[{"pointer":"/tier","message":"must be one of pool"}]}',
    "TOOLKIT_CONTROL_REFUSED",
    "the control plane answered 422 INVALID_BODY: wrong; /tier must be one of pool",
  ],
  [
    503,
    '{"code":"DATABASE_UNAVAILABLE","title":"Database unavailable"}',
    "TOOLKIT_CONTROL_FAILED",
    "the control plane failed with 503 DATABASE_UNAVAILABLE: Database unavailable",
  ],
  [
    502,
    "<html>",
    "TOOLKIT_CONTROL_FAILED",
    "the control plane failed with 502 without a code: without a detail",
  ],
])("%i %s is %s", async (status, body, code, message) => {
  const url = await answering((_, response) => response.writeHead(status).end(body));
  const answer = await askControlPlane({ url, token: "t" }, list, fetch);
  expect(answer.kind === "problem" && unexpected(answer.problem)).toMatchObject({ code, message });
});

test("a port where nothing listens is told as that", async () => {
  const url = await answering(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await expect(askControlPlane({ url, token: "t" }, list, fetch)).rejects.toMatchObject({
    code: "TOOLKIT_CONTROL_UNREACHABLE",
    message: `the control plane at ${url} does not answer: nothing listens there`,
  });
});

test("what hangs up is told with its reason", async () => {
  const url = await answering((request) => request.socket.destroy());
  await expect(askControlPlane({ url, token: "t" }, list, fetch)).rejects.toMatchObject({
    code: "TOOLKIT_CONTROL_UNREACHABLE",
  });
});
