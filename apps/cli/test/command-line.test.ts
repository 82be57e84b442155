import { execFile, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { errors as toolkitErrors, tenantRoles } from "@tenantry/toolkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { token } from "../src/commands/token.ts";
import { launcher, runTenantry } from "./run-tenantry.ts";

// Goal: what scripts rely on: exit status, one document on stdout, everything else on stderr.

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-cli-")));
  for (const name of ["empty", "wrong", "broken", "prints"]) await mkdir(join(folder, name));
  await writeFile(
    join(folder, "wrong", "tenantry.config.ts"),
    `import { definePlatform, service } from "@tenantry/model";
export default definePlatform({
  name: "Shop!",
  services: { app: service({ image: "nginx:1.29", port: 99_999 }) },
  environments: { development: { region: "us-west-9" } },
} as never);
`,
  );
  await writeFile(join(folder, "broken", "tenantry.config.ts"), "export default {,};\n");
  await writeFile(
    join(folder, "prints", "tenantry.config.ts"),
    `console.log("hello");\nthrow new Error("no");\n`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => ({ cwd: join(folder, name) });

test.each([
  ["tennant", "CLI_COMMAND_UNKNOWN", "did you mean `tenantry tenant`?"],
  ["tenant lst", "CLI_COMMAND_UNKNOWN", "did you mean `tenantry tenant list`?"],
  ["help fly", "CLI_COMMAND_UNKNOWN", "see `tenantry --help`"],
  ["help tenant ad", "CLI_COMMAND_UNKNOWN", "did you mean `tenantry tenant add`?"],
  [
    "tenant",
    "CLI_COMMAND_INCOMPLETE",
    "write one of: list, show, add, suspend, resume, move, export, remove",
  ],
  ["up --prot 1", "CLI_OPTION_UNKNOWN", "did you mean --port?"],
  ["status --wings", "CLI_OPTION_UNKNOWN", "see `tenantry status --help`"],
  ["up --port", "CLI_OPTION_WITHOUT_VALUE", "see `tenantry up --help`"],
  ["up --port 65536", "CLI_OPTION_VALUE", "write a port from 1 to 65535, or 0 for any that is free"],
  ["up --port 8o80", "CLI_OPTION_VALUE", "write a port from 1 to 65535, or 0 for any that is free"],
  ["token acme-corp --role boss", "CLI_OPTION_VALUE", "write one of: owner, admin, member, viewer"],
  ["tenant show", "CLI_ARGUMENT_MISSING", "write `tenantry tenant show <tenant>`"],
  ["up west east", "CLI_ARGUMENT_EXCESS", "write `tenantry up [environment]`"],
  ["completion powershell", "CLI_OPTION_VALUE", "write one of: bash, zsh, fish"],
  ["up --fresh", "TOOLKIT_DEFINITION_MISSING", "write one with `tenantry init`, or name one with --config"],
  ["up", "TOOLKIT_DEFINITION_MISSING", "write one with `tenantry init`, or name one with --config"],
  [
    "up --config nowhere.ts",
    "TOOLKIT_CONFIG_MISSING",
    "correct the path, or write a definition there with `tenantry init`",
  ],
  [
    "token Acme --config ../broken/tenantry.config.ts",
    "TOOLKIT_TENANT_ID_INVALID",
    "write 3 to 32 lower-case letters and digits, words joined by single hyphens, a letter first: umbrella-co",
  ],
  [
    "token acme-corp --ttl 2d",
    "TOOLKIT_TTL_INVALID",
    "write a number and a unit, between 1s and 24h: 90s, 15m, 8h",
  ],
  ["tenant move acme-corp", "CLI_OPTION_MISSING", "write `tenantry tenant move <tenant> --tier <tier>`"],
  [
    "tenant remove acme-corp --grace-days soon",
    "TOOLKIT_GRACE_INVALID",
    "write whole days from 0 to 365, such as 30",
  ],
  ["tenant remove acme-corp", "CLI_CONFIRMATION_NEEDED", "pass --yes to confirm"],
  [
    "key create acme-corp reports --expires never",
    "TOOLKIT_EXPIRY_INVALID",
    "write a number of days from 1d to 365d",
  ],
  [
    "member change acme-corp ada@example.com",
    "CLI_OPTION_MISSING",
    "write `tenantry member change <tenant> <member> --role <role>`",
  ],
  ["up --rate-limits disk", "CLI_OPTION_VALUE", "write one of: memory, redis, postgres"],
  ["up --trusted-proxies many", "CLI_OPTION_VALUE", "write a number from 0 to 10"],
  ["audit --limit 1000", "CLI_OPTION_VALUE", "write a number from 1 to 200"],
  ["logs --lines all", "CLI_OPTION_VALUE", "write a number from 0 to 100000"],
  ["tenant add admin", "TOOLKIT_TENANT_ID_RESERVED", "choose another id, such as the name of the company"],
])("%s is a wrong request: %s", async (line, code, fix) => {
  const text = await runTenantry(line.split(" "), inFolder("empty"));
  expect(text).toMatchObject({ status: 2, stdout: "" });
  expect(text.stderr).toContain(`error ${code}: `);
  expect(text.stderr).toContain(`  fix: ${fix}\n`);
  const json = await runTenantry([...line.split(" "), "--json"], inFolder("empty"));
  expect(json).toMatchObject({ status: 2, stderr: "" });
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code, fix } });
});

