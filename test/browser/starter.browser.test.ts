import { chmod, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import { issueTenantToken, type RunningUp, type ToolkitPorts, up } from "@tenantry/toolkit";
import bundledChromium from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/**
 * What a person sees: the starter platform runs as `npm start` runs it, in a folder of its own, and
 * a real browser opens the tenants' hosts, pastes tokens and writes notes.
 */
let folder: string;
let ports: ToolkitPorts;
let platform: RunningUp;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-browser-"));
  // PostgreSQL runs as another user where the tests run as root.
  await chmod(folder, 0o755);
  await cp("platforms/starter", join(folder, "starter"), {
    recursive: true,
    filter: (path) => !path.includes(".tenantry"),
  });
  // What the starter's service imports.
  await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
  ports = {
    clock: systemClock,
    random: systemRandom,
    fetch,
    cwd: join(folder, "starter"),
    user: "browser@test",
    stateFolder: join(folder, "state"),
    onEvent: () => undefined,
  };
  platform = await up({ gatewayPort: 0, controlPort: 0, fresh: false }, ports);
  browser = await chromium.launch({
    executablePath: await bundledChromium.executablePath(),
    args: bundledChromium.args,
    headless: true,
  });
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

const urlOf = (tenant: string) => {
  const { port } = new URL(platform.result.gatewayUrl);
  return `http://${tenant}.localhost:${port}/`;
};
const tokenOf = async (tenant: string) =>
  (await issueTenantToken({ tenant, role: "member", ttl: "1h" }, ports)).token;

/** A page in a context of its own: what it stores is its own too. */
async function open(
  tenant: string,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  await page.goto(urlOf(tenant));
  return { page, complaints };
}

async function signIn(page: Page, accessToken: string): Promise<void> {
  await page.getByLabel("Access token").fill(accessToken);
  await page.getByRole("button", { name: "Use token" }).click();
}

describe("the starter platform in a browser", () => {
  it("shows each tenant its own host, tier and isolation", async () => {
    for (const [tenant, isolation] of [
      ["acme-corp", "pool"],
      ["globex-inc", "bridge"],
      ["initech-llc", "silo"],
    ] as const) {
      const { page, complaints } = await open(tenant);
      await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toContain(tenant);
      expect(await page.locator("dl").textContent()).toContain(isolation);
      expect(complaints).toEqual([]);
    }
  });

  it("keeps notes of one tenant from another, whatever they contain", async () => {
    const note = `<img src=x onerror="document.title='injected'"> milk & "bread"`;
    const { page, complaints } = await open("acme-corp");
    await signIn(page, await tokenOf("acme-corp"));
    await page.getByLabel("New note").fill(note);
    await page.getByRole("button", { name: "Add" }).click();
    await expect.poll(() => page.getByRole("listitem").count()).toBe(1);
    expect(await page.getByRole("listitem").textContent()).toContain(note);
    expect(await page.title()).toContain("acme-corp");

    const other = await open("globex-inc");
    await signIn(other.page, await tokenOf("globex-inc"));
    await expect.poll(() => other.page.getByLabel("New note").isEnabled()).toBe(true);
    expect(await other.page.getByRole("listitem").count()).toBe(0);

    await page.reload();
    await expect.poll(() => page.getByRole("listitem").count()).toBe(1);
    expect([...complaints, ...other.complaints]).toEqual([]);
  });

  it("says in words why another tenant's token is refused", async () => {
    const { page } = await open("initech-llc");
    await signIn(page, await tokenOf("acme-corp"));
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("TOKEN_FOR_ANOTHER_TENANT");
    expect(await page.getByRole("listitem").count()).toBe(0);
  });
});
