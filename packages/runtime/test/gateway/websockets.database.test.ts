import net from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { RuntimeConfig } from "../../src/runtime.ts";
import { ask, parseAnswers, sendRaw } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { ScriptedService, type Seen, until } from "./scripted-service.ts";

const web = new ScriptedService();
let server: TestRuntime;
beforeAll(async () => {
  const url = await web.start();
  server = await startTestRuntime({ upstreams: { web: { url } }, apiLimits: { serviceTimeoutMs: 500 } });
});
beforeEach(() => web.reset());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await web[Symbol.asyncDispose]();
});

interface OpenOptions extends WebSocket.ClientOptions {
  readonly host?: string;
  readonly path?: string;
  readonly protocols?: string[];
}

/** A socket that is open, or the status and body that refused it. */
function open(
  port: number,
  { host = "acme-corp.localhost", path = "/live", protocols = [], ...options }: OpenOptions = {},
): Promise<{ readonly socket: WebSocket } | { readonly status: number; readonly code: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
      ...options,
      headers: { host, ...options.headers },
    });
    socket.once("open", () => resolve({ socket }));
    socket.once("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const code = text.startsWith("{") ? String((JSON.parse(text) as { code: string }).code) : text;
        resolve({ status: response.statusCode ?? 0, code });
      });
    });
  });
}

async function opened(port: number, options: OpenOptions = {}): Promise<WebSocket> {
  const result = await open(port, options);
  if (!("socket" in result)) throw new Error(`refused: ${result.status} ${result.code}`);
  return result.socket;
}

const nextMessage = (socket: WebSocket) =>
  new Promise<{ readonly data: Buffer; readonly isBinary: boolean }>((resolve) => {
    socket.once("message", (data, isBinary) => resolve({ data: data as Buffer, isBinary }));
  });
const closed = (socket: WebSocket) =>
  new Promise<readonly [code: number, reason: string]>((resolve) => {
    socket.once("close", (code, reason) => resolve([code, reason.toString()]));
  });
const another = (change: Partial<RuntimeConfig>) =>
  server.startAnother({ ...change, apiLimits: { ...server.config.apiLimits, ...change.apiLimits } });
const contextOf = ({ headers }: Seen) => {
  const [, claims = ""] = String(headers["x-tenantry-context"]).split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as {
    tenant: { id: string };
    principal: { role: string } | null;
  };
};

test("text, bytes and large messages pass in both directions, and so does the end", async () => {
  const socket = await opened(server.gatewayPort);
  for (const message of [
    "hello",
    "",
    Buffer.from([0, 1, 255]),
    "x".repeat(70_000),
    Buffer.alloc(3_000_000, 7),
  ]) {
    socket.send(message);
    const { data, isBinary } = await nextMessage(socket);
    expect(isBinary).toBe(typeof message !== "string");
    expect(data.equals(Buffer.from(message))).toBe(true);
  }
  socket.close(4001, "enough");
  expect(await closed(socket)).toEqual([4001, "enough"]);
  await until(() => web.sockets.size === 0);
});

test("what the service says at once and ends with arrives, and its code too", async () => {
  web.greet = (socket) => {
    socket.send("welcome");
    socket.close(4002, "bye");
  };
  const socket = new WebSocket(`ws://127.0.0.1:${server.gatewayPort}/live`, {
    headers: { host: "acme-corp.localhost" },
  });
  const messages: string[] = [];
  socket.on("message", (data) => messages.push((data as Buffer).toString()));
  expect(await closed(socket)).toEqual([4002, "bye"]);
  expect(messages).toEqual(["welcome"]);
});

test("pings of the client are answered by the service, and compression is between the two", async () => {
  const socket = await opened(server.gatewayPort, { perMessageDeflate: true });
  const pong = new Promise((resolve) => socket.once("pong", (data) => resolve(data.toString())));
  socket.ping("are you there");
  expect(await pong).toBe("are you there");
  socket.terminate();
  await until(() => web.sockets.size === 0);
});

test("a client that is gone ends the socket at the service, and the other way round", async () => {
  const socket = await opened(server.gatewayPort);
  await until(() => web.sockets.size === 1);
  socket.terminate();
  await until(() => web.sockets.size === 0);
  const second = await opened(server.gatewayPort);
  await until(() => web.sockets.size === 1);
  for (const one of web.sockets) one.terminate();
  expect((await closed(second))[0]).toBe(1006);
});

