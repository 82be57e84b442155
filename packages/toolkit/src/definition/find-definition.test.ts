import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { displayPath, findDefinition } from "./find-definition.ts";

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-find-")));
  await mkdir(join(folder, "shop", "src", "deep"), { recursive: true });
  await writeFile(join(folder, "shop", "tenantry.config.ts"), "");
  await writeFile(join(folder, "other.ts"), "");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the nearest definition above is found", () => {
  const found = join(folder, "shop", "tenantry.config.ts");
  expect(findDefinition(join(folder, "shop"), undefined)).toBe(found);
  expect(findDefinition(join(folder, "shop", "src", "deep"), undefined)).toBe(found);
});

test("none is found beside or below", () => {
  expect(findDefinition(folder, undefined)).toBeUndefined();
});

test("a named file counts, whatever its name, and only if it exists", () => {
  expect(findDefinition(join(folder, "shop"), "../other.ts")).toBe(join(folder, "other.ts"));
  expect(() => findDefinition(folder, "nowhere.ts")).toThrow(
    "the file nowhere.ts that --config names does not exist",
  );
});

test("a path is shown from where the user stands, and whole where it lies elsewhere", () => {
  expect(displayPath("/a/b/c.ts", "/a")).toBe("b/c.ts");
  expect(displayPath("/a/b/c.ts", "/a/b")).toBe("c.ts");
  expect(displayPath("/a/b", "/a/b")).toBe(".");
  expect(displayPath("/a/x.ts", "/a/b")).toBe("/a/x.ts");
});
