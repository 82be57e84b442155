import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { UpResult } from "@tenantry/toolkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { samePressMs } from "../src/up/stop-signals.ts";
import { ask, postTo } from "./ask-gateway.ts";
import { runTenantry, type Started, startTenantry } from "./run-tenantry.ts";

// Goal: the life of a platform as a person lives it, with the real program in processes of its own:
// up, token, a request, one more tenant, Ctrl-C, up again, kill -9, up again, background, down.
// Method: the tests are the steps of one life and run in order; ports are any that are free.

let folder: string;
let shop: string;
let elsewhere: string;
const env = { XDG_STATE_HOME: "" };
const running: Started[] = [];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-life-")));
  // Started as root, PostgreSQL is another user: passable, so that its data stay in here and go with it.
  await chmod(folder, 0o755);
  [shop, elsewhere, env.XDG_STATE_HOME] = [
    join(folder, "shop"),
    join(folder, "elsewhere"),
    join(folder, "state"),
  ];
  for (const path of [shop, elsewhere]) await mkdir(path);
  await writeFile(
    join(shop, "server.mjs"),
    `import { createServer } from "node:http";
process.on("SIGTERM", () => process.env.STUBBORN || process.exit());
createServer((_, response) => response.end("shop")).listen(process.env.PORT, process.env.HOST, () => console.log("the shop is open"));
`,
  );
  await writeFile(
    join(shop, "tenantry.config.ts"),
    `import { definePlatform, postgres, service, tier } from "@tenantry/model";
export default definePlatform({
  name: "shop",
  domain: "shop.example.com",
  services: { web: service({ image: "nginx:1.29", local: { command: [${JSON.stringify(process.execPath)}, "server.mjs"] } }) },
  stores: { main: postgres() },
  tiers: { pool: tier({}), silo: tier({ stores: { main: "silo" } }) },
  defaultTier: "pool",
  tenants: { "acme-corp": "pool", "globex-inc": "silo" },
  environments: { development: { region: "us-east-1" } },
});
`,
  );
});

afterAll(async () => {
  for (const { process: child, ended } of running) {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
  }
  await runTenantry(["down", "--config", join(shop, "tenantry.config.ts")], { cwd: folder, env });
  await rm(folder, { recursive: true, force: true });
});

const tenantry = (line: string, cwd = shop) => runTenantry(line.split(" "), { cwd, env });

async function up(options = "", more: Readonly<Record<string, string>> = {}): Promise<Started> {
  const argv = `up --port 0 --control-port 0 ${options}`.trim().split(" ");
  const started = startTenantry(argv, { cwd: shop, env: { ...env, ...more } });
  running.push(started);
  await started.says(options.includes("--json") ? '"durationMs"' : "Ctrl-C stops it");
  return started;
}

const gatewayOf = (started: Started) =>
  /gateway +http:\/\/127\.0\.0\.1:(\d+)/.exec(started.stdout())?.[1] ?? "";

/** Kills the child whose command line contains `words`. */
async function killChildOf(parent: number, words: string): Promise<void> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
  const found = stdout
    .split("\n")
    .map((line) => /^ *(\d+) +(\d+) +(.*)$/.exec(line))
    .find((match) => Number(match?.[2]) === parent && match?.[3]?.includes(words));
  process.kill(Number(found?.[1]), "SIGKILL");
}

/** Ports, times and paths are different each time. */
const normalize = (text: string) =>
  text
    .replaceAll(folder, "<folder>")
    // Started as root, PostgreSQL is another user and keeps its data where that user can reach them.
    .replace(/^ *PostgreSQL runs as .*\n/m, "")
    .replaceAll(/\d+ ms|\d+\.\d s\b/g, "<time>")
    .replaceAll(/(:)\d{4,5}\b/g, "$1<port>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<instant>")
    .replaceAll(/(process +)\d+/g, "$1<pid>");

let port: string;
let first: Started;