describe("a handshake meets what every request meets:", () => {
  test("the host, the routes, and headers that nobody may pretend", async () => {
    expect(await open(server.gatewayPort, { host: "nobody.localhost" })).toMatchObject({
      status: 404,
      code: "INVALID_TENANT",
    });
    expect(await open(server.gatewayPort, { path: "/v2/tenant" })).toMatchObject({
      status: 401,
      code: "TOKEN_MISSING",
    });
    expect(await open(server.gatewayPort, { path: "/gone/x" })).toMatchObject({
      status: 503,
      code: "SERVICE_UNAVAILABLE",
    });
    const socket = await opened(server.gatewayPort, {
      headers: {
        "x-tenantry-tenant": "globex-inc",
        "x-tenantry-context": "made up",
        x_tenantry_tier: "gold",
        "x-forwarded-for": "6.6.6.6",
      },
    });
    const [handshake] = web.handshakes;
    expect(handshake?.headers).toMatchObject({
      "x-tenantry-tenant": "acme-corp",
      "x-forwarded-for": "127.0.0.1",
      "x-tenantry-tier": "pool",
    });
    expect(JSON.stringify(handshake)).not.toMatch(/globex|made up|gold|6\.6\.6/);
    expect(contextOf(handshake as Seen)).toMatchObject({ tenant: { id: "acme-corp" }, principal: null });
    socket.terminate();
  });

  test("authentication, by the field or by a subprotocol that the service never sees", async () => {
    const token = await server.token("acme-corp", "viewer");
    const byField = await opened(server.gatewayPort, { headers: { authorization: `Bearer ${token}` } });
    const byProtocol = await opened(server.gatewayPort, { protocols: ["chat", `bearer.${token}`] });
    expect(byProtocol.protocol).toBe("chat");
    for (const handshake of web.handshakes) {
      expect(contextOf(handshake).principal).toMatchObject({ role: "viewer" });
      expect(JSON.stringify(handshake)).not.toContain(token);
    }
    expect(web.handshakes.map(({ headers }) => headers["sec-websocket-protocol"])).toEqual([
      undefined,
      "chat",
    ]);
    byField.terminate();
    byProtocol.terminate();
    const foreign = await server.token("globex-inc", "viewer");
    for (const [options, code] of [
      [{ protocols: ["chat", "bearer.nonsense"] }, "TOKEN_INVALID"],
      [{ protocols: ["chat", `bearer.${foreign}`] }, "TOKEN_FOR_ANOTHER_TENANT"],
      [{ headers: { authorization: "Bearer nonsense" } }, "TOKEN_INVALID"],
      [{ protocols: [`bearer.${token}`, `bearer.${foreign}`] }, "DUPLICATE_HEADER"],
      [{ protocols: [`bearer.${token}`], headers: { authorization: `Bearer ${token}` } }, "DUPLICATE_HEADER"],
    ] as const) {
      expect(await open(server.gatewayPort, options as never)).toMatchObject({ code });
    }
  });

  test("the rate", async () => {
    await using small = await startTestRuntime(
      { upstreams: server.config.upstreams },
      { limits: { requestsPerMinute: 60, burst: 2 } },
    );
    const results = [];
    for (let time = 0; time < 4; time += 1) results.push(await open(small.gatewayPort));
    expect(results.filter((result) => "code" in result && result.code === "RATE_LIMITED")).toHaveLength(2);
    for (const result of results) if ("socket" in result) result.socket.terminate();
  });

  test("the log", async () => {
    server.log.length = 0;
    const socket = await opened(server.gatewayPort);
    await until(() => server.log.length > 0);
    expect(server.log[0]).toMatchObject({ kind: "access", status: 101, tenant: "acme-corp", method: "GET" });
    socket.terminate();
  });
});

test("a page of another origin needs a token, and one of the host itself does not", async () => {
  const token = await server.token("acme-corp", "viewer");
  const port = server.gatewayPort;
  for (const origin of [
    "https://evil.net",
    "http://globex-inc.localhost",
    "null",
    "http://acme-corp.localhost:81",
  ]) {
    expect(await open(port, { origin }), origin).toMatchObject({ status: 403, code: "ORIGIN_REFUSED" });
  }
  expect(web.handshakes).toEqual([]);
  (await opened(port, { origin: "https://acme-corp.localhost" })).terminate();
  (await opened(port, { origin: "https://evil.net", protocols: ["chat", `bearer.${token}`] })).terminate();
});

