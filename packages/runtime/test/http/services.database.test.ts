import http from "node:http";
import net from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, faultOfProblem, parseAnswers, sendRaw } from "./exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "./test-runtime.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A service of the definition: a real server that remembers what it got. */
class Service implements AsyncDisposable {
  readonly seen: Seen[] = [];
  /** What it does with the next requests. */
  behaviour: (request: http.IncomingMessage, response: http.ServerResponse) => void = (
    _request,
    response,
  ) => {
    response.setHeader("x-service", "yes");
    response.end("served");
  };
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      this.seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      this.behaviour(request, response);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const web = new Service();
const shop = new Service();
let server: TestRuntime;
beforeAll(async () => {
  const [webUrl, shopUrl] = await Promise.all([web.start(), shop.start()]);
  server = await startTestRuntime({
    upstreams: { web: { url: webUrl }, shop: { url: shopUrl } },
    apiLimits: { serviceTimeoutMs: 300 },
  });
});
beforeEach(() => {
  web.seen.length = 0;
  shop.seen.length = 0;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all([web[Symbol.asyncDispose](), shop[Symbol.asyncDispose]()]);
});

test.each([
  ["/", "web"],
  ["/page?a=1&a=2&b=%20", "web"],
  ["/shop", "shop"],
  ["/shop/cart", "shop"],
  ["/shopping", "web"],
  ["/health", "web"],
  ["/health/live2", "web"],
  ["/v3/x", "web"],
  ["/.well-known/other", "web"],
])("%s is answered by %s, with the path and query as they came", async (path, name) => {
  const answer = await ask(server.gatewayPort, path);
  expect([answer.status, answer.body, answer.headers["x-service"]]).toEqual([200, "served", "yes"]);
  const [right, wrong] = name === "web" ? [web, shop] : [shop, web];
  expect(right.seen.map((one) => one.url)).toEqual([path]);
  expect(wrong.seen).toEqual([]);
});

test.each([
  "/v1",
  "/v1/x",
  "/v2",
  "/v2/",
  "/v2/tenant",
  "/v2/x",
  "/health/live",
  "/health/ready",
  "/.well-known/jwks.json",
])("%s is the API's own with every method", async (path) => {
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]) {
    const answer = await ask(server.gatewayPort, path, { method });
    if (answer.status >= 400) expect(faultOfProblem(answer)).toBeNull();
  }
  expect([...web.seen, ...shop.seen]).toEqual([]);
});

test("a service learns the tenant from the gateway and never from the client", async () => {
  const spoofs = {
    "x-tenantry-tenant": "globex-inc",
    "X-Tenantry-Tier": "gold",
    "x-tenantry-admin": "true",
    x_tenantry_tenant: "globex-inc",
    "x-forwarded-host": "evil.net",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-proto": "https",
    "x-real-ip": "10.0.0.1",
    forwarded: "for=10.0.0.1;host=evil.net",
    via: "1.1 evil",
    "x-request-id": "mine",
    "x-original-url": "/admin",
    "x-rewrite-url": "/admin",
    "proxy-authorization": "Basic x",
    te: "trailers",
    upgrade: "h2c",
    connection: "x-tenantry-tenant, x-keep, close",
    "x-keep": "dropped",
    "x-other": "kept",
    cookie: "a=b",
  };
  const answer = await ask(server.gatewayPort, "/page", {
    host: "www.acme-corp.example.com:8080",
    headers: spoofs,
  });
  expect(answer.status).toBe(200);
  const { headers } = web.seen[0] as Seen;
  expect(headers).toMatchObject({
    "x-tenantry-tenant": "acme-corp",
    "x-tenantry-tier": "pool",
    "x-tenantry-isolation": "pool",
    "x-forwarded-host": "www.acme-corp.example.com:8080",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
    "x-other": "kept",
    cookie: "a=b",
    "x-request-id": answer.headers["x-request-id"],
  });
  const kept = Object.keys(headers);
  for (const name of [
    "x-tenantry-admin",
    "x_tenantry_tenant",
    "forwarded",
    "via",
    "x-real-ip",
    "proxy-authorization",
    "te",
    "upgrade",
    "x-keep",
    "x-original-url",
    "x-rewrite-url",
  ]) {
    expect(kept).not.toContain(name);
  }
  expect(JSON.stringify(headers)).not.toMatch(/globex|evil|gold|10\.0\.0\.1/);
});

