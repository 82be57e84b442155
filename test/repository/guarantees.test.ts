import { describe, expect, it } from "vitest";
import { checkGuarantees, checkPackageMap } from "./guarantees.ts";
import { parseMarkdown } from "./markdown.ts";
import { readRepositoryFile, repositoryPaths } from "./repository-files.ts";
import { readWorkspaces } from "./workspaces.ts";

describe("this repository", () => {
  it("proves every guarantee by a test that exists", () => {
    const paths = new Set(repositoryPaths());
    const read = (path: string) => (paths.has(path) ? readRepositoryFile(path).text : undefined);
    expect(checkGuarantees(parseMarkdown(readRepositoryFile("docs/guarantees.md")), read)).toEqual([]);
  });

  it("has every package on the map of ARCHITECTURE.md", () => {
    const map = parseMarkdown(readRepositoryFile("ARCHITECTURE.md"));
    expect(checkPackageMap(map, Object.keys(readWorkspaces().manifests))).toEqual([]);
  });
});

describe("the check of guarantees", () => {
  const read = (path: string) =>
    path === "packages/a/src/door.test.ts" ? 'it("a reader of A sees no row of B", () => {});' : undefined;
  const check = (...rows: readonly string[]) => {
    const text = ["# Guarantees", "", "| sentence | code | test |", "| --- | --- | --- |", ...rows].join(
      "\n",
    );
    return checkGuarantees(parseMarkdown({ path: "docs/guarantees.md", text }), read);
  };
  const code = "[door](../packages/a/src/door.ts)";
  const test = (title: string) => `[${title}](../packages/a/src/door.test.ts)`;

  it("lets a row with code and test pass", () => {
    expect(check(`| No leak. | ${code} | ${test("a reader of A sees no row of B")} |`)).toEqual([]);
  });

  it.each([
    [
      "a test that is not there",
      `| No leak. | ${code} | ${test("a writer of A")} |`,
      'has no test named "a writer of A"',
    ],
    [
      "a part of a title",
      `| No leak. | ${code} | ${test("a reader of A")} |`,
      'has no test named "a reader of A"',
    ],
    ["a test file that is not there", `| No leak. | ${code} | [x](x.test.ts) |`, "x.test.ts does not exist"],
    ["a row without a test", `| No leak. | ${code} | soon |`, "names no test"],
    [
      "a row without code",
      `| No leak. | the door | ${test("a reader of A sees no row of B")} |`,
      "names no code",
    ],
  ])("finds %s", (_what, row, message) => {
    expect(check(row)).toEqual([expect.stringMatching(`docs/guarantees.md:5: .*${message}`)]);
  });

  it("finds an empty table", () => {
    expect(check()).toEqual(["docs/guarantees.md: has no guarantee"]);
  });

  it("finds a package without a row", () => {
    const map = parseMarkdown({
      path: "ARCHITECTURE.md",
      text: "| package |\n| --- |\n| `base` |\n| packages/model |\n",
    });
    expect(checkPackageMap(map, ["packages/base", "packages/model", "apps/cli"])).toEqual([
      "ARCHITECTURE.md: apps/cli has no row",
    ]);
  });
});
