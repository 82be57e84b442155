// Real processes: the script is copied into a tiny checkout of its own, and what it takes for npm
// is a program that records its calls and leaves behind what `npm ci` leaves behind.
import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));

const fakeNpm = `
const { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const log = (line) => appendFileSync("npm-calls.log", line + "\\n");
log(process.argv.slice(2).join(" "));
const finish = () => {
  rmSync("node_modules", { recursive: true, force: true });
  mkdirSync("node_modules/.bin", { recursive: true });
  if (process.env.FAKE_NPM !== "without scripts") symlinkSync(process.execPath, "node_modules/.bin/node");
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));
  console.log("added 1 package");
};
if (process.env.FAKE_NPM === "fail") {
  console.error("npm error the registry did not answer");
  process.exit(1);
} else if (process.env.FAKE_NPM === "hang") {
  process.on("SIGINT", () => { log("SIGINT"); process.exit(1); });
  process.on("SIGTERM", () => { log("SIGTERM"); process.exit(1); });
  setInterval(() => {}, 1000);
  writeFileSync("npm-is-running", "");
} else if (process.env.FAKE_NPM === "slow") {
  setTimeout(finish, 700);
} else {
  finish();
}
`;

/** A command that says what it was given, and with which signals it was asked to end. */
const fakeCommand = `
const { appendFileSync } = require("node:fs");
const log = (line) => appendFileSync("command.log", line + "\\n");
const [mode, ...rest] = process.argv.slice(2);
if (mode === "exit") process.exit(Number(rest[0]));
else if (mode === "die") process.kill(process.pid, rest[0]);
else if (mode === "wait") {
  let ending = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {
    log(signal);
    if (ending) return;
    ending = true;
    // Long enough for a second delivery of the same signal to show.
    setTimeout(() => { log("ended cleanly"); process.exit(7); }, 400);
  });
  setInterval(() => {}, 1000);
  log("ready");
} else console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), path: process.env.PATH }));
`;

let root: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tenantry-with-install-"));
  mkdirSync(join(root, "tools"));
  cpSync(join(here, "with-install.mjs"), join(root, "tools/with-install.mjs"));
  mkdirSync(join(root, "npm"));
  writeFileSync(join(root, "npm/npm-cli.js"), fakeNpm);
  writeFileSync(join(root, "command.cjs"), fakeCommand);
  writeLockfile("1.0.0");
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  makeWritable();
  rmSync(root, { recursive: true, force: true });
});

