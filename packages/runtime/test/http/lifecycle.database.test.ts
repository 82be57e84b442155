import http from "node:http";
import net from "node:net";
import { ManualClock, systemClock, systemRandom } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, faultOfProblem } from "./exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "./test-runtime.ts";
import { startRuntime } from "../../src/runtime.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime({}, { services: "none" });
});
afterAll(() => server[Symbol.asyncDispose]());

const systemPorts = { clock: systemClock, random: systemRandom, log: () => undefined };

async function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

test("a port that is taken is an error that names it, and the other listener is closed again", async () => {
  const free = await new Promise<number>((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
  for (const [taken, listener] of [
    ["control", "control"],
    ["gateway", "gateway"],
  ] as const) {
    const address = { host: "127.0.0.1", port: server.gatewayPort };
    const other = { host: "127.0.0.1", port: free };
    const change =
      taken === "control" ? { gateway: other, control: address } : { gateway: address, control: other };
    const error = await server.startAnother(change).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "RUNTIME_PORT_TAKEN",
      message: `the ${listener} cannot listen on 127.0.0.1:${server.gatewayPort}, which is taken by another program`,
      fix: `stop the program that listens on port ${server.gatewayPort}, or configure another port`,
    });
    expect(await canConnect(free)).toBe(false);
  }
});

test("a configuration that cannot work is refused before anything listens", async () => {
  const refused = async (change: Parameters<TestRuntime["startAnother"]>[0]) =>
    (await server.startAnother(change).catch((reason: unknown) => reason)) as { code: string };
  expect((await refused({ hostSuffixes: [] })).code).toBe("RUNTIME_HOST_SUFFIX");
  expect((await refused({ hostSuffixes: ["example.com."] })).code).toBe("RUNTIME_HOST_SUFFIX");
  expect((await refused({ issuer: { url: "x", signingKey: { kty: "oct", k: "x" } } })).code).toBe(
    "RUNTIME_SIGNING_KEY_INVALID",
  );
  expect((await refused({ gateway: { host: "203.0.113.1", port: 0 } })).code).toBe("RUNTIME_LISTEN_REFUSED");
  const service = (route: string) =>
    ({
      ...server.config.platform,
      services: { a: { name: "a", port: 1, health: { path: "/" }, local: null, route } },
    }) as never;
  for (const route of ["/v2", "/v2/x", "/health", "/.well-known/jwks.json", "shop"]) {
    expect((await refused({ platform: service(route) })).code, route).toBe("RUNTIME_SERVICE_ROUTE");
  }
  for (const url of ["ftp://127.0.0.1", "127.0.0.1:80", "http://a/b", "http://u:p@127.0.0.1"]) {
    expect((await refused({ platform: service("/a"), upstreams: { a: { url } } })).code, url).toBe(
      "RUNTIME_SERVICE_URL",
    );
  }
});

test("draining lets a request in flight finish, refuses new connections, and closes", async () => {
  const gate = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const { database } = server;
  const slow = {
    ...database,
    store: {
      read: async (...args: Parameters<typeof database.store.read>) => {
        started.resolve();
        await gate.promise;
        return database.store.read(...args);
      },
      transact: database.store.transact.bind(database.store),
    },
    registry: database.registry,
    onboard: database.onboard.bind(database),
    ping: () => database.ping(),
  } as never;
  const runtime = await startRuntime(server.config, { database: slow, ...systemPorts });
  const port = portOf(runtime.gatewayUrl);
  const agent = new http.Agent({ keepAlive: true });
  const token = await server.token("acme-corp");
  const inFlight = ask(port, "/v2/documents/notes", { token, agent });
  await started.promise;
  const drained = runtime.drain();
  expect(runtime.drain()).toBe(drained);
  await expect.poll(() => canConnect(port)).toBe(false);
  gate.resolve();
  const answer = await inFlight;
  expect(answer.status).toBe(200);
  expect(answer.headers["connection"]).toBe("close");
  await drained;
  agent.destroy();
});

