import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  tenantContextMiddleware,
  tenantContextOf,
  tenantContextPlugin,
  withTenantContext,
} from "@tenantry/service-context";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audience, claimsAt, issuer, KeyServer, sign, type TestKey, testKey } from "./context-issuer.ts";

const keyServer = new KeyServer();
let key: TestKey;
let jwksUrl: string;
beforeAll(async () => {
  jwksUrl = await keyServer.start();
  key = await testKey("one");
  keyServer.publish(key);
});
afterAll(() => keyServer[Symbol.asyncDispose]());

const options = () => ({ issuer, jwksUrl, audience, openPaths: ["/healthz"] });
const nameOf = (request: IncomingMessage | { readonly raw: IncomingMessage }) => {
  const context = tenantContextOf(request);
  return context.kind === "tenant"
    ? `${context.tenant.id} ${context.principal?.subject ?? "nobody"}`
    : "site";
};
/** The path is open, so there is no context. */
const isHealth = ({ url }: IncomingMessage) => url?.startsWith("/healthz") === true;

/** A service made with each of the adapters; all answer the same. */
const services: Readonly<Record<string, () => Promise<RequestListener>>> = {
  "node:http": async () =>
    withTenantContext(options(), (request, response) => {
      response.end(isHealth(request) ? "ok" : nameOf(request));
    }),
  Express: async () => {
    const middleware = tenantContextMiddleware(options());
    return (request, response) => {
      middleware(request, response, (error) => {
        if (error !== undefined) response.writeHead(500);
        response.end(isHealth(request) ? "ok" : nameOf(request));
      });
    };
  },
  Fastify: async () => {
    const app = Fastify();
    await app.register(tenantContextPlugin, options());
    app.get("/healthz", (_request, reply) => void reply.send("ok"));
    app.route({
      method: ["GET", "POST"],
      url: "/*",
      handler: (request, reply) => void reply.send(nameOf(request)),
    });
    await app.ready();
    return (request: IncomingMessage, response: ServerResponse) => app.routing(request, response);
  },
};

describe.each(Object.entries(services))("a service on %s", (_name, make) => {
  let server: http.Server;
  let url: string;
  beforeAll(async () => {
    server = http.createServer(await make());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const nowMs = () => performance.timeOrigin + performance.now();
  const ask = (path: string, headers: Record<string, string>, method = "GET") =>
    fetch(`${url}${path}`, { method, headers });

  test("knows the tenant and who asks", async () => {
    const context = await sign(key, claimsAt(nowMs()));
    for (const method of ["GET", "POST"]) {
      const answer = await ask(
        "/x",
        { "x-tenantry-context": context, "x-tenantry-tenant": "acme-corp" },
        method,
      );
      expect([answer.status, await answer.text()]).toEqual([200, "acme-corp ada@example.com"]);
    }
  });

  test("refuses, by a problem, what did not come through the gateway", async () => {
    for (const [headers, code] of [
      [{}, "CONTEXT_MISSING"],
      [{ "x-tenantry-tenant": "acme-corp" }, "CONTEXT_MISSING"],
      [{ "x-tenantry-context": "made up" }, "CONTEXT_MALFORMED"],
      [{ "x-tenantry-context": await sign(key, claimsAt(nowMs() - 600_000)) }, "CONTEXT_EXPIRED"],
    ] as const) {
      const answer = await ask("/x", headers);
      expect(answer.status).toBe(403);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(await answer.json()).toMatchObject({ code, status: 403 });
    }
  });

  test("answers open paths, and no paths that only look like them, without a context", async () => {
    for (const path of ["/healthz", "/healthz?full=1"]) expect((await ask(path, {})).status).toBe(200);
    for (const path of ["/healthz/", "/healthz/x", "/x?/healthz", "//healthz"]) {
      expect((await ask(path, {})).status, path).toBe(403);
    }
  });
});

test("says that the keys cannot be read, and that it is worth trying again", async () => {
  const listener = withTenantContext(
    { ...options(), jwksUrl: "http://127.0.0.1:1/jwks.json" },
    (_request, response) => void response.end("served"),
  );
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await sign(key, claimsAt(performance.timeOrigin + performance.now()));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`, {
    headers: { "x-tenantry-context": context },
  });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await answer.json()).toMatchObject({ code: "CONTEXT_KEYS_UNAVAILABLE" });
  await new Promise((resolve) => server.close(resolve));
});

test("asking for the context of a request that no adapter has seen is a bug that says so", () => {
  expect(() => tenantContextOf({} as IncomingMessage)).toThrow("no verified context");
});
