import { describe, expect, it } from "vitest";
import { checkLockComplete, checkLockEntries, checkLockInStep, type Lockfile } from "./lockfile.ts";
import { readRepositoryFile } from "./repository-files.ts";
import { readWorkspaces } from "./workspaces.ts";

describe("this repository", () => {
  const lock = JSON.parse(readRepositoryFile("package-lock.json").text) as Lockfile;

  it("locks contents and not addresses", () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(50);
    expect(checkLockEntries(lock)).toEqual([]);
  });

  it("locks what is optional for every machine, so that npm ci accepts it", () => {
    expect(checkLockComplete(lock)).toEqual([]);
  });

  it("names exact versions, and the lockfile is in step", () => {
    expect(checkLockInStep(lock, readWorkspaces())).toEqual([]);
  });
});

describe("the check of the lockfile", () => {
  const digest = "sha512-abc";
  const lock: Lockfile = {
    packages: {
      "": { devDependencies: { vitest: "5.0.0" } },
      "packages/model": { version: "0.1.0", dependencies: { zod: "4.0.0", "@tenantry/base": "0.1.0" } },
      "packages/base": { version: "0.1.0" },
      "node_modules/@tenantry/base": { link: true, resolved: "packages/base" },
      "node_modules/vitest": { version: "5.0.0", integrity: digest },
      "node_modules/zod": { version: "4.0.0", integrity: digest },
    },
  };
  const workspaces = (zod: string, more: Record<string, string> = {}) => ({
    root: { name: "tenantry", version: "0.1.0", devDependencies: { vitest: "5.0.0" } },
    manifests: {
      "packages/base": { name: "@tenantry/base", version: "0.1.0" },
      "packages/model": {
        name: "@tenantry/model",
        version: "0.1.0",
        dependencies: { zod, "@tenantry/base": "0.1.0", ...more },
      },
    },
  });
  const withEntry = (path: string, entry: Lockfile["packages"][string]): Lockfile => ({
    packages: { ...lock.packages, [path]: entry },
  });

  it("lets a lockfile in step pass", () => {
    expect([...checkLockEntries(lock), ...checkLockInStep(lock, workspaces("4.0.0"))]).toEqual([]);
  });

  it("finds an address", () => {
    const entry = {
      version: "4.0.0",
      integrity: digest,
      resolved: "https://registry.example.com/zod-4.0.0.tgz",
    };
    expect(checkLockEntries(withEntry("node_modules/zod", entry))).toEqual([
      "node_modules/zod: names the address https://registry.example.com/zod-4.0.0.tgz",
    ]);
  });

  it("finds a missing digest and a link that leads out", () => {
    expect(checkLockEntries(withEntry("node_modules/zod", { version: "4.0.0" }))).toEqual([
      "node_modules/zod: has no SHA-512 digest",
    ]);
    expect(checkLockEntries(withEntry("node_modules/x", { link: true, resolved: "../x" }))).toHaveLength(1);
  });

  it("finds an optional package that is left out, and looks for it where Node would", () => {
    const optional = { version: "4.0.0", integrity: digest, optionalDependencies: { native: "1.0.0" } };
    expect(checkLockComplete(withEntry("node_modules/zod", optional))).toEqual([
      "node_modules/zod: its optional native is not in the lockfile",
    ]);
    const nested = withEntry("node_modules/a/node_modules/zod", optional).packages;
    for (const place of ["", "node_modules/a/", "node_modules/a/node_modules/zod/"]) {
      expect(checkLockComplete({ packages: { ...nested, [`${place}node_modules/native`]: {} } })).toEqual([]);
    }
    expect(
      checkLockComplete({ packages: { ...nested, "node_modules/b/node_modules/native": {} } }),
    ).toHaveLength(1);
  });

  it.each([
    ["another version", workspaces("4.0.1"), "zod 4.0.1 is 4.0.0 in the lockfile"],
    [
      "a dependency that is not locked",
      workspaces("4.0.0", { pg: "8.0.0" }),
      "pg 8.0.0 is absent in the lockfile",
    ],
  ])("finds %s", (_what, planted, message) => {
    expect(checkLockInStep(lock, planted)).toEqual([`packages/model/package.json: ${message}`]);
  });

  it("finds a range, a leftover and an installed version that differs", () => {
    const range = withEntry("packages/model", { dependencies: { zod: "^4.0.0", "@tenantry/base": "0.1.0" } });
    expect(checkLockInStep(range, workspaces("^4.0.0"))).toEqual([
      "packages/model/package.json: zod ^4.0.0 is not an exact version",
    ]);
    const leftover = withEntry("packages/base", { version: "0.1.0", dependencies: { pg: "8.0.0" } });
    expect(checkLockInStep(leftover, workspaces("4.0.0"))).toEqual([
      "packages/base/package.json: pg is in the lockfile only",
    ]);
    const other = withEntry("node_modules/zod", { version: "3.0.0", integrity: digest });
    expect(checkLockInStep(other, workspaces("4.0.0"))).toEqual([
      "packages/model/package.json: zod 4.0.0 resolves to 3.0.0",
    ]);
  });
});