describe("with-install", () => {
  it("installs what the lockfile names and then hands over arguments, folder and PATH", async () => {
    const end = await run(["node", "command.cjs", "a b", "--flag=$HOME"]);
    expect(end).toMatchObject({ code: 0, signal: null });
    const seen = JSON.parse(end.stdout) as { args: string[]; cwd: string; path: string };
    expect(seen.args).toEqual(["a b", "--flag=$HOME"]);
    expect(seen.cwd).toBe(root);
    expect(seen.path.startsWith(join(root, "node_modules/.bin"))).toBe(true);
    expect(npmCalls()).toHaveLength(1);
  });

  it("keeps standard output for the command", async () => {
    const end = await run(["node", "command.cjs", "a"]);
    expect(end.stdout).not.toContain("added 1 package");
    expect(end.stderr).toContain("added 1 package");
  });

  it("installs development and optional packages whatever NODE_ENV says", async () => {
    await run([], { NODE_ENV: "production" });
    expect(npmCalls()[0]).toMatch(/^ci --include=dev --include=optional /);
  });

  it("does not install again until the lockfile changes", async () => {
    await run([]);
    await run([]);
    expect(npmCalls()).toHaveLength(1);
    writeLockfile("1.0.1");
    await run([]);
    expect(npmCalls()).toHaveLength(2);
  });

  it("accepts packages that somebody installed by hand", async () => {
    installByHand();
    const end = await run(["node", "command.cjs", "exit", "0"]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(npmCalls()).toHaveLength(1);
  });

  it("installs again where a package has another version or another content than the lockfile says", async () => {
    installByHand();
    const record = join(root, "node_modules/.package-lock.json");
    writeFileSync(record, readFileSync(record, "utf8").replace("sha512-1.0.0", "sha512-other"));
    await run([]);
    expect(npmCalls()).toHaveLength(2);
  });

  it("does not miss an optional package that is made for another machine, but one for this machine", async () => {
    writeLockfile("1.0.0", { "node_modules/elsewhere": { version: "1.0.0", optional: true, os: ["plan9"] } });
    installByHand();
    forget("node_modules/elsewhere");
    await run([]);
    expect(npmCalls()).toHaveLength(1);

    writeLockfile("1.0.0", {
      "node_modules/native": { version: "1.0.0", optional: true, os: [process.platform] },
    });
    installByHand();
    forget("node_modules/native");
    await run([]);
    expect(npmCalls()).toHaveLength(3);
  });

  it("installs once when two start at the same time", async () => {
    const ends = await Promise.all([
      run(["node", "command.cjs", "exit", "0"], { FAKE_NPM: "slow" }),
      run(["node", "command.cjs", "exit", "0"], { FAKE_NPM: "slow" }),
      run(["node", "command.cjs", "exit", "0"], { FAKE_NPM: "slow" }),
    ]);
    expect(ends.map((end) => end.code)).toEqual([0, 0, 0]);
    expect(npmCalls()).toHaveLength(1);
    expect(ends.filter((end) => end.stderr.includes("waiting for it"))).toHaveLength(2);
    expect(existsSync(lockFile())).toBe(false);
  });

  it("takes over the lock of a process that is gone", async () => {
    const gone = spawnSync(process.execPath, ["-e", "console.log(process.pid + ' ' + os.hostname())"]);
    const [pid, host] = gone.stdout.toString().trim().split(" ");
    mkdirSync(dirname(lockFile()));
    writeFileSync(lockFile(), `${host} ${pid}`);
    expect(await run(["node", "command.cjs", "exit", "0"])).toMatchObject({ code: 0 });
    expect(existsSync(lockFile())).toBe(false);
  });

  it("shows npm's message when npm fails, and tries again the next time", async () => {
    const end = await run(["node", "command.cjs"], { FAKE_NPM: "fail" });
    expect(end.code).toBe(1);
    expect(end.stderr).toContain("npm error the registry did not answer");
    expect(end.stderr).toContain("npm ci failed");
    expect(end.stdout).toBe("");
    expect(await run(["node", "command.cjs", "exit", "0"])).toMatchObject({ code: 0 });
  });

  it("says so when npm did not run the install scripts", async () => {
    const end = await run(["node", "command.cjs"], { FAKE_NPM: "without scripts" });
    expect(end.code).toBe(1);
    expect(end.stderr).toContain("ignore-scripts");
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "leaves no stamp and no lock when %s interrupts the install",
    async (signal) => {
      await run([]);
      writeLockfile("1.0.1");
      const child = start(["node", "command.cjs"], { FAKE_NPM: "hang" });
      await fileToExist(join(root, "npm-is-running"));
      child.kill(signal);
      expect(await ended(child)).toMatchObject({ code: null, signal, stdout: "" });
      expect(npmCalls().at(-1)).toBe(signal);
      expect(existsSync(lockFile())).toBe(false);

      // Back to the lockfile that was installed before: its stamp must be gone as well.
      writeLockfile("1.0.0");
      const callsBefore = npmCalls().length;
      await run([]);
      expect(npmCalls()).toHaveLength(callsBefore + 1);
    },
  );

  it("works in a checkout that cannot be written to when the packages are there", async () => {
    installByHand();
    makeReadOnly();
    expect(await run(["node", "command.cjs", "exit", "0"], {}, asOrdinaryUser)).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  it("says why when the packages are missing in a checkout that cannot be written to", async () => {
    makeReadOnly();
    const end = await run(["node", "command.cjs"], {}, asOrdinaryUser);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain("cannot be installed here");
  });

  it("ends with the status of the command", async () => {
    expect(await run(["node", "command.cjs", "exit", "42"])).toMatchObject({ code: 42, signal: null });
  });

  it("ends by the signal that ended the command", async () => {
    expect(await run(["node", "command.cjs", "die", "SIGKILL"])).toMatchObject({
      code: null,
      signal: "SIGKILL",
    });
  });

  it("ends with 127 when the command does not exist", async () => {
    const end = await run(["no-such-command"]);
    expect(end.code).toBe(127);
    expect(end.stderr).toContain("no-such-command");
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
    "passes %s on once and waits for a clean end",
    async (signal) => {
      await run([]);
      const child = start(["node", "command.cjs", "wait"]);
      await fileToExist(join(root, "command.log"));
      const end = ended(child);
      child.kill(signal);
      await lineToBeLogged(signal);
      child.kill(signal);
      expect(await end).toMatchObject({ code: 7, signal: null });
      expect(commandLog()).toEqual(["ready", signal, "ended cleanly"]);
    },
  );

  // `script` of util-linux gives a real terminal, where the line discipline sends the signal.
  const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
  it.runIf(hasTerminal)("delivers Ctrl-C of a terminal once and waits for a clean end", async () => {
    await run([]);
    // Without exec a shell such as dash stays in between, hears the signal too, and ends with 130.
    const command = `exec ${process.execPath} tools/with-install.mjs node command.cjs wait`;
    const terminal = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: root,
      env: environment({}),
      stdio: ["pipe", "pipe", "pipe"],
    });
    started.push(terminal);
    await fileToExist(join(root, "command.log"));
    terminal.stdin.write("\u0003");
    expect(await ended(terminal)).toMatchObject({ code: 7 });
    expect(commandLog()).toEqual(["ready", "SIGINT", "ended cleanly"]);
  });
});

const asOrdinaryUser: SpawnOptions = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, npm_execpath: join(root, "npm/npm-cli.js"), ...extra };
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(process.execPath, [join(root, "tools/with-install.mjs"), ...args], {
    cwd: root,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  started.push(child);
  return child;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<End> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

function run(
  args: readonly string[],
  env: Record<string, string> = {},
  options: SpawnOptions = {},
): Promise<End> {
  return ended(start(args, env, options));
}

const fileToExist = (path: string) => becomesTrue(() => existsSync(path));
const lineToBeLogged = (line: string) => becomesTrue(() => commandLog().includes(line));

/** Looks again whenever something changes in the checkout; nothing is polled. */
async function becomesTrue(condition: () => boolean): Promise<void> {
  const watcher = watch(root);
  await new Promise<void>((resolve) => {
    const look = () => {
      if (condition()) resolve();
    };
    watcher.on("change", look);
    look();
  });
  watcher.close();
}

function writeLockfile(version: string, more: Record<string, object> = {}): void {
  const left = { version, integrity: `sha512-${version}` };
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({ packages: { "": {}, "node_modules/left": left, ...more } }),
  );
}

function installByHand(): void {
  const result = spawnSync(process.execPath, [join(root, "npm/npm-cli.js"), "ci"], { cwd: root });
  expect(result.status).toBe(0);
}

function forget(path: string): void {
  const file = join(root, "node_modules/.package-lock.json");
  const record = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, object> };
  delete record.packages[path];
  writeFileSync(file, JSON.stringify(record));
}

const makeReadOnly = () => setMode(0o555);
const makeWritable = () => setMode(0o755);

function setMode(mode: number): void {
  for (const folder of [".", "tools", "npm", "node_modules", "node_modules/.bin"]) {
    if (existsSync(join(root, folder))) chmodSync(join(root, folder), mode);
  }
}

const lockFile = () => join(root, ".tenantry/install.lock");
const lines = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : []);
const npmCalls = () => lines(join(root, "npm-calls.log"));
const commandLog = () => lines(join(root, "command.log"));