test("up says where everything is, with the progress apart on stderr", async () => {
  first = await up();
  port = gatewayOf(first);
  await first.says("the shop is open");
  expect(first.stdout()).toContain("web │ the shop is open\n");
  const screen = first.stdout().replace("web │ the shop is open\n", "");
  await expect(normalize(screen)).toMatchFileSnapshot("golden/up.golden.txt");
  await expect(normalize(first.stderr())).toMatchFileSnapshot("golden/up-progress.golden.txt");
  expect(await readFile(join(shop, "tenantry.lock.json"), "utf8")).toContain(
    '"acme-corp": { "cell": 1, "slot": 1 }',
  );
});

test("a token opens the tenant it is for, and no other", async () => {
  const { status, stdout, stderr } = await tenantry("token acme-corp");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const token = stdout.trim();
  expect(await ask(port, "acme-corp")).toMatchObject({ status: 401, body: { code: "TOKEN_MISSING" } });
  expect(await ask(port, "acme-corp", token)).toMatchObject({ status: 200, body: { id: "acme-corp" } });
  expect(await ask(port, "globex-inc", token)).toMatchObject({
    status: 403,
    body: { code: "TOKEN_FOR_ANOTHER_TENANT" },
  });
  expect(await ask(port, "hooli", token)).toMatchObject({ status: 404, body: { code: "INVALID_TENANT" } });
});

test("the platform that runs is found from a folder without a definition", async () => {
  const { stdout } = await tenantry(
    "token globex-inc --role viewer --ttl 5m --subject ada --json",
    elsewhere,
  );
  const result = JSON.parse(stdout) as Record<string, string>;
  expect(result).toMatchObject({
    tenant: "globex-inc",
    role: "viewer",
    subject: "ada",
    url: `http://globex-inc.localhost:${port}`,
  });
  expect(await ask(port, "globex-inc", result["token"])).toMatchObject({ status: 200 });
  expect(await tenantry("status", elsewhere)).toMatchObject({ status: 0 });
});

test("a mistyped tenant is answered with the names that were probably meant", async () => {
  const { status, stderr } = await tenantry("token acme-crop");
  expect(status).toBe(1);
  expect(stderr).toContain("fix: did you mean acme-corp?");
});

test("a tenant is added, and its host answers at once", async () => {
  const { status, stdout } = await tenantry("tenant add umbrella-co");
  expect(status).toBe(0);
  expect(stdout).toContain(`address    http://umbrella-co.localhost:${port}`);
  const token = (await tenantry("token umbrella-co")).stdout.trim();
  expect(await ask(port, "umbrella-co", token)).toMatchObject({ status: 200, body: { id: "umbrella-co" } });
  const again = await tenantry("tenant add umbrella-co --json");
  expect(JSON.parse(again.stdout)).toMatchObject({
    outcome: "was-there",
    tenant: { id: "umbrella-co", tier: "pool" },
  });
});

test("a tenant on another tier, or on none that there is, is refused", async () => {
  const other = await tenantry("tenant add umbrella-co --tier silo");
  expect(other.status).toBe(1);
  expect(other.stderr).toContain(
    "error TOOLKIT_TENANT_EXISTS: the tenant umbrella-co exists on the tier pool",
  );
  const none = await tenantry("tenant add hooli --tier gold");
  expect(none.status).toBe(2);
  expect(none.stderr).toContain(
    "error TOOLKIT_TIER_UNKNOWN: the platform has no tier gold\n  fix: --tier must be one of pool, silo\n",
  );
});

test("tenants and status are shown for people and for programs", async () => {
  const list = await tenantry("tenant list");
  const show = await tenantry("tenant show globex-inc");
  const status = await tenantry("status");
  expect([list.status, show.status, status.status]).toEqual([0, 0, 0]);
  const text = [list, show, status].map(({ stdout }) => normalize(stdout)).join("\n");
  await expect(text).toMatchFileSnapshot("golden/tenants-and-status.golden.txt");
  const { tenants } = JSON.parse((await tenantry("tenant list --json")).stdout) as {
    tenants: readonly { id: string }[];
  };
  expect(tenants.map(({ id }) => id)).toEqual(["acme-corp", "globex-inc", "umbrella-co"]);
  expect(JSON.parse((await tenantry("status --json")).stdout)).toMatchObject({
    state: "running",
    tenantCount: 3,
  });
});