test.each([
  "status",
  "tenant list",
  "tenant show acme-corp",
  "tenant add umbrella-co",
  "tenant suspend acme-corp",
  "tenant resume acme-corp",
  "tenant move acme-corp --tier silo",
  "tenant export acme-corp",
  "tenant remove acme-corp --yes",
  "operation list",
  "member list acme-corp",
  "member invite acme-corp ada@example.com",
  "key list acme-corp",
  "key create acme-corp reports",
  "audit",
  "logs",
  "token acme-corp",
])("%s fails where nothing runs and nothing is defined", async (line) => {
  const { status, stdout, stderr } = await runTenantry(line.split(" "), inFolder("empty"));
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("error TOOLKIT_PLATFORM_MISSING: no platform runs on this machine");
});

test("down is content where nothing runs and nothing is defined", async () => {
  const text = await runTenantry(["down"], inFolder("empty"));
  expect(text).toEqual({ status: 0, stdout: "nothing was running\n", stderr: "" });
  const { status, stdout } = await runTenantry(["down", "--json"], inFolder("empty"));
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "was-not-running", config: null });
});

test("a hint can be typed: under npx it begins with npx", async () => {
  const env = { npm_command: "exec", npm_lifecycle_event: "npx" };
  const { stderr } = await runTenantry(["status"], { ...inFolder("empty"), env });
  expect(stderr).toContain("`npx tenantry up`");
  const stopped = await runTenantry(["status", "--config", "../broken/tenantry.config.ts"], {
    ...inFolder("empty"),
    env,
  });
  expect(stopped.stdout).toMatch(
    /is not running; `npx tenantry up --config .*\/broken\/tenantry\.config\.ts` starts it/,
  );
});

test("a definition that is wrong is told with all its mistakes, each with its place and its fix", async () => {
  const { status, stdout, stderr } = await runTenantry(["up"], inFolder("wrong"));
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  await expect(stderr).toMatchFileSnapshot("golden/wrong-definition.golden.txt");
  const json = await runTenantry(["up", "--json"], inFolder("wrong"));
  const { error } = JSON.parse(json.stdout) as { error: { problems: readonly Record<string, string>[] } };
  expect(error.problems.length).toBeGreaterThanOrEqual(3);
  for (const problem of error.problems)
    expect(Object.keys(problem).sort()).toEqual(["code", "fix", "message", "path"]);
});

