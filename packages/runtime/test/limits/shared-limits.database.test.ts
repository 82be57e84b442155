// The limits of several runtimes that count together: in their database, and in Redis.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import type { Runtime } from "../../src/runtime.ts";
import { inTurn, statuses } from "./in-turn.ts";
import { freePort, hasRedis, RedisServer } from "./redis-server.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime(
    {},
    { services: "none", limits: { requestsPerMinute: 60, burst: 3, concurrentRequests: 3 } },
  );
});
afterAll(() => server[Symbol.asyncDispose]());

describe("PostgreSQL", () => {
  test("S2.06 rate limiting per tenant: two runtimes with one database share each tenant's limit", async () => {
    const runtimes: Runtime[] = [];
    for (let index = 0; index < 2; index += 1) {
      runtimes.push(await server.startAnother({ limitsBackend: "postgres" }));
    }
    const [one = 0, two = 0] = runtimes.map(({ gatewayUrl }) => portOf(gatewayUrl));
    const token = await server.token("acme-corp");
    const answers: Answer[] = [];
    for (const port of [one, two, one, two, one]) answers.push(await ask(port, "/v2/tenant", { token }));
    expect(statuses(answers)).toEqual([200, 200, 200, 429, 429]);
    const other = await server.token("globex-inc");
    expect((await ask(two, "/v2/tenant", { token: other, host: "globex-inc.localhost" })).status).toBe(200);
    for (const runtime of runtimes) await runtime.drain();
  });
});

describe("Redis", () => {
  test("an address that is none of Redis's is refused, and the message does not repeat it", async () => {
    for (const redisUrl of ["http://user:secret@127.0.0.1:6379", "secret"]) {
      const error = (await server.startAnother({ redisUrl }).catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({ code: "RUNTIME_REDIS_URL" });
      expect(error.message).not.toContain("secret");
    }
  });

  test("a Redis that is away is logged and keeps nothing from starting or answering", async () => {
    server.log.length = 0;
    const runtime = await server.startAnother({ redisUrl: `redis://127.0.0.1:${await freePort()}` });
    await using _ = runtime;
    const token = await server.token("acme-corp");
    const answers = await inTurn(4, () => ask(portOf(runtime.gatewayUrl), "/v2/tenant", { token }));
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    expect(server.log).toContainEqual(
      expect.objectContaining({ kind: "shared-limits", state: "away", reason: "ECONNREFUSED" }),
    );
  });

  test.skipIf(!hasRedis())(
    "S2.06 rate limiting per tenant: two runtimes with one Redis share each tenant's limit",
    async () => {
      await using redis = await new RedisServer(await freePort()).start();
      const runtimes: Runtime[] = [];
      for (let index = 0; index < 2; index += 1) {
        runtimes.push(await server.startAnother({ redisUrl: redis.url }));
      }
      const [one = 0, two = 0] = runtimes.map(({ gatewayUrl }) => portOf(gatewayUrl));
      const token = await server.token("acme-corp");
      const answers: Answer[] = [];
      for (const port of [one, two, one, two, one]) answers.push(await ask(port, "/v2/tenant", { token }));
      expect(statuses(answers)).toEqual([200, 200, 200, 429, 429]);
      const other = await server.token("globex-inc");
      expect((await ask(two, "/v2/tenant", { token: other, host: "globex-inc.localhost" })).status).toBe(200);
      await redis.kill();
      expect((await ask(one, "/v2/tenant", { token: other, host: "globex-inc.localhost" })).status).toBe(200);
      for (const runtime of runtimes) await runtime.drain();
    },
  );
});
