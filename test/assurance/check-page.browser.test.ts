import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import bundledChromium from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeReport } from "../../packages/assurance/src/report/write-report.ts";
import {
  madeUpReport,
  madeUpShipment,
  madeUpTheme,
  refuted,
} from "../../packages/assurance/test/made-up-report.ts";

// Goal: an auditor opens the page anywhere, on a telephone too, and nothing is loaded, runs, or sticks out.

let folder: string;
let browser: Browser;

const long = "arn:aws:iam::123456789012:role/".padEnd(300, "long-name");
const attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-page-"));
  const columns = Array.from({ length: 14 }, (_, index) => `tenant-${index}`);
  const hostile = madeUpTheme(
    "iam",
    [refuted("iam/a", long, long), refuted("iam/b", attack, attack)],
    [{ title: attack, columns, rows: [columns, columns], legend: { "✔": attack } }],
  );
  const report = await madeUpReport(madeUpShipment(), {
    themes: [hostile],
    cost: {
      monthlyMicroUsd: 3_000_000,
      components: [{ name: attack, monthlyMicroUsd: 3_000_000 }],
      tenants: [],
      unpriced: 0,
    },
  });
  await writeFile(join(folder, "page.html"), writeReport(report, "html"));
  browser = await chromium.launch({
    executablePath: await bundledChromium.executablePath(),
    args: bundledChromium.args,
    headless: true,
  });
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ["light", 1200],
  ["light", 400],
  ["dark", 1200],
  ["dark", 400],
] as const)(
  "in %s, %s pixels wide, the page fits, loads nothing and runs nothing",
  async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    const url = pathToFileURL(join(folder, "page.html")).href;
    await page.goto(url);
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe("Check of shop production");
    expect(await page.locator("img, script").count()).toBe(0);
    const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(background).toBe(colorScheme === "dark" ? "rgb(20, 23, 26)" : "rgb(251, 251, 249)");
  },
);
