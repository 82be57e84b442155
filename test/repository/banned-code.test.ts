import { describe, expect, it } from "vitest";
import { bans, checkBannedCode, checkNotes, type Exception } from "./banned-code.ts";
import { filesEndingIn } from "./repository-files.ts";

/** May only shrink. */
const exceptions: readonly Exception[] = [
  {
    path: "packages/base/src/clock.ts",
    ban: "Date.now",
    because: "this is where the machine's clock comes in",
  },
  {
    path: "packages/service-context/src/clock.ts",
    ban: "Date.now",
    because: "this package stands alone at its users', so the machine's clock comes in once more",
  },
  {
    path: "packages/local/src/services/inherited-environment.ts",
    ban: "process.env",
    because: "a service's command inherits the PATH and the like of this machine",
  },
  {
    path: "packages/runtime/test/http/exchange.ts",
    ban: "any",
    because: "what a test expects of a body is written in the test, as an assertion",
  },
  {
    path: "test/assurance/mutants/edit.ts",
    ban: "any",
    because: "a hand that edits a template finds any shape there, and says in the test which one",
  },
  {
    path: "test/database-server.ts",
    ban: "default export",
    because: "vitest calls the default export of a set-up",
  },
];

const code = filesEndingIn(".ts", ".tsx");

describe("this repository", () => {
  it("does nothing that is banned outside the listed places", () => {
    const used = new Set<Exception>();
    expect(code.flatMap((file) => checkBannedCode(file, exceptions, used))).toEqual([]);
    expect(exceptions.filter((exception) => !used.has(exception))).toEqual([]);
  });

  it("has no note that nobody would find again", () => {
    // The rule and its samples have to write the words.
    const files = [...code, ...filesEndingIn(".md", ".mjs", ".sql")].filter(
      (file) => !file.path.startsWith("test/repository/banned-code."),
    );
    expect(files.flatMap(checkNotes)).toEqual([]);
  });
});

describe("the check of banned code", () => {
  const ships = "packages/model/src/a.ts";
  const samples: readonly (readonly [ban: string, path: string, text: string])[] = [
    ["Date.now", ships, "const t = Date.now();"],
    ["Date.now", ships, "const now = Date.now; now();"],
    ["Date.now", ships, 'const t = Date["now"]();'],
    ["Date.now", ships, "const t = performance.now();"],
    ["new Date()", ships, "const t = new Date();"],
    ["new Date()", ships, "const t = Date();"],
    ["Math.random", ships, "const r = Math.random();"],
    ["Math.random", "packages/model/src/a.test.ts", "const r = Math.random();"],
    ["process.env", ships, "const home = process.env.HOME;"],
    ["process.env", ships, 'const home = process.env["HOME"];'],
    ["process.exit", ships, "process.exit(1);"],
    ["console", ships, 'console.error("no");'],
    ["enum", ships, "enum Colour { Red }"],
    ["any", ships, "const x = y as any;"],
    ["any", "test/repository/a.ts", "function f(x: any): void {}"],
    ["default export", ships, "export default 1;"],
    // Planted: text that the check must find. Nothing here is switched off.
    ["test that does not run", "packages/model/src/a.test.ts", 'it.only("x", () => {});'],
    ["test that does not run", "packages/model/src/a.test.ts", 'describe.concurrent.skip("x", () => {});'],
    ["test that does not run", "packages/model/src/a.test.ts", 'it.skip.each([1])("x", () => {});'],
    ["test that does not run", "packages/model/src/a.test.ts", 'xit("x", () => {});'],
  ];

  it.each(samples)("finds %s in %s: %s", (ban, path, text) => {
    expect(checkBannedCode({ path, text: `\n${text}` })).toContainEqual(
      expect.stringContaining(`${path}:2: ${ban}: `),
    );
  });

  it("has a sample for every ban", () => {
    expect(bans.map((ban) => ban.name).filter((name) => !samples.some(([ban]) => ban === name))).toEqual([]);
  });

  it.each([
    ["a date from a number", ships, "const t = new Date(0);"],
    ["a mention in a comment or a string", ships, '// Date.now() is not for us.\nconst s = "process.env";'],
    ["the exit status", ships, "process.exitCode = 1;"],
    [
      "a test that runs where it can",
      "packages/model/src/a.test.ts",
      'it.runIf(process.env["HOME"])("x", () => {});',
    ],
    ["a program that reads its environment", "apps/cli/src/main.ts", "start(process.env);"],
    ["a method named skip", "packages/model/src/a.test.ts", "list.skip(1);"],
    ["the default export of a configuration", "platforms/starter/tenantry.config.ts", "export default 1;"],
  ])("lets %s pass", (_what, path, text) => {
    expect(checkBannedCode({ path, text })).toEqual([]);
  });

  it("says which exceptions were needed", () => {
    const exception: Exception = { path: ships, ban: "process.exit", because: "planted" };
    const used = new Set<Exception>();
    expect(checkBannedCode({ path: ships, text: "process.exit(1);" }, [exception], used)).toEqual([]);
    expect([...used]).toEqual([exception]);
    expect(
      checkBannedCode({ path: "packages/base/src/b.ts", text: "process.exit(1);" }, [exception]),
    ).toHaveLength(1);
  });

  it("finds notes without a place", () => {
    // Planted: two notes that the check must find, one with its place and one word that only looks like it.
    const text = "// TODO: later\n// FIXME\n// TODO(decision 4): fine\n// a TODOIST is fine\n";
    expect(checkNotes({ path: ships, text })).toEqual([
      expect.stringContaining(`${ships}:1: TODO`),
      expect.stringContaining(`${ships}:2: FIXME`),
    ]);
  });
});
