/**
 * Takes the README's picture from the running thing: the starter platform is started as
 * `npm start` starts it (in a copy, on the usual ports), what the terminal shows is set beside the page of a
 * tenant with a few notes, and the two are photographed together. Run: node tools/take-picture.ts
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import bundledChromium from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const notes = ["Renew the fire certificate", "Invite the night shift", "Order chairs for the second floor"];
const gateway = "http://acme-corp.localhost:8080";
const program = fileURLToPath(new URL("../apps/cli/bin/tenantry.mjs", import.meta.url));

const folder = await mkdtemp(join(tmpdir(), "tenantry-picture-"));
// PostgreSQL runs as another user where this runs as root.
await chmod(folder, 0o755);
await cp("platforms/starter", join(folder, "starter"), {
  recursive: true,
  filter: (path) => !path.includes(".tenantry"),
});
// What the starter's service imports.
await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
const cwd = join(folder, "starter");
// The hints on the screen are those of somebody who stands in this repository and types npm start.
const env = { ...process.env, npm_command: "run-script" };
const up = spawn(process.execPath, [program, "up"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
const browser = await chromium.launch({
  executablePath: await bundledChromium.executablePath(),
  args: bundledChromium.args,
  headless: true,
});
try {
  const screen = await untilReady();
  const token = await output(["token", "acme-corp"]);
  const page = await photographPage(browser, token.trim());
  const added = await output(["tenant", "add", "umbrella-co"]);
  await composePicture(browser, `${screen}\n$ npx tenantry tenant add umbrella-co\n${added}`, page);
} finally {
  await browser.close();
  up.kill("SIGINT");
  await once(up, "close");
  await rm(folder, { recursive: true, force: true });
}

async function untilReady(): Promise<string> {
  let text = "";
  for await (const chunk of up.stdout) {
    text += String(chunk);
    if (text.includes("Data stay.")) return text;
  }
  throw new Error(`tenantry up ended before it was ready:\n${text}`);
}

async function output(argv: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...argv], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  return text;
}

async function photographPage(from: Browser, token: string): Promise<string> {
  const page = await from.newPage({ viewport: { width: 620, height: 860 }, deviceScaleFactor: 1.5 });
  await page.goto(gateway);
  await page.getByLabel("Access token").fill(token);
  await page.getByRole("button", { name: "Use token" }).click();
  for (const [index, note] of notes.entries()) {
    await page.getByLabel("New note").fill(note);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("listitem").nth(index).waitFor();
  }
  return (await page.screenshot()).toString("base64");
}

async function composePicture(from: Browser, screen: string, pageShot: string): Promise<void> {
  const page = await from.newPage({ viewport: { width: 1500, height: 930 }, deviceScaleFactor: 1.25 });
  const text = screen
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/^\$ .*$/gm, "<b>$&</b>");
  await page.setContent(`<!doctype html><style>
    body { margin: 0; padding: 36px; display: flex; gap: 28px; background: #e9edf3; }
    figure { margin: 0; border-radius: 12px; overflow: hidden; box-shadow: 0 14px 40px #1b233040; height: 858px; }
    #terminal { flex: 1; background: #12161d; color: #dfe5ef; }
    pre { margin: 0; padding: 26px 28px; font: 13.5px/1.62 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
    img { display: block; height: 858px; }
    b { color: #8fd6a0; }
  </style><figure id="terminal"><pre><b>$ npm start</b>\n${text}</pre></figure>
  <figure><img src="data:image/png;base64,${pageShot}"></figure>`);
  await page.screenshot({ path: "docs/pictures/starter.png" });
}
