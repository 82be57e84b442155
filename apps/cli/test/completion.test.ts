import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allCommands } from "../src/commands/all-commands.ts";
import { bashCompletion } from "../src/completion/bash.ts";
import { runTenantry } from "./run-tenantry.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-completion-"));
  await mkdir(join(folder, "shop"));
  await writeFile(join(folder, "shop.config.ts"), "");
  await writeFile(join(folder, "completion.bash"), bashCompletion(allCommands));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(["bash", "zsh", "fish"])("the script of %s", async (shell) => {
  const { status, stdout, stderr } = await runTenantry(["completion", shell], { cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  await expect(stdout).toMatchFileSnapshot(`golden/completion/tenantry.${shell}.golden.txt`);
});

/** What bash offers for a line that ends where the cursor is. */
async function offered(words: readonly string[]): Promise<readonly string[]> {
  const script = `source completion.bash
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tenantry; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", ...words], { cwd: folder });
  return stdout.split("\n").filter((line) => line !== "");
}

const globals = ["--config", "--json", "--no-color", "--help"];

test.each([
  [
    ["tenantry", ""],
    [
      "init",
      "up",
      "down",
      "status",
      "synth",
      "check",
      "cost",
      "plan",
      "deploy",
      "destroy",
      "diagnose",
      "images",
      "tenant",
      "operation",
      "member",
      "key",
      "audit",
      "logs",
      "token",
      "signing-key",
      "completion",
    ],
  ],
  [
    ["tenantry", "t"],
    ["tenant", "token"],
  ],
  [["tenantry", "--json", "ten"], ["tenant"]],
  [
    ["tenantry", "--config", "tenant", ""],
    [
      "init",
      "up",
      "down",
      "status",
      "synth",
      "check",
      "cost",
      "plan",
      "deploy",
      "destroy",
      "diagnose",
      "images",
      "tenant",
      "operation",
      "member",
      "key",
      "audit",
      "logs",
      "token",
      "signing-key",
      "completion",
    ],
  ],
  [
    ["tenantry", "tenant", ""],
    ["list", "show", "add", "suspend", "resume", "move", "export", "remove"],
  ],
  [
    ["tenantry", "tenant", "add", "--"],
    ["--tier", "--environment", "--take-over-lock", ...globals],
  ],
  [
    ["tenantry", "tenant", "add", "umbrella-co", "--t"],
    ["--tier", "--take-over-lock"],
  ],
  [
    ["tenantry", "token", "acme-corp", "--role", ""],
    ["owner", "admin", "member", "viewer"],
  ],
  [["tenantry", "token", "acme-corp", "--role", "o"], ["owner"]],
  [["tenantry", "token", "acme-corp", ""], []],
  [["tenantry", "token", "up", "--port"], []],
  [
    ["tenantry", "completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [["tenantry", "completion", "bash", ""], []],
  [["tenantry", "init", "s"], ["shop"]],
  [
    ["tenantry", "up", "--config", "s"],
    ["shop", "shop.config.ts"],
  ],
  [["tenantry", "up", "--port", ""], []],
])("bash offers after %j: %j", async (words, expected) => {
  expect([...(await offered(words))].sort()).toEqual([...expected].sort());
});
