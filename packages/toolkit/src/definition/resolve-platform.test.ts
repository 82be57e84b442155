import { mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { definePlatform } from "@tenantry/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { manualPorts } from "../../test/manual-ports.ts";
import { defaultEnvironment, resolvePlatform, writeLock } from "./resolve-platform.ts";

let folder: string;
let config: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-resolve-")));
  config = join(folder, "tenantry.config.ts");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A new file each time: a module that was imported once stays as it was. */
async function define(tenants: string, name = "tenantry.config.ts"): Promise<string> {
  const path = join(folder, name);
  await writeFile(
    path,
    `import { definePlatform, postgres, tier } from "@tenantry/model";
export default definePlatform({ name: "shop", domain: "shop.example.com", stores: { main: postgres() }, tiers: { pool: tier({}) },
  tenants: ${tenants}, environments: { staging: { region: "us-east-1" }, production: { region: "us-west-2" } } });\n`,
  );
  return path;
}

const lockText = () => readFile(join(folder, "tenantry.lock.json"), "utf8");

test("development is the environment to run, else the first", () => {
  const environment = { region: "us-east-1" };
  const of = (...names: string[]) =>
    defaultEnvironment(
      definePlatform({
        name: "shop",
        environments: Object.fromEntries(names.map((name) => [name, environment])),
      }),
    );
  expect(of("production", "development")).toBe("development");
  expect(of("staging", "production")).toBe("staging");
});

test("placements are kept when tenants come and go, and other environments stay", async () => {
  const ports = manualPorts(folder);
  const before = await resolvePlatform(
    await define('{ "acme-corp": "pool", "globex-inc": "pool" }'),
    {},
    ports,
  );
  await writeLock(config, before.lock, ports);
  const production = await resolvePlatform(config, { environment: "production" }, ports);
  await writeLock(config, production.lock, ports);
  const changed = await define('{ "acme-co": "pool", "globex-inc": "pool" }', "changed.ts");
  const after = await resolvePlatform(changed, {}, ports);
  expect(after.platform.tenants["globex-inc"]?.placement).toEqual(
    before.platform.tenants["globex-inc"]?.placement,
  );
  expect(Object.keys(after.lock.environments).sort()).toEqual(["production", "staging"]);
  expect(after.lock.environments["production"]).toEqual(production.lock.environments["production"]);
});

test("the lock is written when it changes, and only then", async () => {
  const ports = manualPorts(folder);
  const { lock } = await resolvePlatform(await define('{ "acme-corp": "pool" }'), {}, ports);
  await writeLock(config, lock, ports);
  const text = await lockText();
  await utimes(join(folder, "tenantry.lock.json"), 1, 1);
  await writeLock(config, (await resolvePlatform(config, {}, ports)).lock, ports);
  expect(await lockText()).toBe(text);
  expect((await stat(join(folder, "tenantry.lock.json"))).mtimeMs).toBe(1_000);
  expect(ports.events.map(({ message }) => message)).toEqual(["wrote tenantry.lock.json"]);
  expect((await readdir(folder)).sort()).toEqual(["tenantry.config.ts", "tenantry.lock.json"]);
});

test("a platform without tenants needs no lock", async () => {
  const ports = manualPorts(folder);
  await writeLock(config, (await resolvePlatform(await define("{}"), {}, ports)).lock, ports);
  expect(await readdir(folder)).toEqual(["tenantry.config.ts"]);
});

test("mistakes in the definition and in the lock are located", async () => {
  const ports = manualPorts(folder);
  await define('{ "Acme": "pool" }');
  await expect(resolvePlatform(config, {}, ports)).rejects.toMatchObject({
    code: "MODEL_INVALID_DEFINITION",
    params: { location: "tenantry.config.ts" },
  });
  await writeFile(join(folder, "tenantry.lock.json"), "{ oops");
  await expect(resolvePlatform(await define("{}", "right.ts"), {}, ports)).rejects.toMatchObject({
    code: expect.stringMatching(/^MODEL_LOCK_/),
    params: { location: "tenantry.lock.json" },
  });
});
