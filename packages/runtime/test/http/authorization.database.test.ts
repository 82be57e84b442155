import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, type Ask, faultOfProblem } from "./exchange.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

interface RouteCase {
  readonly listener: "gateway" | "control";
  /** As in the OpenAPI document. */
  readonly route: string;
  /** The path that is asked, with the id of a fresh document or tenant. */
  readonly path: (fresh: { readonly document: string; readonly tenant: string }) => string;
  readonly ask?: Ask;
}

const json = { body: { body: {} } };
const patch = { ...json, headers: { "content-type": "application/merge-patch+json" } };
const documents = "/v2/documents/matrix";

const routes: readonly RouteCase[] = [
  { listener: "gateway", route: "get /v2/tenant", path: () => "/v2/tenant" },
  { listener: "gateway", route: "get /v2/documents/{collection}", path: () => documents },
  { listener: "gateway", route: "post /v2/documents/{collection}", path: () => documents, ask: json },
  {
    listener: "gateway",
    route: "get /v2/documents/{collection}/{id}",
    path: (fresh) => `${documents}/${fresh.document}`,
  },
  {
    listener: "gateway",
    route: "put /v2/documents/{collection}/{id}",
    path: (fresh) => `${documents}/${fresh.document}`,
    ask: { ...json, headers: { "if-match": "*" } },
  },
  {
    listener: "gateway",
    route: "patch /v2/documents/{collection}/{id}",
    path: (fresh) => `${documents}/${fresh.document}`,
    ask: patch,
  },
  {
    listener: "gateway",
    route: "delete /v2/documents/{collection}/{id}",
    path: (fresh) => `${documents}/${fresh.document}`,
  },
  { listener: "gateway", route: "get /v2/openapi.json", path: () => "/v2/openapi.json" },
  { listener: "gateway", route: "get /.well-known/jwks.json", path: () => "/.well-known/jwks.json" },
  { listener: "gateway", route: "get /health/live", path: () => "/health/live" },
  { listener: "gateway", route: "get /health/ready", path: () => "/health/ready" },
  { listener: "control", route: "get /control/v1/tenants", path: () => "/control/v1/tenants" },
  { listener: "control", route: "post /control/v1/tenants", path: () => "/control/v1/tenants" },
  { listener: "control", route: "get /control/v1/tenants/{id}", path: () => "/control/v1/tenants/acme-corp" },
  { listener: "control", route: "get /control/v1/openapi.json", path: () => "/control/v1/openapi.json" },
  { listener: "control", route: "get /health/live", path: () => "/health/live" },
  { listener: "control", route: "get /health/ready", path: () => "/health/ready" },
];

const tenantRoles = ["owner", "admin", "member", "viewer"] as const;
const controlRoles = ["operator", "auditor"] as const;

/** Whose token it is: the tenant of the host, another tenant of the pool, one with a schema of its own. */
async function callers(): Promise<readonly { readonly name: string; readonly token?: string }[]> {
  const rows: { name: string; token?: string }[] = [{ name: "nobody" }];
  for (const [tenant, whose] of [
    ["acme-corp", "own"],
    ["globex-inc", "foreign pool"],
    ["initech-llc", "foreign bridge"],
  ] as const) {
    for (const role of tenantRoles)
      rows.push({ name: `${whose} ${role}`, token: await server.token(tenant, role) });
  }
  for (const role of controlRoles)
    rows.push({ name: `control ${role}`, token: await server.controlToken(role) });
  return rows;
}

test("every route answers every role, own and foreign, as the matrix says", { timeout: 60_000 }, async () => {
  const owner = await server.token("acme-corp");
  const lines: string[] = [];
  let counter = 0;
  for (const one of routes) {
    lines.push(`${one.listener} ${one.route}`);
    for (const caller of await callers()) {
      const fresh = await ask(server.gatewayPort, documents, {
        method: "POST",
        token: owner,
        body: { body: {} },
      });
      const isAdding = one.route === "post /control/v1/tenants";
      counter += isAdding ? 1 : 0;
      const request: Ask = {
        ...one.ask,
        ...(isAdding ? { body: { id: `matrix-${counter}` } } : {}),
        method: one.route.split(" ")[0]?.toUpperCase() ?? "GET",
        ...(caller.token === undefined ? {} : { token: caller.token }),
      };
      const port = one.listener === "gateway" ? server.gatewayPort : server.controlPort;
      const answer = await ask(port, one.path({ document: fresh.json.id, tenant: "acme-corp" }), request);
      if (answer.status >= 400) expect(faultOfProblem(answer)).toBeNull();
      lines.push(
        `  ${caller.name.padEnd(22)} ${answer.status}${answer.status >= 400 ? ` ${answer.json.code}` : ""}`,
      );
    }
    lines.push("");
  }
  await expect(lines.join("\n")).toMatchFileSnapshot("authorization.golden.txt");
});

test("the matrix has a row for each operation of both documents", async () => {
  const described: string[] = [];
  for (const [listener, port, path] of [
    ["gateway", server.gatewayPort, "/v2/openapi.json"],
    ["control", server.controlPort, "/control/v1/openapi.json"],
  ] as const) {
    const { json: document } = await ask(port, path);
    for (const [route, operations] of Object.entries(document.paths as Record<string, object>)) {
      for (const method of Object.keys(operations)) described.push(`${listener} ${method} ${route}`);
    }
  }
  expect(routes.map((one) => `${one.listener} ${one.route}`).sort()).toEqual(described.sort());
});
