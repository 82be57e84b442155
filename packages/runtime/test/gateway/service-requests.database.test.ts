import net from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, faultOfProblem, parseAnswers, sendRaw } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { ScriptedService, type Seen, until } from "./scripted-service.ts";

const web = new ScriptedService();
let server: TestRuntime;
let webUrl: string;
beforeAll(async () => {
  webUrl = await web.start();
  server = await startTestRuntime({
    upstreams: { web: { url: webUrl } },
    apiLimits: { serviceTimeoutMs: 500 },
  });
});
beforeEach(() => web.reset());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
});

/** A server that does with the n-th request, whose first bytes are there, what the n-th step says. */
async function scriptedBytes(
  steps: readonly ((socket: net.Socket) => void)[],
): Promise<{ readonly url: string; readonly requests: string[] } & AsyncDisposable> {
  const requests: string[] = [];
  const sockets = new Set<net.Socket>();
  const listener = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      requests.push(bytes.toString().split("\r\n", 1)[0] ?? "");
      steps[Math.min(requests.length, steps.length) - 1]?.(socket);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as net.AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** So much that what ends before has another reason. */
const patience = { serviceTimeoutMs: 600_000, requestTimeoutMs: 600_000 };

const lose = (socket: net.Socket) => void socket.resetAndDestroy();
const hangUp = (socket: net.Socket) => void socket.destroy();
const serve = (socket: net.Socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
const halfAHead = (socket: net.Socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-le");
const halfABody = (socket: net.Socket) =>
  void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", () => socket.destroy());

describe("a request is sent a second time", () => {
  test.each([
    ["GET", "lost", lose],
    ["GET", "closed", hangUp],
    ["HEAD", "lost", lose],
    ["OPTIONS", "lost", lose],
  ] as const)(
    "once, when it is a %s and the connection was %s before a byte of an answer",
    async (method, _how, step) => {
      await using service = await scriptedBytes([step, serve]);
      await using other = await server.startAnother({ upstreams: { web: { url: service.url } } });
      expect((await ask(portOf(other.gatewayUrl), "/x", { method })).status).toBe(200);
      expect(service.requests).toHaveLength(2);
    },
  );

  test("and not a third time", async () => {
    await using service = await scriptedBytes([lose]);
    await using other = await server.startAnother({ upstreams: { web: { url: service.url } } });
    const answer = await ask(portOf(other.gatewayUrl), "/x");
    expect(answer.json.code).toBe("SERVICE_FAILED");
    expect(service.requests).toHaveLength(2);
  });

  test("when the service refuses connections for a moment", async () => {
    const late = new ScriptedService();
    const url = await late.start();
    await late[Symbol.asyncDispose]();
    await using again = new ScriptedService();
    await using other = await server.startAnother({ upstreams: { web: { url } } });
    const answer = ask(portOf(other.gatewayUrl), "/x");
    await again.start(Number(new URL(url).port));
    expect((await answer).status).toBe(200);
    expect(again.seen).toHaveLength(1);
  });

  test("when the service has closed the idle connection", async () => {
    expect((await ask(server.gatewayPort, "/x")).status).toBe(200);
    web.closeIdle();
    expect((await ask(server.gatewayPort, "/x")).status).toBe(200);
  });

  const body = { headers: { "content-type": "text/plain" }, body: "x" };
  test.each([
    ["a POST", "POST", body, lose],
    ["a POST without a body", "POST", {}, lose],
    ["a PUT", "PUT", body, lose],
    ["a PATCH", "PATCH", body, lose],
    ["a DELETE", "DELETE", {}, lose],
    ["an OPTIONS with a body", "OPTIONS", body, lose],
    ["a GET with half the head of an answer", "GET", {}, halfAHead],
    ["a GET with half the body of an answer", "GET", {}, halfABody],
  ] as const)("never: %s", async (_name, method, options, step) => {
    await using service = await scriptedBytes([step, serve]);
    await using other = await server.startAnother({ upstreams: { web: { url: service.url } } });
    const answer = await ask(portOf(other.gatewayUrl), "/x", { method, ...options }).catch(() => null);
    expect(answer?.status ?? 502).toBe(502);
    expect(service.requests).toHaveLength(1);
  });

  test("never: one that got no answer in time", async () => {
    await using service = await scriptedBytes([() => undefined, serve]);
    await using other = await server.startAnother({
      upstreams: { web: { url: service.url } },
      apiLimits: { ...server.config.apiLimits, serviceTimeoutMs: 100 },
    });
    expect((await ask(portOf(other.gatewayUrl), "/x")).json.code).toBe("SERVICE_TIMEOUT");
    expect(service.requests).toHaveLength(1);
  });
});

describe("a body", () => {
  test.each(["POST", "DELETE", "OPTIONS"])(
    "of a %s without a length is still only its body",
    async (method) => {
      const smuggled = "GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
      const text = [
        `${method} /x HTTP/1.1`,
        "Host: acme-corp.localhost",
        "Transfer-Encoding: chunked",
        "Connection: close",
        "",
        `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
      ];
      const [answer] = parseAnswers(await sendRaw(server.gatewayPort, text.join("\r\n")));
      expect(answer?.status).toBe(200);
      expect(web.seen.map(({ url, body }) => [url, body])).toEqual([["/x", smuggled]]);
    },
  );

  test("of a GET is not sent on, and leaves nothing behind", async () => {
    const answer = await ask(server.gatewayPort, "/x", {
      method: "GET",
      body: "GET /smuggled HTTP/1.1\r\n\r\n",
    });
    expect(answer.status).toBe(200);
    expect((await ask(server.gatewayPort, "/y")).status).toBe(200);
    expect(web.seen.map(({ url, body }) => [url, body])).toEqual([
      ["/x", ""],
      ["/y", ""],
    ]);
  });

  test("that the service does not wait for ends with its answer", async () => {
    await using early = await scriptedBytes([serve]);
    await using other = await server.startAnother({ upstreams: { web: { url: early.url } } });
    const answer = await ask(portOf(other.gatewayUrl), "/x", { method: "POST", body: "x".repeat(5_000_000) });
    expect([answer.status, answer.body]).toEqual([200, "ok"]);
  });

  test("that the client does not finish is given up at the service too", async () => {
    const ended = Promise.withResolvers<void>();
    await using service = await scriptedBytes([(socket) => socket.once("close", () => ended.resolve())]);
    await using other = await server.startAnother({
      upstreams: { web: { url: service.url } },
      apiLimits: { ...server.config.apiLimits, ...patience },
    });
    const socket = net.connect(portOf(other.gatewayUrl), "127.0.0.1");
    socket.write("POST /x HTTP/1.1\r\nHost: acme-corp.localhost\r\nContent-Length: 100\r\n\r\nhalf");
    await until(() => service.requests.length === 1);
    socket.destroy();
    await ended.promise;
  });
});

test("the answer to a HEAD keeps its length and has no body", async () => {
  web.answer = (_request, response) => response.writeHead(200, { "content-length": "1234" }).end();
  const answer = await ask(server.gatewayPort, "/x", { method: "HEAD" });
  expect([answer.status, answer.headers["content-length"], answer.body]).toEqual([200, "1234", ""]);
});

test.each([
  ["a status that is none", "HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"],
  ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"],
  ["no HTTP", "what?\r\n\r\n"],
])("a service that answers with %s has failed", async (_name, text) => {
  await using service = await scriptedBytes([(socket) => void socket.end(text)]);
  await using other = await server.startAnother({ upstreams: { web: { url: service.url } } });
  const answer = await ask(portOf(other.gatewayUrl), "/x", { method: "POST" });
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe("SERVICE_FAILED");
});

test("a client that goes before the answer begins ends the request at the service at once", async () => {
  const gone = Promise.withResolvers<void>();
  web.answer = (request) => void request.socket.once("close", () => gone.resolve());
  await using patient = await server.startAnother({
    apiLimits: { ...server.config.apiLimits, ...patience },
  });
  const socket = net.connect(portOf(patient.gatewayUrl), "127.0.0.1");
  socket.write("GET /x HTTP/1.1\r\nHost: acme-corp.localhost\r\n\r\n");
  await until(() => web.seen.length === 1);
  socket.destroy();
  await gone.promise;
});

describe("behind trusted proxies", () => {
  const headersSeen = async (trustedProxies: number, headers: Readonly<Record<string, string>>) => {
    await using other = await server.startAnother({ trustedProxies });
    expect((await ask(portOf(other.gatewayUrl), "/x", { headers })).status).toBe(200);
    return (web.seen.at(-1) as Seen).headers;
  };

  test.each([
    [0, { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" }, "127.0.0.1", "http"],
    [1, { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" }, "203.0.113.9", "https"],
    [
      1,
      { "x-forwarded-for": "6.6.6.6, 203.0.113.9", "x-forwarded-proto": "http, https" },
      "203.0.113.9",
      "https",
    ],
    [
      1,
      { "x-forwarded-for": "6.6.6.6, 203.0.113.9", "x-forwarded-proto": "https, http" },
      "203.0.113.9",
      "http",
    ],
    [
      2,
      { "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.1", "x-forwarded-proto": "https" },
      "203.0.113.9",
      "https",
    ],
    [2, { "x-forwarded-for": "203.0.113.9" }, "127.0.0.1", "http"],
    [1, { "x-forwarded-for": "2001:db8::7", "x-forwarded-proto": "javascript" }, "2001:db8::7", "http"],
    [1, {}, "127.0.0.1", "http"],
  ])("(%i) the fields %j say the client %s by %s", async (proxies, headers, address, proto) => {
    expect(await headersSeen(proxies, headers)).toMatchObject({
      "x-forwarded-for": address,
      "x-forwarded-proto": proto,
      "x-forwarded-host": "acme-corp.localhost",
    });
  });

  test("no host but that of the Host field counts, however many there are", async () => {
    const headers = await headersSeen(2, {
      "x-forwarded-host": "globex-inc.localhost",
      forwarded: "host=evil",
    });
    expect(headers["x-forwarded-host"]).toBe("acme-corp.localhost");
    expect(headers["x-tenantry-tenant"]).toBe("acme-corp");
    expect(headers["forwarded"]).toBeUndefined();
  });
});

test("the client's trace goes on in the service, and none is made up", async () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const answer = await ask(server.gatewayPort, "/x", { headers: { traceparent, tracestate: "a=1" } });
  await ask(server.gatewayPort, "/y");
  const [traced, untraced] = web.seen.map(({ headers }) => headers);
  expect(traced).toMatchObject({
    traceparent,
    tracestate: "a=1",
    "x-request-id": answer.headers["x-request-id"],
  });
  expect(untraced).not.toHaveProperty("traceparent");
});

describe("a platform without tenants", () => {
  test("is served at its own host, and no tenant is", async () => {
    const platform = { ...server.config.platform, tiers: {}, tenants: {}, defaultTier: null };
    await using site = await server.startAnother({ platform });
    const port = portOf(site.gatewayUrl);
    for (const host of ["localhost", "localhost:8080", "example.com", "www.example.com", "EXAMPLE.com."]) {
      expect((await ask(port, "/x", { host, token: "whatever" })).status, host).toBe(200);
      const { headers } = web.seen.at(-1) as Seen;
      expect(headers["authorization"]).toBe("Bearer whatever");
      expect(Object.keys(headers).filter((name) => name.startsWith("x-tenantry"))).toEqual([
        "x-tenantry-context",
      ]);
      const claims = (headers["x-tenantry-context"] as string).split(".")[1] ?? "";
      expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
        tenant: null,
        principal: null,
      });
    }
    const served = web.seen.length;
    for (const host of [
      "acme-corp.localhost",
      "evil.net",
      "a.example.com",
      "127.0.0.1",
      "example.com.evil.net",
    ]) {
      expect((await ask(port, "/x", { host })).json.code, host).toBe("INVALID_TENANT");
    }
    expect((await ask(port, "/x", { host: "exa mple.com" })).status).toBe(400);
    expect((await ask(port, "/v2/tenant", { host: "localhost" })).json.code).toBe("INVALID_TENANT");
    expect(web.seen).toHaveLength(served);
  });

  test("is only one without tiers: a platform with tiers has no host without a tenant", async () => {
    expect((await ask(server.gatewayPort, "/x", { host: "localhost" })).json.code).toBe("INVALID_TENANT");
    expect(web.seen).toHaveLength(0);
  });
});
