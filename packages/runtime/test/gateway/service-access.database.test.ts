import { systemClock, systemRandom } from "@tenantry/base";
import type { PlatformService, TenantId } from "@tenantry/model";
import { contextOptionsFrom, type ContextVerdict, verifyTenantContext } from "@tenantry/service-context";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serviceAudienceOf } from "../../src/gateway/context-signer.ts";
import { issueToken } from "../../src/identity/issue-token.ts";
import { createTokenVerifier } from "../../src/identity/verify-token.ts";
import { type Runtime, type RuntimeConfig } from "../../src/runtime.ts";
import { ask, faultOfProblem } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { ScriptedService, type Seen } from "./scripted-service.ts";

/** Three services: for everybody, for members only, and for members with their tokens. */
const web = new ScriptedService();
const shop = new ScriptedService();
const gone = new ScriptedService();
let server: TestRuntime;
let config: Partial<RuntimeConfig>;
let runtime: Runtime;
let port: number;
beforeAll(async () => {
  const urls = await Promise.all([web.start(), shop.start(), gone.start()]);
  server = await startTestRuntime();
  const { platform } = server.config;
  const change = (name: string, changes: Partial<PlatformService>) => ({
    ...(platform.services[name] as PlatformService),
    ...changes,
  });
  config = {
    platform: {
      ...platform,
      services: {
        web: change("web", {}),
        shop: change("shop", { access: "members" }),
        gone: change("gone", { access: "members", forwardAuthorization: true }),
      },
    },
    upstreams: { web: { url: urls[0] }, shop: { url: urls[1] }, gone: { url: urls[2] } },
  };
  runtime = await server.startAnother(config);
  port = portOf(runtime.gatewayUrl);
});
beforeEach(() => {
  for (const service of [web, shop, gone]) service.reset();
});
afterAll(async () => {
  await runtime.drain();
  await server[Symbol.asyncDispose]();
  for (const service of [web, shop, gone]) await service[Symbol.asyncDispose]();
});

const lastOf = ({ seen }: ScriptedService) => (seen.at(-1) as Seen).headers;
const optionsOf = (service: string) =>
  contextOptionsFrom({
    TENANTRY_ISSUER: server.config.issuer.url,
    TENANTRY_JWKS_URL: `${runtime.gatewayUrl}/.well-known/jwks.json`,
    TENANTRY_AUDIENCE: serviceAudienceOf(server.config.platform.name, service),
  });
const verdictOf = (service: string, headers: Seen["headers"]): Promise<ContextVerdict> =>
  verifyTenantContext(optionsOf(service))(headers);

describe("the context of a request", () => {
  test("says the tenant and who asks, and is verified by what services use", async () => {
    expect((await ask(port, "/x", { token: await server.token("acme-corp", "viewer") })).status).toBe(200);
    expect(await verdictOf("web", lastOf(web))).toEqual({
      kind: "valid",
      context: {
        kind: "tenant",
        tenant: { id: "acme-corp", tier: "pool", isolation: "pool" },
        principal: {
          subject: "ada@example.com",
          role: "viewer",
          permissions: ["tenant:read", "documents:read", "files:read"],
          via: "token",
          member: null,
        },
      },
    });
  });

  test("says nobody where nobody has shown a credential", async () => {
    expect((await ask(port, "/x", { host: "initech-llc.localhost" })).status).toBe(200);
    expect(await verdictOf("web", lastOf(web))).toEqual({
      kind: "valid",
      context: {
        kind: "tenant",
        tenant: { id: "initech-llc", tier: "bridge", isolation: "bridge" },
        principal: null,
      },
    });
  });

  test("is for one service and is refused by every other", async () => {
    await ask(port, "/x");
    expect(await verdictOf("shop", lastOf(web))).toEqual({ kind: "refused", code: "CONTEXT_AUDIENCE" });
  });

  test("that a client sends reaches no service, be it one that was valid for another tenant", async () => {
    await ask(port, "/x", { host: "globex-inc.localhost", token: await server.token("globex-inc", "owner") });
    const stolen = lastOf(web)["x-tenantry-context"] as string;
    for (const headers of [
      { "x-tenantry-context": stolen },
      { "X-Tenantry-Context": [stolen, stolen] },
      { x_tenantry_context: stolen },
      { "x-tenantry-context": stolen, connection: "x-tenantry-context, close" },
    ]) {
      await ask(port, "/x", { headers });
      const verdict = await verdictOf("web", lastOf(web));
      expect(verdict).toMatchObject({
        kind: "valid",
        context: { tenant: { id: "acme-corp" }, principal: null },
      });
      expect(JSON.stringify(lastOf(web))).not.toContain(stolen);
    }
  });

  test("replayed beside another tenant's request is refused", async () => {
    await ask(port, "/x", { host: "globex-inc.localhost" });
    const context = lastOf(web)["x-tenantry-context"];
    await ask(port, "/x");
    const headers = { ...lastOf(web), "x-tenantry-context": context };
    expect(await verdictOf("web", headers)).toEqual({ kind: "refused", code: "CONTEXT_TENANT_MISMATCH" });
  });

  test("is no access token, and an access token is no context", async () => {
    const token = await server.token("acme-corp", "owner");
    await ask(port, "/x", { token });
    const context = lastOf(web)["x-tenantry-context"] as string;
    expect((await ask(port, "/v2/tenant", { token: context })).json.code).toBe("TOKEN_INVALID");
    expect((await ask(port, "/x", { token: context })).json.code).toBe("TOKEN_INVALID");
    expect(await verdictOf("web", { "x-tenantry-context": token })).toEqual({
      kind: "refused",
      code: "CONTEXT_TYPE",
    });
    // Not even where somebody configures the one's audience for the other.
    const audience = serviceAudienceOf(server.config.platform.name, "web");
    const platform = server.config.platform.name;
    const keys = new Map([[server.key.kid, server.key]]);
    const verifier = createTokenVerifier({
      keys: { verifyingKey: (kid: string) => keys.get(kid), revision: 0 } as never,
      issuer: server.config.issuer.url,
      platform,
      clock: systemClock,
    });
    expect((await verifier.verifyTenantToken(context)).kind).toBe("refused");
    expect((await verifier.verifyTenantToken(token)).kind).toBe("valid");
    const verify = verifyTenantContext({ ...optionsOf("web"), audience: `urn:tenantry:${platform}:api` });
    expect(await verify({ "x-tenantry-context": token })).toEqual({ kind: "refused", code: "CONTEXT_TYPE" });
    expect(audience).not.toBe(`urn:tenantry:${platform}:api`);
  });
});

