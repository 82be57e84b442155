import { mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { manualPorts } from "../../test/manual-ports.ts";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { init } from "./init.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-init-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each(["development", "production"])(
  "the definition that is written resolves for %s",
  async (environment) => {
    const { config } = await init({}, manualPorts(folder));
    const { platform } = await resolvePlatform(config, { environment }, manualPorts(folder));
    expect(Object.keys(platform.tiers).sort()).toEqual(["bridge", "pool", "silo"]);
    expect(Object.keys(platform.tenants).sort()).toEqual(["acme-corp", "globex-inc", "initech-llc"]);
    expect(platform).toMatchObject({ environment, defaultTier: "pool", tenantStore: "main" });
  },
);

test("a folder that is missing is made", async () => {
  const ports = manualPorts(folder);
  const result = await init({ folder: "a/b" }, ports);
  expect(result.config).toBe(join(folder, "a/b/tenantry.config.ts"));
  expect(ports.events.map(({ message }) => message)).toEqual([
    "wrote a/b/tenantry.config.ts",
    "wrote a/b/.gitignore",
  ]);
});

test("a definition that exists is not overwritten", async () => {
  await writeFile(join(folder, "tenantry.config.ts"), "mine");
  await expect(init({}, manualPorts(folder))).rejects.toMatchObject({ code: "TOOLKIT_INIT_EXISTS" });
  expect(await readFile(join(folder, "tenantry.config.ts"), "utf8")).toBe("mine");
  await expect(stat(join(folder, ".gitignore"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a file in the place of the folder is explained", async () => {
  await writeFile(join(folder, "taken"), "");
  const failure = init({ folder: "taken" }, manualPorts(folder));
  await expect(failure).rejects.toMatchObject({ code: "TOOLKIT_FILE_UNWRITABLE" });
});

test.each([
  ["node_modules/\n", "node_modules/\n.tenantry/\n"],
  ["node_modules/", "node_modules/\n.tenantry/\n"],
  ["/.tenantry\n", "/.tenantry\n"],
  [".tenantry/\nx\n", ".tenantry/\nx\n"],
])("a .gitignore of %j becomes %j", async (before, after) => {
  await writeFile(join(folder, ".gitignore"), before);
  const { written } = await init({}, manualPorts(folder));
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe(after);
  expect(written).toHaveLength(before === after ? 1 : 2);
});
