import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allCommands } from "../src/commands/all-commands.ts";
import { runTenantry } from "./run-tenantry.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "tenantry-help-"));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const helps = [[], ["tenant"], ...allCommands.map(({ path }) => path)];

test.each(helps.map((path) => ["tenantry", ...path].join(" ")))("%s --help", async (line) => {
  const path = line.split(" ").slice(1);
  const { status, stdout, stderr } = await runTenantry([...path, "--help"], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout.split("\n").filter((text) => text.length > 110 && !text.includes("curl"))).toEqual([]);
  await expect(stdout).toMatchFileSnapshot(`golden/help/${path.join("-") || "tenantry"}.golden.txt`);
});

test.each([["help"], ["help tenant"], ["help tenant add"], ["help up"]])(
  "%s is the help of that command",
  async (line) => {
    const words = line.split(" ");
    const [asked, own] = await Promise.all([
      runTenantry(words, { cwd }),
      runTenantry([...words.slice(1), "--help"], { cwd }),
    ]);
    expect(asked).toEqual(own);
  },
);

test("without a command the help is the answer", async () => {
  const [bare, asked] = await Promise.all([runTenantry([], { cwd }), runTenantry(["--help"], { cwd })]);
  expect(bare).toEqual(asked);
});

test("help and version load nothing of the platform", async () => {
  // A loader that writes every module down would slow nothing: Node's own trace says what was loaded.
  const { stderr } = await runTenantry(["up", "--help"], { cwd, env: { NODE_DEBUG: "esm" } });
  expect(stderr).toContain("commander");
  for (const heavy of ["toolkit/src/index.ts", "zod", "fastify", "/pg/", "jose"])
    expect(stderr).not.toContain(heavy);
  const { status, stdout } = await runTenantry(["--version"], { cwd });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "0.1.0\n" });
});

test("help has colours only where they are wanted", async () => {
  const forced = await runTenantry(["--help"], { cwd, env: { FORCE_COLOR: "1" } });
  expect(forced.stdout).toContain("\u001b[1m");
  const refused = await runTenantry(["--help", "--no-color"], { cwd, env: { FORCE_COLOR: "1" } });
  expect(refused.stdout).not.toContain("\u001b[");
  const refusedByVariable = await runTenantry(["--help"], { cwd, env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
  expect(refusedByVariable.stdout).not.toContain("\u001b[");
});