test("a tenant is shut out, let in, moved, exported, removed and taken back, and removed for good", async () => {
  expect((await tenantry("tenant add wayne-corp")).status).toBe(0);
  const token = (await tenantry("token wayne-corp")).stdout.trim();
  const atHost = () => ask(port, "wayne-corp", token);
  expect((await tenantry("tenant suspend wayne-corp")).stdout).toContain("wayne-corp is suspended\n");
  await expect.poll(atHost).toMatchObject({ status: 403, body: { code: "TENANT_SUSPENDED" } });
  expect((await tenantry("tenant resume wayne-corp")).stdout).toContain("wayne-corp is active again\n");
  await expect.poll(atHost).toMatchObject({ status: 200 });
  const moved = await tenantry("tenant move wayne-corp --tier silo");
  expect(moved.stdout).toContain("isolation  silo");
  expect(moved.stderr).toContain("✔ copy");
  expect((await tenantry("tenant export wayne-corp --out wayne.tar.gz")).stdout).toContain(
    "wrote wayne.tar.gz",
  );
  // Gzip's first two bytes.
  expect((await readFile(join(shop, "wayne.tar.gz"))).subarray(0, 2).toString("hex")).toBe("1f8b");
  const leaving = await tenantry("tenant remove wayne-corp --yes --out leaving.tar.gz");
  expect(leaving.stdout).toMatch(
    /^wrote leaving\.tar\.gz\nwayne-corp is shut out; it is deleted on \d{4}-\d\d-\d\d, unless/,
  );
  expect((await tenantry("tenant resume wayne-corp")).stdout).toContain("wayne-corp is active again\n");
  const gone = await tenantry("tenant remove wayne-corp --grace-days 0 --yes --without-export");
  expect(gone).toMatchObject({ status: 0, stdout: "wayne-corp is gone; its certificate is kept\n" });
  expect((await tenantry("tenant show wayne-corp")).stderr).toContain("error TOOLKIT_TENANT_UNKNOWN");
  const { operations } = JSON.parse((await tenantry("operation list wayne-corp --json")).stdout) as {
    operations: { id: string; kind: string; state: string }[];
  };
  expect(operations.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "offboard succeeded",
    "offboard cancelled",
    "export succeeded",
    "export succeeded",
    "move succeeded",
    "resume succeeded",
    "suspend succeeded",
    "onboard succeeded",
  ]);
  const shown = await tenantry(`operation show ${operations[0]?.id}`);
  expect(shown.stdout).toContain("offboard of wayne-corp: succeeded");
  expect(shown.stdout).toContain("✔ verify-absence");
  expect((await tenantry(`operation cancel ${operations[0]?.id}`)).stderr).toContain(
    "OPERATION_NOT_CANCELLABLE",
  );
  expect((await tenantry("audit")).stdout).toMatch(/@.* tenant\.offboard +wayne-corp/);
});