test("draining ends what does not finish in time", async () => {
  const { database } = server;
  const never = new Promise<never>(() => undefined);
  const started = Promise.withResolvers<void>();
  const stuck = {
    store: {
      read: () => {
        started.resolve();
        return never;
      },
      transact: () => never,
    },
    registry: database.registry,
    onboard: database.onboard.bind(database),
    ping: () => database.ping(),
  } as never;
  const config = { ...server.config, apiLimits: { drainTimeoutMs: 100 } };
  const runtime = await startRuntime(config, { database: stuck, ...systemPorts });
  const lost = ask(portOf(runtime.gatewayUrl), "/v2/documents/notes", {
    token: await server.token("acme-corp"),
  }).catch((error: unknown) => error);
  await started.promise;
  await runtime.drain();
  expect(await lost).toMatchObject({ code: "ECONNRESET" });
});

test("a draining server says that it is not ready while it still answers, for as long as it was told", async () => {
  const clock = new ManualClock(systemClock.nowMs());
  const runtime = await server.startAnother({ apiLimits: { drainNoticeMs: 5_000 } }, { clock });
  const port = portOf(runtime.gatewayUrl);
  const token = await server.token("acme-corp");
  expect((await ask(port, "/health/ready")).status).toBe(200);
  const drained = runtime.drain();
  const ready = await ask(port, "/health/ready");
  expect(faultOfProblem(ready)).toBeNull();
  expect(ready.json.code).toBe("NOT_READY");
  expect((await ask(port, "/v2/tenant", { token })).status).toBe(200);
  clock.advance(5_000);
  await drained;
  expect(await canConnect(port)).toBe(false);
});

test("readiness follows the database; liveness does not", async () => {
  const { database } = server;
  const broken = (ping: () => Promise<void>) =>
    ({
      store: database.store,
      registry: database.registry,
      onboard: database.onboard.bind(database),
      ping,
    }) as never;
  const config = { ...server.config, apiLimits: { readinessTimeoutMs: 50 } };
  const pings = [
    () => Promise.reject(new Error("secret host name")),
    () => new Promise<void>(() => undefined),
  ];
  for (const ping of pings) {
    await using runtime = await startRuntime(config, { database: broken(ping), ...systemPorts });
    for (const url of [runtime.gatewayUrl, runtime.controlUrl]) {
      const ready = await ask(portOf(url), "/health/ready", { host: "10.0.0.7" });
      expect(faultOfProblem(ready)).toBeNull();
      expect(ready.json.code).toBe("NOT_READY");
      expect(ready.body).not.toContain("secret");
      expect((await ask(portOf(url), "/health/live", { host: "10.0.0.7" })).status).toBe(200);
    }
  }
});

test("an error that nobody expected is logged under the request id, and the client learns only that id", async () => {
  const { database } = server;
  const failing = {
    store: {
      read: () => Promise.reject(new Error("relation secret_table does not exist")),
      transact: () => Promise.reject(new TypeError("oops")),
    },
    registry: database.registry,
    onboard: database.onboard.bind(database),
    ping: () => database.ping(),
  } as never;
  const entries: unknown[] = [];
  await using runtime = await startRuntime(server.config, {
    database: failing,
    ...systemPorts,
    log: (entry) => void entries.push(entry),
  });
  const answer = await ask(portOf(runtime.gatewayUrl), "/v2/documents/notes", {
    token: await server.token("acme-corp"),
  });
  expect(faultOfProblem(answer)).toBeNull();
  expect(answer.json.code).toBe("INTERNAL");
  expect(answer.body).not.toContain("secret_table");
  expect(entries).toContainEqual(
    expect.objectContaining({
      kind: "failure",
      requestId: answer.json.requestId,
      tenant: "acme-corp",
      route: "/v2/documents/:collection",
      error: expect.objectContaining({ message: "relation secret_table does not exist" }),
    }),
  );
});

test("a tenant that is not active is unavailable on its host, and no token changes that", async () => {
  const { database } = server;
  const tenant = await database.registry.find("acme-corp");
  for (const [status, code] of [
    ["provisioning", "TENANT_NOT_READY"],
    ["failed", "TENANT_UNAVAILABLE"],
  ] as const) {
    const registry = {
      find: async () => ({ ...tenant, status }),
      list: database.registry.list.bind(database.registry),
    };
    const other = {
      store: database.store,
      registry,
      onboard: database.onboard.bind(database),
      ping: () => database.ping(),
    } as never;
    await using runtime = await startRuntime(server.config, { database: other, ...systemPorts });
    const answer = await ask(portOf(runtime.gatewayUrl), "/v2/tenant", {
      token: await server.token("acme-corp"),
    });
    expect(faultOfProblem(answer)).toBeNull();
    expect(answer.json.code).toBe(code);
  }
});
