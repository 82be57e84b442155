// The limits at the real listeners: what clients are told, who is charged, and who is left alone.
import http from "node:http";
import net from "node:net";
import { ManualClock, systemClock } from "@tenantry/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, faultOfProblem } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import type { RuntimeConfig } from "../../src/runtime.ts";
import { inTurn, statuses } from "./in-turn.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime(
    {},
    { services: "none", limits: { requestsPerMinute: 60, burst: 3, concurrentRequests: 3 } },
  );
});
afterAll(() => server[Symbol.asyncDispose]());

/** A runtime of its own, so that what one test charges is not missing in the next. */
async function start(change: Partial<RuntimeConfig> = {}) {
  const clock = new ManualClock(systemClock.nowMs());
  const runtime = await server.startAnother(
    { ...change, apiLimits: { ...server.config.apiLimits, ...change.apiLimits } },
    { clock },
  );
  return { clock, runtime, port: portOf(runtime.gatewayUrl), controlPort: portOf(runtime.controlUrl) };
}

describe("S2.06 rate limiting per tenant", () => {
  test("every response says what is left, the one that is refused when to come again, and then it is allowed", async () => {
    const { runtime, port, clock } = await start();
    await using _ = runtime;
    const token = await server.token("acme-corp");
    const answers = await inTurn(4, () => ask(port, "/v2/tenant", { token }));
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    for (const { headers } of answers) expect(headers["ratelimit-policy"]).toBe('"tenant";q=60;w=60');
    expect(answers.map(({ headers }) => headers["ratelimit"])).toEqual([
      '"tenant";r=2;t=1',
      '"tenant";r=1;t=2',
      '"tenant";r=0;t=3',
      '"tenant";r=0;t=1',
    ]);
    const refused = answers[3] as Answer;
    expect(faultOfProblem(refused)).toBeNull();
    expect(refused.json).toMatchObject({
      type: "urn:tenantry:problem:rate-limited",
      code: "RATE_LIMITED",
      detail: "the tenant may send 60 requests in 60 seconds",
    });
    expect(refused.headers["retry-after"]).toBe("1");
    clock.advance(999);
    expect((await ask(port, "/v2/tenant", { token })).status).toBe(429);
    clock.advance(1);
    expect((await ask(port, "/v2/tenant", { token })).status).toBe(200);
  });

  test("a response that is a problem says it too, and one to nobody does not", async () => {
    const { runtime, port } = await start();
    await using _ = runtime;
    const token = await server.token("acme-corp");
    const missing = await ask(port, "/v2/documents/notes/0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37", { token });
    expect([missing.status, missing.headers["ratelimit"]]).toEqual([404, '"tenant";r=2;t=1']);
    const nobody = await ask(port, "/v2/tenant");
    expect([nobody.status, nobody.headers["ratelimit"]]).toEqual([401, undefined]);
  });

  test("one tenant's requests cost another nothing, and a foreign token costs the tenant nothing", async () => {
    const { runtime, port } = await start();
    await using _ = runtime;
    const [acme, globex] = [await server.token("acme-corp"), await server.token("globex-inc")];
    await inTurn(5, () => ask(port, "/v2/tenant", { token: acme }));
    const foreign = await inTurn(5, () =>
      ask(port, "/v2/tenant", { token: acme, host: "globex-inc.localhost" }),
    );
    expect(statuses(foreign)).toEqual([403, 403, 403, 403, 403]);
    const own = await ask(port, "/v2/tenant", { token: globex, host: "globex-inc.localhost" });
    expect([own.status, own.headers["ratelimit"]]).toEqual([200, '"tenant";r=2;t=1']);
  });

  test("an API key has a rate of its own besides the tenant's, and is charged by neither for what the other refuses", async () => {
    const limits = { requestsPerMinute: 60, burst: 6, concurrentRequests: null, keyRequestsPerMinute: 20 };
    const { runtime, port, clock } = await start({ platform: platformOfTier(limits) });
    await using _ = runtime;
    const owner = await server.token("acme-corp");
    const keys: string[] = [];
    for (const name of ["one", "two"]) {
      const body = { name, permissions: ["tenant:read"] };
      const made = await ask(port, "/v2/api-keys", { method: "POST", token: owner, body });
      keys.push((made.json as unknown as { key: string }).key);
    }
    const [one = "", two = ""] = keys;
    const asOne = await inTurn(4, () => ask(port, "/v2/tenant", { token: one }));
    expect(statuses(asOne)).toEqual([200, 200, 429, 429]);
    for (const { headers } of asOne)
      expect(headers["ratelimit-policy"]).toBe('"tenant";q=60;w=60, "api-key";q=20;w=60');
    // Two of the tenant's six were for making the keys; what the key's rate refused cost it nothing.
    expect(asOne.map(({ headers }) => headers["ratelimit"])).toEqual([
      '"tenant";r=3;t=3, "api-key";r=1;t=3',
      '"tenant";r=2;t=4, "api-key";r=0;t=6',
      '"tenant";r=2;t=4, "api-key";r=0;t=3',
      '"tenant";r=2;t=4, "api-key";r=0;t=3',
    ]);
    const refused = asOne[2] as Answer;
    expect(faultOfProblem(refused)).toBeNull();
    expect([refused.headers["retry-after"], refused.json.detail]).toEqual([
      "3",
      "this API key may send 20 requests in 60 seconds",
    ]);
    expect((await ask(port, "/v2/tenant", { token: two })).headers["ratelimit"]).toBe(
      '"tenant";r=1;t=5, "api-key";r=1;t=3',
    );
    // A person of the same tenant is held to the tenant's rate alone.
    const person = await inTurn(2, () => ask(port, "/v2/tenant", { token: owner }));
    expect(person.map(({ status, headers }) => [status, headers["ratelimit"]])).toEqual([
      [200, '"tenant";r=0;t=6'],
      [429, '"tenant";r=0;t=1'],
    ]);
    expect((await ask(port, "/v2/tenant", { token: two })).status).toBe(429);
    clock.advance(1_000);
    expect((await ask(port, "/v2/tenant", { token: two })).headers["ratelimit"]).toBe(
      '"tenant";r=0;t=6, "api-key";r=0;t=5',
    );
  });

  test("what is sent on to the platform's own services counts as well", async () => {
    const upstream = http.createServer((_request, response) => response.end("served"));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(upstream.address() as net.AddressInfo).port}`;
    const { runtime, port } = await start({ platform: platformWithService(), upstreams: { web: { url } } });
    try {
      const answers = await inTurn(4, () => ask(port, "/page"));
      expect(statuses(answers)).toEqual([200, 200, 200, 429]);
      expect(answers[0]?.headers["ratelimit"]).toBe('"tenant";r=2;t=1');
      // Whoever comes without a token counts apart from those who have one, and takes nothing from them.
      const token = await server.token("acme-corp");
      const own = await inTurn(3, () => ask(port, "/page", { token }));
      expect(statuses(own)).toEqual([200, 200, 200]);
      expect((await ask(port, "/v2/tenant", { token })).status).toBe(429);
    } finally {
      await runtime.drain();
      upstream.close();
    }
  });
});

/** The same with these limits in every tier. */
function platformOfTier(limits: object): RuntimeConfig["platform"] {
  const platform = platformWithService();
  const tiers = Object.fromEntries(
    Object.entries(platform.tiers).map(([name, tier]) => [
      name,
      { ...tier, limits: { ...tier.limits, ...limits } },
    ]),
  );
  return { ...platform, tiers };
}

/** The platform of the tests with one service at `/`. */
function platformWithService(): RuntimeConfig["platform"] {
  const web = { name: "web", port: 1, health: { path: "/" }, local: null, route: "/" };
  return { ...server.config.platform, services: { web } } as never;
}

test("who comes without a valid token is limited by address, before anything is verified", async () => {
  const { runtime, port, clock } = await start({ apiLimits: { addressRequestsPerMinute: 60 } });
  await using _ = runtime;
  const asks = [
    () => ask(port, "/v2/tenant", { token: "x.y.z" }),
    () => ask(port, "/v2/tenant"),
    () => ask(port, "/nothing"),
    () => ask(port, "/v2/tenant", { host: "nobody.localhost" }),
    () => ask(port, "/v2/tenant", { method: "DELETE" }),
    () => ask(port, "/health/live"),
    () => ask(port, "/v2/tenant", { token: "x.y.z" }),
  ];
  const answers: Answer[] = [];
  for (const one of asks) answers.push(await one());
  expect(statuses(answers)).toEqual([401, 401, 404, 404, 405, 200, 429]);
  const refused = answers.at(-1) as Answer;
  expect(faultOfProblem(refused)).toBeNull();
  expect(refused.headers).toMatchObject({
    "ratelimit-policy": '"address";q=60;w=60',
    ratelimit: '"address";r=0;t=1',
    "retry-after": "1",
  });
  clock.advance(1_000);
  expect((await ask(port, "/v2/tenant")).status).toBe(401);
});

test("requests of tenants are not charged to the address that they come from", async () => {
  const { runtime, port } = await start({ apiLimits: { addressRequestsPerMinute: 10 } });
  await using _ = runtime;
  for (const [tenant, status] of [
    ["acme-corp", 429],
    ["globex-inc", 429],
    ["initech-llc", 429],
  ] as const) {
    const token = await server.token(tenant);
    const answers = await inTurn(20, () => ask(port, "/v2/tenant", { token, host: `${tenant}.localhost` }));
    expect(statuses(answers).filter((one) => one === 200)).toHaveLength(3);
    expect(answers.at(-1)?.status).toBe(status);
    expect(answers.at(-1)?.headers["ratelimit-policy"]).toBe('"tenant";q=60;w=60');
  }
  expect((await ask(port, "/v2/tenant", { host: "nobody.localhost" })).status).toBe(404);
});

test("behind a proxy of ours each client has a limit of its own, and cannot choose another", async () => {
  const { runtime, port } = await start({ trustedProxies: 1, apiLimits: { addressRequestsPerMinute: 10 } });
  await using _ = runtime;
  const from = (forwarded: string) =>
    ask(port, "/v2/tenant", { headers: { "x-forwarded-for": forwarded } }).then(({ status }) => status);
  expect([await from("192.0.2.1"), await from("192.0.2.1")]).toEqual([401, 429]);
  expect([await from("192.0.2.2"), await from("10.1.1.1, 192.0.2.2")]).toEqual([401, 429]);
});

test("an operator has a generous limit of its own", async () => {
  const { runtime, controlPort } = await start({ apiLimits: { operatorRequestsPerMinute: 20 } });
  await using _ = runtime;
  const token = await server.controlToken();
  const answers = await inTurn(3, () => ask(controlPort, "/control/v1/tenants", { token }));
  expect(statuses(answers)).toEqual([200, 200, 429]);
  expect(answers[0]?.headers["ratelimit-policy"]).toBe('"operator";q=20;w=60');
  expect(faultOfProblem(answers[2] as Answer)).toBeNull();
});

describe("fair admission", () => {
  /** A service that can do so many things at once and takes its time; the others wait, first come first served. */
  async function slowService(atOnce: number, holdMs: number) {
    let free = atOnce;
    const line: http.ServerResponse[] = [];
    const serve = (response: http.ServerResponse) =>
      void setTimeout(() => {
        response.end("served");
        const next = line.shift();
        if (next === undefined) free += 1;
        else serve(next);
      }, holdMs);
    const upstream = http.createServer((_request, response) => {
      if (free === 0) {
        line.push(response);
        return;
      }
      free -= 1;
      serve(response);
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    return {
      url: `http://127.0.0.1:${(upstream.address() as net.AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        upstream.closeAllConnections();
        await new Promise((resolve) => upstream.close(resolve));
      },
    };
  }

  /** 200 clients of one tenant without a pause; meanwhile two others send 5 requests each, one at a time. */
  async function oneAgainstOthers(serviceRequestsInFlightMax: number) {
    await using service = await slowService(4, 40);
    const { platform } = server.config;
    const generous = { requestsPerMinute: 10_000_000, burst: 1_000_000, concurrentRequests: null };
    const tiers = Object.fromEntries(
      Object.entries(platform.tiers).map(([name, tier]) => [
        name,
        { ...tier, limits: { ...tier.limits, ...generous } },
      ]),
    );
    const runtime = await server.startAnother({
      platform: { ...platformWithService(), tiers },
      upstreams: { web: { url: service.url } },
      apiLimits: {
        ...server.config.apiLimits,
        serviceRequestsInFlightMax,
        serviceTimeoutMs: 300,
        waitingRequestsMax: 1_000,
        waitingTimeoutMs: 10_000,
      },
    });
    await using _ = runtime;
    const port = portOf(runtime.gatewayUrl);
    const stop = { now: false };
    const agent = new http.Agent({ keepAlive: true });
    let elephantRequests = 0;
    const elephants = Array.from({ length: 200 }, async () => {
      while (!stop.now) {
        await ask(port, "/page", { host: "acme-corp.localhost", agent });
        elephantRequests += 1;
      }
    });
    const others = await Promise.all(
      ["globex-inc", "initech-llc"].map((tenant) =>
        inTurn(5, () => ask(port, "/page", { host: `${tenant}.localhost`, agent })),
      ),
    );
    stop.now = true;
    await Promise.all(elephants);
    agent.destroy();
    return { elephantRequests, otherStatuses: others.flatMap(statuses) };
  }

  test("one tenant at a hundred times its share leaves the others' requests all served", async () => {
    const { elephantRequests, otherStatuses } = await oneAgainstOthers(4);
    expect(otherStatuses).toHaveLength(10);
    expect(otherStatuses.filter((status) => status !== 200)).toEqual([]);
    expect(elephantRequests).toBeGreaterThan(10);
  });

  test("the same test fails without fairness: the others' requests wait behind the one's", async () => {
    const { otherStatuses } = await oneAgainstOthers(100_000);
    expect(otherStatuses.filter((status) => status !== 200).length).toBeGreaterThan(5);
  });

  test("a tenant with as many in flight and waiting as it may is refused, and one that waits too long as well", async () => {
    const held: http.ServerResponse[] = [];
    const upstream = http.createServer((_request, response) => void held.push(response));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(upstream.address() as net.AddressInfo).port}`;
    const { runtime, port, clock } = await start({
      platform: platformOfTier({ requestsPerMinute: 600, burst: 60, concurrentRequests: 3 }),
      upstreams: { web: { url } },
      apiLimits: { waitingRequestsMax: 1, waitingTimeoutMs: 1_000 },
    });
    try {
      const three = Array.from({ length: 3 }, () => ask(port, "/page"));
      await expect.poll(() => held.length).toBe(3);
      const waiting = ask(port, "/page");
      const refused = await ask(port, "/page");
      expect(faultOfProblem(refused)).toBeNull();
      expect([refused.status, refused.json.code]).toEqual([429, "CONCURRENCY_LIMITED"]);
      expect(refused.headers["retry-after"]).toBe("1");
      const other = ask(port, "/page", { host: "globex-inc.localhost" });
      await expect.poll(() => held.length).toBe(4);
      clock.advance(1_000);
      const late = await waiting;
      expect(faultOfProblem(late)).toBeNull();
      expect([late.status, late.json.code, late.headers["retry-after"]]).toEqual([503, "OVERLOADED", "1"]);
      for (const response of held) response.end("served");
      expect(statuses(await Promise.all([...three, other]))).toEqual([200, 200, 200, 200]);
      // What was in flight is not any more.
      const again = ask(port, "/page");
      await expect.poll(() => held.length).toBe(5);
      held[4]?.end("served");
      expect((await again).status).toBe(200);
    } finally {
      await runtime.drain();
      upstream.closeAllConnections();
      upstream.close();
    }
  });

  test("a tenant that sends its bodies slowly keeps nobody else from sending theirs", async () => {
    const { runtime, port } = await start({
      platform: platformOfTier({ requestsPerMinute: 6_000, burst: 600, concurrentRequests: null }),
      apiLimits: { bodiesInFlightMax: 6 },
    });
    await using _ = runtime;
    const token = await server.token("acme-corp");
    const sockets = Array.from({ length: 30 }, () => {
      const socket = net.connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(
        `POST /v2/documents/slow HTTP/1.1\r\nhost: acme-corp.localhost\r\nauthorization: Bearer ${token}\r\n` +
          'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"bo',
      );
      return socket;
    });
    await expect
      .poll(async () => (await ask(port, "/v2/tenant", { token })).headers["ratelimit"])
      .toMatch(/r=5[0-6]\d;/);
    const other = await server.token("globex-inc");
    const post = () =>
      ask(port, "/v2/documents/quick", {
        method: "POST",
        token: other,
        host: "globex-inc.localhost",
        body: { body: {} },
      });
    expect(statuses(await inTurn(10, post))).toEqual(Array.from({ length: 10 }, () => 201));
    // Reading needs no room for a body, not even for the slow one.
    expect((await ask(port, "/v2/tenant", { token })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(
        async () =>
          (
            await ask(port, "/v2/documents/quick", {
              method: "POST",
              token,
              body: { body: {} },
            })
          ).status,
      )
      .toBe(201);
  });
});