test("members are invited, changed and removed, and keys are made and revoked", async () => {
  expect((await tenantry("member list acme-corp")).stderr).toContain("no members yet");
  const invited = await tenantry("member invite acme-corp Ada@example.com --role owner");
  expect(invited.stderr).toContain("ada@example.com is invited as owner until ");
  const accepted = await postTo(port, "acme-corp", "/v2/invitations/accept", {
    token: invited.stdout.trim(),
    name: "Ada",
    password: "correct horse battery",
  });
  expect(accepted).toBe(201);
  expect((await tenantry("member list acme-corp")).stdout).toMatch(/ada@example\.com +Ada +owner +active/);
  const demoted = await tenantry("member change acme-corp ada@example.com --role viewer");
  expect(demoted).toMatchObject({ status: 1, stdout: "" });
  expect(demoted.stderr).toContain("LAST_OWNER");
  const nobody = await tenantry("member remove acme-corp bob@example.com");
  expect(nobody.stderr).toContain("error TOOLKIT_MEMBER_UNKNOWN: acme-corp has no member bob@example.com");
  const made = await tenantry("key create acme-corp reports --permissions tenant:read --expires 30d");
  const key = made.stdout.trim();
  expect(made.stderr).toContain("reports may tenant:read until ");
  expect(await ask(port, "acme-corp", key)).toMatchObject({ status: 200 });
  expect((await tenantry("key revoke acme-corp reports")).stdout).toMatch(/^reports \(.*\) is revoked\n$/);
  expect(await ask(port, "acme-corp", key)).toMatchObject({ status: 401, body: { code: "TOKEN_INVALID" } });
  expect((await tenantry("key list acme-corp")).stdout).toMatch(/ reports +revoked /);
  const trail = (await tenantry("audit acme-corp --json")).stdout;
  expect(trail).toContain('"api-key.revoked"');
  expect(trail).not.toContain(key);
});

test("the log says what happened at a tenant, and a key that signs gives way to another", async () => {
  const lines = (await tenantry("logs --tenant acme-corp --lines 3 --json")).stdout.trim().split("\n");
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ tenant: "acme-corp" });
  expect((await tenantry("logs --lines 1")).stdout).toMatch(/^\d{4}-.* (GET|POST) \/.* \d{3} /);
  expect((await tenantry("logs --service web")).stdout).toContain("the shop is open\n");
  const before = (await tenantry("token acme-corp")).stdout.trim();
  const rotated = await tenantry("signing-key rotate");
  expect(rotated.stdout).toMatch(/ signs +the beginning /);
  expect(rotated.stdout).toMatch(/ published /);
  expect(await ask(port, "acme-corp", before)).toMatchObject({ status: 200 });
  const auditor = (await tenantry("token --control auditor")).stdout;
  expect(auditor).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(await ask(port, "acme-corp", auditor.trim())).toMatchObject({ status: 401 });
});

test("a second up on the same data, or on a port that is taken, is explained", async () => {
  const second = await tenantry("up --port 0 --control-port 0");
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("error LOCAL_PLATFORM_RUNNING");
  await mkdir(join(folder, "other"));
  await tenantry("init", join(folder, "other"));
  const taken = await tenantry(`up --port ${port} --control-port 0`, join(folder, "other"));
  expect(taken.status).toBe(1);
  expect(taken.stderr).toContain(`error LOCAL_PORT_TAKEN: port ${port} (gateway) is taken`);
});

test("what ends while the platform runs is started again, and said to be ready again", async () => {
  const pid = /^process +(\d+)$/m.exec((await tenantry("status")).stdout.replaceAll(/^ +/gm, ""))?.[1];
  expect(Number(pid)).toBe(first.process.pid);
  await killChildOf(Number(pid), "server.mjs");
  await first.says("! web was ended by SIGKILL; starts again");
  await first.says("✔ web is ready");
  await killChildOf(Number(pid), "bin/postgres");
  await first.says("! PostgreSQL was ended by SIGKILL");
  await first.says("✔ PostgreSQL is ready");
  const token = (await tenantry("token acme-corp")).stdout.trim();
  expect(await ask(port, "acme-corp", token)).toMatchObject({ status: 200 });
});

test("one Ctrl-C that arrives three times stops cleanly, with exit status 0", async () => {
  for (let times = 0; times < 3; times += 1) first.process.kill("SIGINT");
  const { status, stderr } = await first.ended;
  expect(status).toBe(0);
  expect(stderr).toContain("stopping … (Ctrl-C again forces)");
  expect(stderr).toMatch(/stopped in .*; data stay\n$/);
  const after = await tenantry("status");
  expect(after.status).toBe(1);
  expect(after.stdout).toBe("the platform of tenantry.config.ts is not running; `tenantry up` starts it\n");
  expect((await tenantry("status", elsewhere)).stderr).toContain("TOOLKIT_PLATFORM_MISSING");
  expect((await tenantry("tenant list")).stderr).toContain("error TOOLKIT_NOT_RUNNING");
  // From elsewhere the hint says which definition it is about, so that it works as it stands.
  const hint = `\`tenantry up --config ${join(shop, "tenantry.config.ts")}\``;
  const config = ["--config", join(shop, "tenantry.config.ts")];
  const list = await runTenantry(["tenant", "list", ...config], { cwd: elsewhere, env });
  expect(list.stderr).toContain(`fix: start it with ${hint}`);
  const stopped = await runTenantry(["status", ...config], { cwd: elsewhere, env });
  expect(stopped.stdout).toContain(`is not running; ${hint} starts it`);
});