test("a definition that is no TypeScript is located", async () => {
  const { status, stderr } = await runTenantry(["up"], inFolder("broken"));
  expect(status).toBe(2);
  expect(stderr).toContain("error TOOLKIT_DEFINITION_SYNTAX: ");
  expect(stderr).toContain("  at tenantry.config.ts:1\n");
});

test("what a definition prints goes to stderr, so that stdout stays one document", async () => {
  const { stdout, stderr } = await runTenantry(["up", "--json"], inFolder("prints"));
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "TOOLKIT_DEFINITION_THREW", location: "tenantry.config.ts:2" },
  });
  expect(stderr).toBe("hello\n");
});

test("the stack is shown for debugging only", async () => {
  const env = { TENANTRY_DEBUG: "1" };
  const { stderr } = await runTenantry(["up"], { ...inFolder("prints"), env });
  expect(stderr).toContain("tenantry.config.ts:2:7");
  expect((await runTenantry(["up"], inFolder("prints"))).stderr).not.toContain("node:internal");
});

test("init writes a definition once, and says what is next", async () => {
  const first = await runTenantry(["init", "shop"], { cwd: folder });
  expect(first).toEqual({
    status: 0,
    stdout: "wrote shop/tenantry.config.ts\nwrote shop/.gitignore\n\nnext: cd shop && tenantry up\n",
    stderr: "",
  });
  expect(await readFile(join(folder, "shop", ".gitignore"), "utf8")).toBe(".tenantry/\n");
  const second = await runTenantry(["init", "shop", "--json"], { cwd: folder });
  expect(second.status).toBe(1);
  expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: "TOOLKIT_INIT_EXISTS" } });
});

test("deleting data is not begun without a confirmation, and there is nobody to ask", async () => {
  await mkdir(join(folder, "fresh"), { recursive: true });
  await copyFile(join(folder, "broken", "tenantry.config.ts"), join(folder, "fresh", "tenantry.config.ts"));
  const { status, stderr } = await runTenantry(["up", "--fresh"], inFolder("fresh"));
  expect(status).toBe(2);
  expect(stderr).toContain(
    "error CLI_CONFIRMATION_NEEDED: deleting the data in .tenantry needs a confirmation",
  );
});

test("a reader that goes away early is no error", async () => {
  const child = spawn(process.execPath, [launcher, "completion", "bash"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Closed before the program has begun to write, so that its first write finds nobody.
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise((resolve) => child.once("close", resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("the roles of the help are the roles that can be signed", () => {
  const role = token.options.find(({ name }) => name === "role");
  expect(role?.value).toMatchObject({ choices: tenantRoles });
});

test("a Node that is too old hands over to the pinned one, with exit status and signals", async () => {
  // A program that says it is Node 20 to the launcher: what follows is the real launcher.
  const old = join(folder, "old-node.mjs");
  const code = `Object.defineProperty(process.versions, "node", { value: "20.20.2" });
    process.argv.splice(1, 1);
    await import(${JSON.stringify(launcher)});`;
  await writeFile(old, code);
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [old, launcher, "--version"], { cwd: folder });
  expect(stdout).toBe("0.1.0\n");
  await expect(run(process.execPath, [old, launcher, "fly"], { cwd: folder })).rejects.toMatchObject({
    code: 2,
  });
  // It hands over once only: a pinned Node that is too old as well is said to be.
  const env = { ...process.env, TENANTRY_HANDED_OVER: "1" };
  await expect(
    run(process.execPath, [old, launcher, "--version"], { cwd: folder, env }),
  ).rejects.toMatchObject({
    code: 2,
    stderr: `error TOOLKIT_NODE_TOO_OLD: ${toolkitErrors.TOOLKIT_NODE_TOO_OLD({ version: "20.20.2" }).message}\n  fix: run with Node 22.18 or later\n`,
  });
});
