import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

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
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  child = spawn(process.execPath, [fileURLToPath(new URL("server.ts", import.meta.url))], {
    env: { PATH: process.env["PATH"], PORT: String(port) },
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

afterAll(() => {
  child.kill("SIGKILL");
});

test("the page says which tenant, tier and isolation the gateway found", async () => {
  const headers = {
    "x-tenantry-tenant": "acme-corp",
    "x-tenantry-tier": "gold",
    "x-tenantry-isolation": "bridge",
  };
  const html = await (await fetch(origin, { headers })).text();
  expect(html).toContain("<h1>acme-corp</h1>");
  expect(html).toContain("<dd>gold</dd>");
  expect(html).toContain("<dd>bridge</dd>");
});

test("what comes in headers is never markup", async () => {
  const html = await (
    await fetch(origin, { headers: { "x-tenantry-tenant": '<img src=x onerror="alert(1)">' } })
  ).text();
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
});

test("the page loads nothing from elsewhere and runs nothing but its own script", async () => {
  const answer = await fetch(origin);
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
  expect((await fetch(origin, { method: "HEAD" })).status).toBe(200);
});

test("it ends by itself on SIGTERM", async () => {
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
});
