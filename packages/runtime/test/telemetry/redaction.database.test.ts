import { systemClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createJsonLog } from "../../src/telemetry/json-log.ts";
import { ask } from "../http/exchange.ts";
import { portOf, startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { startTraceReceiver } from "./trace-receiver.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

/** One for each place that a secret can be sent in, so that a leak says where it came from. */
const secrets = {
  cookie: "cookie-2f6c1e8b4a37",
  basic: "YmFzaWMtMmY2YzFlOGI0YTM3",
  query: "query-2f6c1e8b4a37",
  queryKey: "tk_queryAbCd1_0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5pQRSTUV",
  path: "tk_pathAbCdE1_0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5pQRSTUV",
  password: "password-2f6c1e8b4a37",
  invitation: "ti_invitation2f6c1e8b4a37",
  refresh: "tr_refresh2f6c1e8b4a37",
  webhook: "whsec_webhook2f6c1e8b4a37",
  idempotency: "idempotency-2f6c1e8b4a37",
  header: "tk_headerAbC1_0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5pQRSTUV",
  document: "document-2f6c1e8b4a37",
  host: "secret-host-2f6c1e8b4a37",
} as const;

interface Operation {
  readonly port: number;
  readonly method: string;
  readonly path: string;
}

async function operations(ports: {
  readonly gateway: number;
  readonly control: number;
}): Promise<readonly Operation[]> {
  const all: Operation[] = [];
  for (const [port, document] of [
    [ports.gateway, "/v1/openapi.json"],
    [ports.gateway, "/v2/openapi.json"],
    [ports.control, "/control/v1/openapi.json"],
  ] as const) {
    const { json } = await ask(port, document);
    for (const [path, methods] of Object.entries(json.paths as Record<string, object>)) {
      for (const method of Object.keys(methods)) all.push({ port, method: method.toUpperCase(), path });
    }
  }
  return all;
}

const body = {
  email: "ada@example.com",
  password: secrets.password,
  token: secrets.invitation,
  refreshToken: secrets.refresh,
  secret: secrets.webhook,
  body: { title: secrets.document },
  name: secrets.document,
};

test(
  "S2.07: no log line, metric or span holds a secret, wherever it is sent",
  { timeout: 120_000 },
  async () => {
    await using receiver = await startTraceReceiver();
    const texts: string[] = [];
    const json = createJsonLog({
      destination: { write: async (text) => void texts.push(text) },
      level: "debug",
      clock: systemClock,
    });
    const before = server.log.length;
    const runtime = await server.startAnother({
      tracing: { endpoint: receiver.url, samplePercent: 100, highVolumeSamplePercent: 100 },
      apiLimits: { ...server.config.apiLimits, waitingTimeoutMs: 2_000 },
    });
    const ports = { gateway: portOf(runtime.gatewayUrl), control: portOf(runtime.controlUrl) };
    const tokens = [await server.token("acme-corp"), await server.controlToken()];
    const all = await operations(ports);
    expect(all.length).toBeGreaterThan(10);
    const headers = {
      cookie: `session=${secrets.cookie}`,
      "idempotency-key": secrets.idempotency,
      "x-api-key": secrets.header,
    };
    for (const { port, method, path } of all) {
      // Server-sent events do not end by themselves.
      if (path.endsWith("/events") && path.includes("{")) continue;
      const own = path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(secrets.path));
      const asked = `${own}?token=${secrets.query}&api_key=${secrets.queryKey}&cursor=${secrets.query}`;
      const content = method === "POST" || method === "PUT" || method === "PATCH" ? { body } : {};
      for (const authorization of [
        undefined,
        ...tokens.map((token) => `Bearer ${token}`),
        `Bearer ${secrets.header}`,
        `Basic ${secrets.basic}`,
      ]) {
        const credential = authorization === undefined ? {} : { authorization };
        for (const target of [own, asked]) {
          await ask(port, target, { method, headers: { ...headers, ...credential }, ...content });
        }
      }
      await ask(port, own, { method, headers, ...content, host: `${secrets.host}.localhost` });
      await ask(port, own, {
        method,
        headers,
        ...(content.body === undefined ? {} : { body: `{"password":"${secrets.password}"` }),
      });
    }
    await ask(ports.gateway, `/unknown/${secrets.path}?token=${secrets.query}`, { headers });
    const metrics = (await ask(ports.control, "/metrics", { host: "localhost" })).body;
    await runtime.drain();
    for (const entry of server.log.slice(before)) json.log(entry);
    await json.flush();
    const told = { log: texts.join(""), metrics, spans: receiver.bodies.join("\n") };
    expect(told.log.split("\n").length).toBeGreaterThan(all.length * 5);
    expect(receiver.spans.length).toBeGreaterThan(all.length * 5);
    expect(leaksIn(told, tokens)).toEqual([]);
  },
);

test("the search finds what is there, in a path as it is and as it was sent", () => {
  const token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
  const told = { log: `{"url":"/v2/files/${secrets.path}?token=${secrets.query}"}`, spans: `"${token}"` };
  expect(leaksIn(told, [token]).map((leak) => leak.split(": ", 2).join(": "))).toEqual([
    "log: query",
    "log: path",
    "spans: token 0",
  ]);
});

/** Which secrets stand where, with what is around them. */
function leaksIn(told: Readonly<Record<string, string>>, tokens: readonly string[]): readonly string[] {
  const wanted = [
    ...Object.entries(secrets),
    ...tokens.map((token, index) => [`token ${index}`, token] as const),
  ];
  return Object.entries(told).flatMap(([where, text]) =>
    wanted
      .map(([name, secret]) => ({ name, secret, at: text.indexOf(secret) }))
      .filter(({ at }) => at >= 0)
      .map(
        ({ name, secret, at }) =>
          `${where}: ${name}: ${text.slice(Math.max(0, at - 200), at + secret.length)}`,
      ),
  );
}
