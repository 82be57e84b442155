import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { manualPorts } from "../../test/manual-ports.ts";
import { locatePlatform, meantFrom, selectionFrom } from "./locate-platform.ts";
import { forgetPlatform, recordedPlatforms, recordPlatform } from "./running-platforms.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-locate-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const config = () => join(folder, "shop", "tenantry.config.ts");
const record = (path: string) => ({ config: path, environment: "development", services: [] });

test("records are kept per definition, replaced and forgotten", async () => {
  const { stateFolder, random } = manualPorts(folder);
  expect(await recordedPlatforms(stateFolder)).toEqual([]);
  await recordPlatform(stateFolder, record("/b/tenantry.config.ts"), random);
  await recordPlatform(stateFolder, record("/a/tenantry.config.ts"), random);
  await recordPlatform(stateFolder, { ...record("/a/tenantry.config.ts"), environment: "staging" }, random);
  expect(
    (await recordedPlatforms(stateFolder)).map(({ config: path, environment }) => [path, environment]),
  ).toEqual([
    ["/a/tenantry.config.ts", "staging"],
    ["/b/tenantry.config.ts", "development"],
  ]);
  await forgetPlatform(stateFolder, "/a/tenantry.config.ts");
  expect(await recordedPlatforms(stateFolder)).toHaveLength(1);
});

test("what is no record is passed over", async () => {
  const { stateFolder } = manualPorts(folder);
  await mkdir(join(stateFolder, "running"), { recursive: true });
  for (const [name, text] of Object.entries({ a: "", b: "{", c: "null", d: "[]", e: '{"config":1}' })) {
    await writeFile(join(stateFolder, "running", `${name}.json`), text);
  }
  expect(await recordedPlatforms(stateFolder)).toEqual([]);
  expect(await readdir(join(stateFolder, "running"))).toHaveLength(5);
});

test("a record whose platform was killed does not count as running", async () => {
  const ports = manualPorts(folder);
  await recordPlatform(ports.stateFolder, record(config()), ports.random);
  await expect(locatePlatform(undefined, ports)).rejects.toMatchObject({ code: "TOOLKIT_PLATFORM_MISSING" });
});

test("the nearest definition wins, and hints select what is not found without", async () => {
  const ports = manualPorts(folder);
  await mkdir(join(folder, "shop"));
  await writeFile(config(), "");
  expect(await locatePlatform(undefined, { ...ports, cwd: join(folder, "shop") })).toBe(config());
  expect(await selectionFrom(config(), { ...ports, cwd: join(folder, "shop") })).toBe("");
  expect(await selectionFrom(config(), ports)).toBe(" --config shop/tenantry.config.ts");
});

test("of several that run, the one below the folder is meant, where it is the only one", () => {
  const [blog, shop, other] = ["/home/ada/blog", "/home/ada/shop/platform", "/srv/shop"].map(
    (path) => `${path}/tenantry.config.ts`,
  ) as [string, string, string];
  expect(meantFrom("/home/ada/shop", [])).toBeUndefined();
  expect(meantFrom("/tmp", [blog])).toBe(blog);
  expect(meantFrom("/home/ada/shop", [blog, other, shop])).toBe(shop);
  expect(meantFrom("/srv", [blog, other, shop])).toBe(other);
  expect(meantFrom("/home/ada", [blog, other, shop])).toBeUndefined();
  expect(meantFrom("/tmp", [blog, shop])).toBeUndefined();
  // A folder whose name begins the same way is another folder.
  expect(meantFrom("/home/ada/shop/plat", [blog, shop])).toBeUndefined();
});
