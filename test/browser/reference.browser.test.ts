import { chmod, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import { issueTenantToken, type RunningUp, type ToolkitPorts, up } from "@tenantry/toolkit";
import bundledChromium from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The reference of both versions, as a developer meets it: read, authorize, try out. */
let folder: string;
let ports: ToolkitPorts;
let platform: RunningUp;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-reference-"));
  // PostgreSQL runs as another user where the tests run as root.
  await chmod(folder, 0o755);
  const cwd = join(folder, "starter");
  await cp("platforms/starter", cwd, { recursive: true, filter: (path) => !path.includes(".tenantry") });
  // What the starter's service imports.
  await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
  const stateFolder = join(folder, "state");
  const onEvent = () => undefined;
  const machine = { clock: systemClock, random: systemRandom, fetch };
  ports = { ...machine, cwd, user: "browser@test", stateFolder, onEvent };
  platform = await up({ gatewayPort: 0, controlPort: 0, fresh: false }, ports);
  const executablePath = await bundledChromium.executablePath();
  browser = await chromium.launch({ executablePath, args: bundledChromium.args, headless: true });
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Every address that the page asked for. */
  readonly asked: readonly string[];
}

async function open(version: string): Promise<Opened> {
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => asked.push(request.url()));
  const { port } = new URL(platform.result.gatewayUrl);
  await page.goto(`http://acme-corp.localhost:${port}/${version}/reference`);
  return { page, complaints, asked };
}

describe("the reference in a browser", () => {
  it.each(["v1", "v2"])("lists the operations of %s and asks no other host", async (version) => {
    const { page, complaints, asked } = await open(version);
    const document = await page.evaluate<{ readonly paths: Readonly<Record<string, object>> }>(
      `fetch("/${version}/openapi.json").then((answer) => answer.json())`,
    );
    const operations = Object.values(document.paths).reduce((sum, path) => sum + Object.keys(path).length, 0);
    await expect.poll(() => page.locator(".opblock").count(), { timeout: 30_000 }).toBe(operations);
    expect(operations).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
    const { origin } = new URL(page.url());
    expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith("data:"))).toEqual([]);
  });

  it("tries out a request with a token, which answers 200, and without, which answers 401", async () => {
    const { page, complaints } = await open("v2");
    const operation = page.locator("#operations-tenant-getTenant");
    await operation.locator(".opblock-summary-control").click();
    const status = operation.locator(".live-responses-table .response-col_status").last();
    const execute = operation.getByRole("button", { name: "Execute" });
    await execute.click();
    await expect.poll(() => status.textContent(), { timeout: 30_000 }).toContain("401");
    const { token } = await issueTenantToken({ tenant: "acme-corp", role: "member", ttl: "1h" }, ports);
    await page.getByRole("button", { name: "Authorize" }).first().click();
    await page.locator(".auth-container input").fill(token);
    await page.locator(".auth-btn-wrapper .authorize").click();
    await page.locator(".btn-done").click();
    await execute.click();
    await expect.poll(() => status.textContent(), { timeout: 30_000 }).toContain("200");
    expect(
      await operation.locator(".live-responses-table .response-col_description").last().textContent(),
    ).toContain("acme-corp");
    // Chromium tells of the request that was refused; there is nothing else.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
  });

  it("runs no script and loads no style that the page does not name", async () => {
    const { page, complaints } = await open("v2");
    await page.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "document.title = 'injected'";
      document.body.append(script);
    }`);
    expect(await page.title()).toBe("Tenant API v2");
    await expect.poll(() => complaints.join("\\n")).toContain("Content Security Policy");
  });
});
