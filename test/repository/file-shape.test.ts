import { describe, expect, it } from "vitest";
import {
  checkLength,
  checkName,
  checkTracked,
  checkWhitespace,
  type LongFile,
  sizeBytesMax,
} from "./file-shape.ts";
import { filesEndingIn, repositoryPaths, sizeBytes, textFiles } from "./repository-files.ts";

/** May only shrink. */
const longFiles: readonly LongFile[] = [];

describe("this repository", () => {
  it("has no file that is vaguely named or does not belong to it", () => {
    const paths = repositoryPaths();
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.flatMap((path) => [...checkName(path), ...checkTracked(path)])).toEqual([]);
  });

  it("has no file over 1 MiB", () => {
    expect(repositoryPaths().filter((path) => sizeBytes(path) > sizeBytesMax)).toEqual([]);
  });

  it("has clean line ends", () => {
    expect(textFiles().flatMap(checkWhitespace)).toEqual([]);
  });

  it("has no source file that is too long to read", () => {
    const used = new Set<LongFile>();
    const files = filesEndingIn(".ts", ".tsx", ".mjs", ".sql", ".sh").filter(
      (file) => !file.path.includes(".golden."),
    );
    expect(files.flatMap((file) => checkLength(file, longFiles, used))).toEqual([]);
    expect(longFiles.filter((file) => !used.has(file))).toEqual([]);
  });
});

describe("the check of names", () => {
  it.each([
    "packages/model/src/tenant-id.ts",
    "packages/model/src/tenant-id.database.test.ts",
    "docs/decisions/0001-one-definition.md",
    "docs/guarantees.md",
    ".github/workflows/ci.yml",
    "README.md",
    "apps/server/Dockerfile",
    "apps/console/src/pages/TenantList.tsx",
    "test/golden/help.golden.txt",
  ])("lets %s pass", (path) => expect(checkName(path)).toEqual([]));

  it.each([
    "packages/model/src/tenantId.ts",
    "packages/model/src/TenantList.tsx",
    "packages/model/src/tenant_id.ts",
    "packages/model/src/utils.ts",
    "packages/model/src/string-helpers.ts",
    "packages/model/src/common/tier.ts",
    "packages/lib/src/tier.ts",
    "packages/model/src/misc.test.ts",
  ])("refuses %s", (path) => expect(checkName(path)).toHaveLength(1));

  it.each([
    ".env",
    "apps/cli/.env.local",
    "npm-debug.log",
    "a/node_modules/b.js",
    "platforms/starter/.tenantry/x",
    "k.pem",
  ])("refuses to track %s", (path) => expect(checkTracked(path)).toHaveLength(1));

  it.each([".env.example", "docs/login.md", "packages/model/src/log.ts"])("lets %s be tracked", (path) =>
    expect(checkTracked(path)).toEqual([]),
  );
});

describe("the check of shape", () => {
  it("finds carriage returns, spaces at line ends and a missing last line end", () => {
    expect(checkWhitespace({ path: "a.ts", text: "a\r\nb \nc" })).toEqual([
      "a.ts:1: a carriage return",
      "a.ts:2: spaces at the end of the line",
      "a.ts:3: no line end at the end",
    ]);
    expect(checkWhitespace({ path: "a.ts", text: "a\n\nb\n" })).toEqual([]);
    expect(checkWhitespace({ path: "a.golden.txt", text: "a \n" })).toEqual([]);
  });

  it("finds a file over 400 lines unless it is listed", () => {
    const file = { path: "a.ts", text: "x\n".repeat(401) };
    const listed: LongFile = { path: "a.ts", because: "planted" };
    const used = new Set<LongFile>();
    expect(checkLength(file)).toEqual(["a.ts: 401 lines, at most 400 read well"]);
    expect(checkLength(file, [listed], used)).toEqual([]);
    expect([...used]).toEqual([listed]);
    expect(checkLength({ path: "a.ts", text: "x\n".repeat(400) })).toEqual([]);
  });
});
