import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, faultOfProblem } from "./exchange.ts";
import { apiKeyCases } from "./authorization/api-key-cases.ts";
import { auditEventCases } from "./authorization/audit-event-cases.ts";
import { controlCases } from "./authorization/control-cases.ts";
import { documentCases } from "./authorization/document-cases.ts";
import { fileCases } from "./authorization/file-cases.ts";
import { memberCases } from "./authorization/member-cases.ts";
import { roleCases } from "./authorization/role-cases.ts";
import { eventCases } from "./authorization/event-cases.ts";
import { operationCases } from "./authorization/operation-cases.ts";
import { platformCases } from "./authorization/platform-cases.ts";
import { webhookCases } from "./authorization/webhook-cases.ts";
import type { RouteCase, World } from "./authorization/route-case.ts";
import { signInCases } from "./authorization/sign-in-cases.ts";
import { tenantCases } from "./authorization/tenant-cases.ts";
import { usageCases } from "./authorization/usage-cases.ts";
import { startTestRuntime, type TestRuntime } from "./test-runtime.ts";

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime({}, { operations: "open" });
});
afterAll(() => server[Symbol.asyncDispose]());

const routes: readonly RouteCase[] = [
  ...tenantCases,
  ...signInCases,
  ...documentCases,
  ...fileCases,
  ...memberCases,
  ...roleCases,
  ...apiKeyCases,
  ...usageCases,
  ...auditEventCases,
  ...controlCases,
  ...operationCases,
  ...platformCases,
  ...eventCases,
  ...webhookCases,
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
  rows.push({ name: "own API key", token: await apiKey("acme-corp", ["documents:read", "members:read"]) });
  rows.push({ name: "foreign API key", token: await apiKey("globex-inc", ["documents:read"]) });
  return rows;
}

/** A key of the tenant that may do this. */
async function apiKey(tenant: string, permissions: readonly string[]): Promise<string> {
  const { json } = await ask(server.gatewayPort, "/v2/api-keys", {
    method: "POST",
    host: `${tenant}.localhost`,
    token: await server.token(tenant),
    body: { name: "matrix", permissions },
  });
  return json.key;
}

test("every route answers every role, own and foreign, as the matrix says", { timeout: 60_000 }, async () => {
  let counter = 0;
  const world: World = {
    server,
    owner: await server.token("acme-corp"),
    operator: await server.controlToken("operator"),
    unique: () => String((counter += 1)),
  };
  const everyone = await callers();
  const lines: string[] = [];
  for (const one of routes) {
    lines.push(`${one.listener} ${one.route}`);
    for (const caller of everyone) {
      const { path, ask: request } = await one.prepare(world);
      const port = one.listener === "gateway" ? server.gatewayPort : server.controlPort;
      const answer = await ask(port, path, {
        ...request,
        method: one.route.split(" ")[0]?.toUpperCase() ?? "GET",
        ...(caller.token === undefined ? {} : { token: caller.token }),
      });
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
    ["gateway", server.gatewayPort, "/v1/openapi.json"],
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