test("what the service answers instead of a socket is the answer", async () => {
  web.refuseHandshakes = 403;
  expect(await open(server.gatewayPort)).toEqual({ status: 403, code: "no" });
  await using silent = net.createServer((socket) => void socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as net.AddressInfo;
  await using other = await another({
    upstreams: { web: { url: `http://127.0.0.1:${port}` } },
    apiLimits: { serviceTimeoutMs: 100 },
  });
  expect(await open(portOf(other.gatewayUrl))).toMatchObject({ status: 504, code: "SERVICE_TIMEOUT" });
});

test("other upgrades are ignored, and the request is answered as it is", async () => {
  const headers = {
    upgrade: "h2c",
    connection: "Upgrade, HTTP2-Settings",
    "http2-settings": "AAMAAABkAAQAAP__",
  };
  const answer = await ask(server.gatewayPort, "/x", { headers });
  expect([answer.status, answer.body]).toEqual([200, "served"]);
  expect(Object.keys((web.seen[0] as Seen).headers)).not.toContain("upgrade");
  const post = await ask(server.gatewayPort, "/x", {
    method: "POST",
    headers: { upgrade: "websocket", connection: "Upgrade" },
    body: "x",
  });
  expect(post.status).toBe(200);
  expect(web.handshakes).toEqual([]);
});

test("a handshake behind a request that is not answered yet ends the connection and nothing else", async () => {
  web.answer = () => undefined;
  const text = [
    "GET /slow HTTP/1.1\r\nHost: acme-corp.localhost\r\n\r\n",
    "GET /live HTTP/1.1\r\nHost: acme-corp.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ].join("");
  expect(await sendRaw(server.gatewayPort, text)).toBe("");
  expect(web.handshakes).toEqual([]);
  web.reset();
  expect((await ask(server.gatewayPort, "/x")).status).toBe(200);
});

test("a refused handshake is a whole answer, and the connection ends with it", async () => {
  const text = [
    "GET /live HTTP/1.1\r\nHost: nobody.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  ].join("");
  const [answer] = parseAnswers(await sendRaw(server.gatewayPort, text));
  expect([answer?.status, answer?.json.code, answer?.headers["connection"]]).toEqual([
    404,
    "INVALID_TENANT",
    "close",
  ]);
});

describe("sockets are bounded:", () => {
  test("one tenant leaves places for others, and a place comes back", async () => {
    await using small = await another({ apiLimits: { serviceStreamsMax: 6 } });
    const port = portOf(small.gatewayUrl);
    const token = await server.token("acme-corp", "viewer");
    const sockets: WebSocket[] = [];
    let refused: unknown = null;
    while (refused === null) {
      const result = await open(port);
      if ("socket" in result) sockets.push(result.socket);
      else refused = result;
    }
    expect(refused).toMatchObject({ status: 429, code: "STREAMS_LIMITED" });
    expect(sockets.length).toBe(4);
    const others = await opened(port, { host: "globex-inc.localhost" });
    // Strangers at the tenant's host do not take the places of its own.
    const own = await opened(port, { headers: { authorization: `Bearer ${token}` } });
    for (const socket of [others, own, sockets.pop()]) socket?.terminate();
    await until(() => web.sockets.size === 3);
    sockets.push(await opened(port));
    for (const socket of sockets) socket.terminate();
    await until(() => web.sockets.size === 0);
  });

  test("a silent one is ended, and heartbeats keep one open", async () => {
    await using small = await another({ apiLimits: { streamIdleTimeoutMs: 300 } });
    const socket = await opened(portOf(small.gatewayUrl));
    const end = closed(socket);
    for (let beat = 0; beat < 6; beat += 1) {
      await wait(100);
      socket.ping();
    }
    expect(socket.readyState).toBe(WebSocket.OPEN);
    expect(await end).toEqual([1001, "nothing was sent for too long"]);
  });
});

test("draining says goodbye to both sides with 1001, also in the middle of a message", async () => {
  const small = await another({});
  const port = portOf(small.gatewayUrl);
  const sockets = await Promise.all([opened(port), opened(port, { host: "globex-inc.localhost" })]);
  await until(() => web.sockets.size === 2);
  const atService = [...web.sockets].map(closed);
  const atClient = sockets.map(closed);
  await small.drain();
  for (const end of [...atClient, ...atService])
    expect(await end).toEqual([1001, "the server is going away"]);
});

test("a tenant that is no longer active loses its sockets, and others keep theirs", async () => {
  await using small = await another({ apiLimits: { streamRecheckMs: 50 } });
  const port = portOf(small.gatewayUrl);
  const [acme, globex] = await Promise.all([opened(port), opened(port, { host: "globex-inc.localhost" })]);
  const { registry } = server.database;
  const find = registry.find.bind(registry);
  // The registry is asked again: here it says what it will say once the tenant is suspended.
  registry.find = async (id) => {
    const tenant = await find(id);
    return tenant === undefined || id !== "acme-corp" ? tenant : { ...tenant, status: "failed" };
  };
  try {
    expect(await closed(acme)).toEqual([1008, "the tenant is not active"]);
    expect(globex.readyState).toBe(WebSocket.OPEN);
  } finally {
    registry.find = find;
    globex.terminate();
  }
});

test("a socket does not outlive the token that opened it", async () => {
  const { issueToken } = await import("../../src/identity/issue-token.ts");
  const { systemClock, systemRandom } = await import("@tenantry/base");
  await using small = await another({ apiLimits: { streamRecheckMs: 50 } });
  const token = await issueToken(
    server.key,
    {
      kind: "tenant",
      issuer: server.config.issuer.url,
      platform: server.config.platform.name,
      subject: "ada@example.com",
      tenant: "acme-corp" as never,
      role: "viewer",
      lifetimeSeconds: 2,
    },
    // Five seconds more are granted for clocks that differ.
    { clock: { ...systemClock, nowMs: () => systemClock.nowMs() - 5_500 }, random: systemRandom },
  );
  const socket = await opened(portOf(small.gatewayUrl), { protocols: ["chat", `bearer.${token}`] });
  expect(await closed(socket)).toEqual([1008, "the credential is no longer valid"]);
});