test("a spoofed tenant twice, or hidden by its spelling, reaches no service", async () => {
  const text = [
    "GET /page HTTP/1.1",
    "Host: acme-corp.localhost",
    "X-Tenantry-Tenant: globex-inc",
    "x-tenantry-tenant: globex-inc",
    "X-TENANTRY_TENANT: globex-inc",
    "Connection: close",
    "",
    "",
  ];
  expect(parseAnswers(await sendRaw(server.gatewayPort, text.join("\r\n")))[0]?.status).toBe(200);
  expect(web.seen[0]?.headers["x-tenantry-tenant"]).toBe("acme-corp");
  expect(JSON.stringify(web.seen)).not.toContain("globex");
});

test("bodies pass as they are, whatever their type, and answers too", async () => {
  const big = "x".repeat(3_000_000);
  for (const [type, body] of [
    ["application/json", "{not json"],
    ["text/plain", big],
    ["application/x-www-form-urlencoded", "a=1"],
  ] as const) {
    const answer = await ask(server.gatewayPort, "/form", {
      method: "POST",
      headers: { "content-type": type },
      body,
    });
    expect(answer.status).toBe(200);
    expect(web.seen.at(-1)).toMatchObject({ method: "POST", body });
    expect(web.seen.at(-1)?.headers["content-type"]).toBe(type);
  }
});

test("no request for an unknown host or an odd path reaches a service", async () => {
  expect((await ask(server.gatewayPort, "/page", { host: "nobody.localhost" })).json.code).toBe(
    "INVALID_TENANT",
  );
  for (const path of [
    "/../secret",
    "/%2e%2e/secret",
    "/a/..%2f..%2fsecret",
    "//evil.net/x",
    "/\\evil.net",
    "/%5c%5cevil.net/%2e%2e",
  ]) {
    const [answer] = parseAnswers(
      await sendRaw(
        server.gatewayPort,
        `GET ${path} HTTP/1.1\r\nHost: acme-corp.localhost\r\nConnection: close\r\n\r\n`,
      ),
    );
    if (answer?.status === 200) continue;
    expect(faultOfProblem(answer as never), path).toBeNull();
    expect(answer?.status, path).toBeLessThan(500);
  }
  for (const { url, headers } of web.seen) {
    expect(decodeURIComponent(url).split(/[/\\]/)).not.toContain("..");
    expect(headers.host).not.toContain("evil");
  }
});

describe("a service that fails", () => {
  const original = web.behaviour;
  const withBehaviour = async (behaviour: Service["behaviour"], run: () => Promise<void>) => {
    web.behaviour = behaviour;
    try {
      await run();
    } finally {
      web.behaviour = original;
    }
  };

  test("one that does not run here is unavailable, and says so", async () => {
    const answer = await ask(server.gatewayPort, "/gone/x");
    expect(faultOfProblem(answer)).toBeNull();
    expect(answer.json).toMatchObject({
      code: "SERVICE_UNAVAILABLE",
      detail: "the service gone does not run here",
    });
    expect(answer.headers["retry-after"]).toBe("1");
  });

  test("one that is down is unavailable", async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = net.createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as net.AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    await using down = await server.startAnother({ upstreams: { web: { url: `http://127.0.0.1:${free}` } } });
    const answer = await ask(portOf(down.gatewayUrl), "/x");
    expect(faultOfProblem(answer)).toBeNull();
    expect(answer.json.code).toBe("SERVICE_UNAVAILABLE");
    expect(answer.body).not.toContain(String(free));
  });

  test.each([
    ["GET", 2],
    ["POST", 1],
  ])("one that hangs up on a %s has failed, and was asked %i times", (method, times) =>
    withBehaviour(
      (request) => void request.socket.destroy(),
      async () => {
        const answer = await ask(server.gatewayPort, "/x", { method });
        expect(faultOfProblem(answer)).toBeNull();
        expect(answer.json.code).toBe("SERVICE_FAILED");
        expect(web.seen).toHaveLength(times);
      },
    ),
  );

  test("one that does not answer times out", () =>
    withBehaviour(
      () => undefined,
      async () => {
        const answer = await ask(server.gatewayPort, "/x");
        expect(faultOfProblem(answer)).toBeNull();
        expect(answer.json.code).toBe("SERVICE_TIMEOUT");
      },
    ));

  test("its own 503 is its own answer, given once", () =>
    withBehaviour(
      (_request, response) => void response.writeHead(503, { "retry-after": "1" }).end("own words"),
      async () => {
        const answer = await ask(server.gatewayPort, "/x");
        expect([answer.status, answer.body]).toEqual([503, "own words"]);
        expect(web.seen).toHaveLength(1);
      },
    ));
});
