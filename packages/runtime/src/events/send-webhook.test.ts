import http from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@tenantry/base";
import { afterEach, expect, test } from "vitest";
import { type ResolveHost, type SendOptions, sendWebhook } from "./send-webhook.ts";

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handle: http.RequestListener): Promise<number> {
  const server = http.createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const options = (change: Partial<SendOptions> = {}): SendOptions => ({
  allowLoopback: true,
  clock: systemClock,
  resolveHost: () => Promise.reject(Object.assign(new Error("no name"), { code: "ENOTFOUND" })),
  timeoutMs: 2_000,
  signal: new AbortController().signal,
  ...change,
});
const send = (url: string, change: Partial<SendOptions> = {}) =>
  sendWebhook({ url, headers: { "webhook-id": "1" }, body: "{}" }, options(change));

test("only the status of the answer counts, and Retry-After", async () => {
  const port = await serve((_request, response) =>
    response.writeHead(503, { "retry-after": "120" }).end("soon"),
  );
  expect(await send(`http://127.0.0.1:${port}/`)).toEqual({
    kind: "answered",
    status: 503,
    retryAfterSeconds: 120,
  });
});

test("a redirect is an answer and is not followed", async () => {
  let followed = 0;
  const target = await serve((_request, response) => {
    followed += 1;
    response.end();
  });
  const port = await serve((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${target}/` }).end(),
  );
  expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 307 });
  expect(followed).toBe(0);
});

test("an endless answer is cut off, and its status counts", async () => {
  let written = 0;
  const port = await serve((_request, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(16_384);
    const more = () => {
      if (response.destroyed) return;
      written += chunk.length;
      if (response.write(chunk)) setImmediate(more);
      else response.once("drain", more);
    };
    more();
  });
  const startMs = performance.now();
  expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "answered", status: 200 });
  expect(performance.now() - startMs).toBeLessThan(1_500);
  // What is in the buffers of both sides is more than what was read.
  expect(written).toBeLessThan(64 * 1_048_576);
});

test("who does not answer in time has failed, who answers and does not end has not", async () => {
  const silent = await serve(() => undefined);
  expect(await send(`http://127.0.0.1:${silent}/`, { timeoutMs: 60 })).toEqual({
    kind: "failed",
    reason: "it did not answer within 60 ms",
  });
  const slow = await serve((_request, response) => void response.writeHead(200).write("."));
  expect(await send(`http://127.0.0.1:${slow}/`, { timeoutMs: 60 })).toMatchObject({ status: 200 });
});

test("a name that takes long to resolve is within the time too", async () => {
  const never: ResolveHost = () => new Promise(() => undefined);
  expect(await send("https://hooks.example.com/", { timeoutMs: 50, resolveHost: never })).toMatchObject({
    reason: "it did not answer within 50 ms",
  });
});

test("who is not there, or hangs up, has failed in words without addresses", async () => {
  const port = await serve((request) => request.socket.destroy());
  expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({
    reason: "it closed the connection without an answer",
  });
  const [server] = servers.splice(0);
  await new Promise((resolve) => server?.close(resolve));
  expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ reason: "it refuses connections" });
  expect(await send("https://nowhere.example.com/")).toMatchObject({ reason: "its name cannot be resolved" });
});

test("a name that leads to a private address is not connected to, whatever it led to before", async () => {
  let connections = 0;
  const port = await serve((_request, response) => {
    connections += 1;
    response.end();
  });
  const reason = "its name leads to an address that webhooks may not be sent to";
  let asked = 0;
  // Rebinding: harmless when it is looked at, and inside when it is connected to.
  const rebinding: ResolveHost = () => {
    asked += 1;
    return Promise.resolve([{ address: asked === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }]);
  };
  const url = `http://hooks.example.com:${port}/`;
  expect(await send(url, { resolveHost: rebinding })).toMatchObject({ status: 200 });
  expect(await send(url, { resolveHost: rebinding })).toEqual({ kind: "failed", reason });
  expect([asked, connections]).toEqual([2, 1]);
  const inside: ResolveHost = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
  expect(await send(url, { resolveHost: inside, allowLoopback: false })).toEqual({ kind: "failed", reason });
  expect(await send(`http://127.0.0.1:${port}/`, { allowLoopback: false })).toEqual({
    kind: "failed",
    reason,
  });
  expect(await send("https://[::ffff:169.254.169.254]/")).toEqual({ kind: "failed", reason });
  expect(connections).toBe(1);
});

test("of the addresses of a name only those that may be are tried", async () => {
  const port = await serve((_request, response) => response.writeHead(204).end());
  const mixed: ResolveHost = () =>
    Promise.resolve([
      { address: "169.254.169.254", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]);
  expect(await send(`http://hooks.example.com:${port}/`, { resolveHost: mixed })).toMatchObject({
    status: 204,
  });
});

test("an attempt that is given up ends at once, without a result", async () => {
  const port = await serve(() => undefined);
  const controller = new AbortController();
  const attempt = send(`http://127.0.0.1:${port}/`, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("stopping")), 30);
  await expect(attempt).rejects.toThrow("stopping");
});