test("a token can be signed while nothing runs, for tenants of the definition", async () => {
  expect((await tenantry("token acme-corp")).status).toBe(0);
  const { status, stderr } = await tenantry("token umbrella-co");
  expect(status).toBe(1);
  expect(stderr).toContain("error TOOLKIT_TENANT_NOT_DECLARED");
});

test("with --json one document is written, and SIGTERM stops cleanly", async () => {
  const lockBefore = await readFile(join(shop, "tenantry.lock.json"), "utf8");
  const started = await up("--json");
  started.process.kill("SIGTERM");
  const { status, stdout, stderr } = await started.ended;
  expect(status).toBe(0);
  expect(stderr).toContain("stopping … (SIGTERM; Ctrl-C forces)");
  const result = JSON.parse(stdout) as UpResult;
  expect(result.tenants.map(({ id }) => id)).toEqual(["acme-corp", "globex-inc", "umbrella-co"]);
  expect(result).toMatchObject({ platform: "shop", environment: "development", tenantCount: 3 });
  expect(await readFile(join(shop, "tenantry.lock.json"), "utf8")).toBe(lockBefore);
});

test("after kill -9 of the whole process group it starts again with nothing lost", async () => {
  const killed = await up();
  process.kill(-(killed.process.pid ?? 0), "SIGKILL");
  await killed.ended;
  expect((await tenantry("status")).status).toBe(1);
  const again = await up();
  const token = (await tenantry("token umbrella-co")).stdout.trim();
  expect(await ask(gatewayOf(again), "umbrella-co", token)).toMatchObject({ status: 200 });
  again.process.kill("SIGINT");
  expect((await again.ended).status).toBe(0);
});

test("a second Ctrl-C forces, and down stops what that left behind", async () => {
  const stubborn = await up("", { STUBBORN: "1" });
  stubborn.process.kill("SIGINT");
  await stubborn.says("stopping …");
  const again = setInterval(() => stubborn.process.kill("SIGINT"), samePressMs + 100);
  const { status, stderr } = await stubborn.ended.finally(() => clearInterval(again));
  expect(status).toBe(1);
  expect(stderr).toContain("error CLI_FORCED: ");
  const down = await tenantry("down");
  expect(down.status).toBe(0);
  expect(down.stderr).toContain("stopped web, which an earlier run left behind");
});

test("in the background it runs on, down stops it, and --fresh forgets what was added", async () => {
  const started = await tenantry("up --detach --port 0 --control-port 0");
  expect(started.status).toBe(0);
  expect(started.stdout).toContain("It runs in the background; tenantry down stops it.");
  expect((await tenantry("tenant list")).stdout).toContain("umbrella-co");
  expect(await tenantry("down")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^stopped in .*; data stay\n$/),
  });
  expect(await tenantry("down")).toMatchObject({ status: 0, stdout: "nothing was running\n" });

  const fresh = await tenantry("up --fresh --yes --detach --port 0 --control-port 0 --json");
  expect(JSON.parse(fresh.stdout)).toMatchObject({ tenantCount: 2 });
  expect((await tenantry("down --json")).stdout).toContain('"outcome": "stopped"');
});

test("what fails in the background fails in front", async () => {
  const { status, stderr } = await tenantry("up nowhere --detach");
  expect(status).toBe(2);
  expect(stderr).toContain('error MODEL_UNKNOWN_ENVIRONMENT: there is no environment "nowhere"');
});
