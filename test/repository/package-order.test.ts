import { describe, expect, it } from "vitest";
import { checkImports, checkManifests, type Manifest, type Workspaces } from "./package-order.ts";
import { filesEndingIn } from "./repository-files.ts";
import { readWorkspaces } from "./workspaces.ts";

const workspaces = readWorkspaces();

describe("this repository", () => {
  it("declares only dependencies on packages above", () => {
    expect(Object.keys(workspaces.manifests).length).toBeGreaterThan(5);
    expect(checkManifests(workspaces)).toEqual([]);
  });

  it("imports only what is declared and above", () => {
    const files = filesEndingIn(".ts", ".tsx").filter((file) => /^(packages|apps)\//.test(file.path));
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap((file) => checkImports(file, workspaces))).toEqual([]);
  });
});

describe("the check of imports", () => {
  const planted: Workspaces = {
    root: { name: "tenantry", version: "1.0.0", devDependencies: { vitest: "5.0.0" } },
    manifests: {
      "packages/base": manifest("@tenantry/base"),
      "packages/model": manifest("@tenantry/model", { "@tenantry/base": "1.0.0", zod: "4.0.0" }),
      "packages/runtime": manifest("@tenantry/runtime", { "@tenantry/model": "1.0.0" }),
      "packages/client": manifest("@tenantry/client"),
      "apps/console": manifest("@tenantry/console", {
        "@tenantry/client": "1.0.0",
        "@tenantry/model": "1.0.0",
      }),
    },
  };
  const check = (path: string, text: string) => checkImports({ path, text }, planted);

  it.each([
    ["a package above", 'import { assert } from "@tenantry/base";'],
    ["a declared dependency", 'import type { z } from "zod";'],
    ["a part of a declared dependency", 'import { z } from "zod/v4/core";'],
    ["Node", 'import { join } from "node:path";'],
    ["a file of its own package", 'export { tier } from "./tier.ts";'],
  ])("lets %s pass", (_what, text) => {
    expect(check("packages/model/src/a.ts", text)).toEqual([]);
  });

  it("lets a test outside the sources use the package as others do", () => {
    expect(check("packages/model/test/a.ts", 'import { tier } from "@tenantry/model";')).toEqual([]);
    expect(check("packages/model/test/a.ts", 'import { tier } from "../src/index.ts";')).toEqual([]);
  });

  it.each([
    ["a package below", "packages/model/src/a.ts", 'import { x } from "@tenantry/runtime";', "not declared"],
    ["what is not declared", "packages/model/src/a.ts", 'import pg from "pg";', "pg is not declared"],
    ["an undeclared type", "packages/model/src/a.ts", 'type P = import("pg").Pool;', "pg is not declared"],
    ["an undeclared dynamic import", "packages/model/src/a.ts", 'await import("pg");', "pg is not declared"],
    [
      "a test tool in what ships",
      "packages/model/src/a.ts",
      'import { it } from "vitest";',
      "vitest is not declared",
    ],
    [
      "a re-export from outside",
      "packages/model/src/a.ts",
      'export * from "../../base/src/assert.ts";',
      "must stay inside",
    ],
    ["the own index", "packages/model/src/a/b.ts", 'import { tier } from "../index.ts";', "not the index"],
    [
      "the own package by name",
      "packages/model/src/a.ts",
      'import { tier } from "@tenantry/model";',
      "not the index",
    ],
    [
      "a built-in without node:",
      "packages/model/src/a.ts",
      'import { join } from "path";',
      "write node:path",
    ],
    [
      "anything but client in console",
      "apps/console/src/a.tsx",
      'import "@tenantry/model";',
      "may import only",
    ],
    [
      "shared test code in what ships",
      "packages/model/src/a.ts",
      'import "../../../test/x.ts";',
      "must stay inside",
    ],
  ])("refuses %s", (_what, path, text, message) => {
    expect(check(path, `// first line\n${text}`)).toEqual([
      expect.stringMatching(`^${path}:2: .*${message}`),
    ]);
  });

  it("refuses a declared dependency on a package below, an unknown package and a wrong order", () => {
    const manifests = {
      ...planted.manifests,
      "packages/base": manifest("@tenantry/base", { zod: "4.0.0" }),
      "packages/model": manifest("@tenantry/model", { "@tenantry/runtime": "1.0.0" }),
      "packages/magic": manifest("@tenantry/magic"),
    };
    expect(checkManifests({ root: { ...planted.root, workspaces: ["packages/model"] }, manifests })).toEqual([
      "packages/magic has no place in the order of packages",
      expect.stringContaining("the workspaces of package.json are not"),
      "packages/base depends on zod, but must depend on nothing",
      "packages/model depends on @tenantry/runtime: packages/runtime is not above packages/model",
      "apps/console depends on @tenantry/model: apps/console may import only packages/client",
    ]);
  });
});

function manifest(name: string, dependencies: Record<string, string> = {}): Manifest {
  return { name, version: "1.0.0", dependencies };
}