describe("a credential", () => {
  test("is verified, and does not reach the service", async () => {
    const token = await server.token("acme-corp", "owner");
    expect((await ask(port, "/x", { token })).status).toBe(200);
    expect(lastOf(web)).not.toHaveProperty("authorization");
    expect(JSON.stringify(web.seen)).not.toContain(token);
  });

  test("reaches a service whose definition says so", async () => {
    const token = await server.token("acme-corp", "owner");
    expect((await ask(port, "/gone/x", { token })).status).toBe(200);
    expect(lastOf(gone)["authorization"]).toBe(`Bearer ${token}`);
  });

  test.each(["/x", "/shop/x"])("that is not valid is refused at %s", async (path) => {
    const other = await server.token("globex-inc", "owner");
    const expired = await issueToken(
      server.key,
      {
        kind: "tenant",
        issuer: server.config.issuer.url,
        platform: server.config.platform.name,
        subject: "ada@example.com",
        tenant: "acme-corp" as TenantId,
        role: "owner",
        lifetimeSeconds: 1,
      },
      { clock: { ...systemClock, nowMs: () => systemClock.nowMs() - 3_600_000 }, random: systemRandom },
    );
    for (const [authorization, code] of [
      ["Bearer nonsense", "TOKEN_INVALID"],
      ["bearer", "TOKEN_INVALID"],
      [`Bearer ${expired}`, "TOKEN_INVALID"],
      [`Bearer ${await server.controlToken("operator")}`, "TOKEN_INVALID"],
      [`Bearer ${other}`, "TOKEN_FOR_ANOTHER_TENANT"],
    ] as const) {
      const answer = await ask(port, path, { headers: { authorization } });
      expect(faultOfProblem(answer)).toBeNull();
      expect(answer.json.code, authorization).toBe(code);
    }
    expect([...web.seen, ...shop.seen]).toEqual([]);
  });

  test("of another scheme is the service's own, and makes nobody known", async () => {
    const authorization = `Basic ${Buffer.from("ada:secret").toString("base64")}`;
    expect((await ask(port, "/x", { headers: { authorization } })).status).toBe(200);
    expect(lastOf(web)["authorization"]).toBe(authorization);
    expect(await verdictOf("web", lastOf(web))).toMatchObject({ context: { principal: null } });
  });

  test("is needed for a service that is for members", async () => {
    const without = await ask(port, "/shop/x");
    expect(without.json.code).toBe("TOKEN_MISSING");
    expect(without.headers["www-authenticate"]).toContain("Bearer");
    const basic = await ask(port, "/shop/x", { headers: { authorization: "Basic YTpi" } });
    expect(basic.json.code).toBe("TOKEN_INVALID");
    expect(shop.seen).toEqual([]);
    expect((await ask(port, "/shop/x", { token: await server.token("acme-corp", "viewer") })).status).toBe(
      200,
    );
    expect(await verdictOf("shop", lastOf(shop))).toMatchObject({
      context: { principal: { role: "viewer" } },
    });
  });
});

test("strangers cannot use up what the tenant's own have, nor the tenant's own what strangers have", async () => {
  const limited = { requestsPerMinute: 60, burst: 5 };
  await using small = await startTestRuntime({ upstreams: config.upstreams ?? {} }, { limits: limited });
  const token = await small.token("acme-corp", "owner");
  const statuses = async (times: number, options: Parameters<typeof ask>[2]) => {
    const answers = [];
    for (let time = 0; time < times; time += 1) answers.push(await ask(small.gatewayPort, "/x", options));
    return answers.map(({ status }) => status);
  };
  expect((await statuses(20, {})).filter((status) => status === 429).length).toBeGreaterThan(10);
  expect(await statuses(5, { token })).toEqual([200, 200, 200, 200, 200]);
  expect(await statuses(1, { token })).toEqual([429]);
  expect((await ask(small.gatewayPort, "/v2/tenant", { token })).json.code).toBe("RATE_LIMITED");
  // A token that is not valid costs the tenant nothing.
  const globex = { host: "globex-inc.localhost" };
  await statuses(20, { ...globex, headers: { authorization: "Bearer nonsense" } });
  expect(await statuses(1, { ...globex, token: await small.token("globex-inc", "owner") })).toEqual([200]);
});

test("strangers are charged by address, and members are not", async () => {
  await using strict = await server.startAnother({
    ...config,
    apiLimits: { ...server.config.apiLimits, addressRequestsPerMinute: 60 },
  });
  const strictPort = portOf(strict.gatewayUrl);
  const token = await server.token("acme-corp", "owner");
  for (let time = 0; time < 30; time += 1) {
    expect((await ask(strictPort, "/x", { token })).status).toBe(200);
  }
  const statuses = [];
  for (let time = 0; time < 10; time += 1) statuses.push((await ask(strictPort, "/x")).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(2);
});
