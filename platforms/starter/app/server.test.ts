import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  audience,
  claimsAt,
  issuer,
  KeyServer,
  principal,
  sign,
  tenant,
  type TestKey,
  testKey,
} from "../../../packages/service-context/test/context-issuer.ts";

const keyServer = new KeyServer();
let key: TestKey;
let child: ChildProcess;
let origin: string;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

beforeAll(async () => {
  key = await testKey("one");
  keyServer.publish(key);
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  child = spawn(process.execPath, [fileURLToPath(new URL("server.ts", import.meta.url))], {
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      TENANTRY_ISSUER: issuer,
      TENANTRY_JWKS_URL: await keyServer.start(),
      TENANTRY_AUDIENCE: audience,
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const deadline = AbortSignal.timeout(10_000);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${origin}/healthz`, { signal: deadline }).catch(() => null);
    if (answer?.ok === true) return;
    deadline.throwIfAborted();
  }
});

afterAll(async () => {
  child.kill("SIGKILL");
  await keyServer[Symbol.asyncDispose]();
});

/** What the gateway sends for a request of this tenant and principal. */
const contextHeaders = async (change: Record<string, unknown> = {}) => {
  const nowMs = performance.timeOrigin + performance.now();
  return { "x-tenantry-context": await sign(key, { ...claimsAt(nowMs), principal: null, ...change }) };
};

test("the page says which tenant, tier and isolation the gateway found", async () => {
  const headers = await contextHeaders({ tenant: { id: "acme-corp", tier: "gold", isolation: "bridge" } });
  const html = await (await fetch(origin, { headers })).text();
  expect(html).toContain("<h1>acme-corp</h1>");
  expect(html).toContain("<dd>gold</dd>");
  expect(html).toContain("<dd>bridge</dd>");
  expect(html).not.toContain("Visitor");
  const known = await (await fetch(origin, { headers: await contextHeaders({ principal }) })).text();
  expect(known).toContain("<dd>ada@example.com</dd>");
});

test("nobody but the gateway says which tenant it is", async () => {
  const stranger = await testKey("one");
  const forged = await sign(stranger, claimsAt(performance.timeOrigin + performance.now()));
  for (const headers of [
    {},
    { "x-tenantry-tenant": "acme-corp", "x-tenantry-tier": "gold" },
    { "x-tenantry-context": forged },
  ] as Record<string, string>[]) {
    const answer = await fetch(origin, { headers });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain("acme-corp");
  }
});

test("what comes in the context is never markup", async () => {
  const id = '<img src=x onerror="alert(1)">';
  const headers = await contextHeaders({
    tenant: { ...tenant, id },
    principal: { ...principal, subject: id },
  });
  const html = await (await fetch(origin, { headers })).text();
  expect(html).not.toContain("<img");
  expect(html.split("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;").length).toBeGreaterThan(2);
});

test("the page loads nothing from elsewhere and runs nothing but its own script", async () => {
  const answer = await fetch(origin, { headers: await contextHeaders() });
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'sha256-[^']+'/);
  expect(policy).not.toContain("unsafe");
  const html = await answer.text();
  expect(html).not.toMatch(/\son[a-z]+=/);
  expect(html).not.toMatch(/(src|href)="https?:/);
});

test("other paths and methods are refused", async () => {
  expect((await fetch(`${origin}/other`)).status).toBe(404);
  expect((await fetch(origin, { method: "POST", body: "x" })).status).toBe(405);
  expect((await fetch(origin, { method: "HEAD", headers: await contextHeaders() })).status).toBe(200);
});

test("it ends by itself on SIGTERM", async () => {
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
});
