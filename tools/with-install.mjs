// Runs a command with what the lockfile names, installing exactly that first where it has not
// happened yet. Plain JavaScript without dependencies: it runs before anything is installed, on
// whatever Node is there (20 or later), and hands over to the pinned one in node_modules/.bin.
//
// What keeps it right:
// - A stamp in node_modules says which lockfile was installed. It is removed, with npm's record,
//   before an install begins and written after one has succeeded: an interrupted one leaves none.
// - Without a stamp, npm's own record of what it installed decides. Someone who ran `npm ci` by
//   hand, or has a checkout that cannot be written to, is not made to install again.
// - A lock lets one start install while another waits. It names its process and is touched while
//   that lives, so one left behind by a crash is recognized and taken over.
// - Signals reach the command once. A terminal sends Ctrl-C to every process in front of it, so
//   it is passed on only where there is no terminal; then, and for SIGTERM and SIGHUP, this
//   process waits until the command has ended and ends the same way.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { constants, hostname } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".tenantry-lockfile");
/** Where npm writes what it has installed, as the last thing it does. */
const npmRecord = join(root, "node_modules", ".package-lock.json");
const lock = join(root, ".tenantry", "install.lock");
const windows = process.platform === "win32";
const pinnedNode = join(root, "node_modules", ".bin", windows ? "node.cmd" : "node");

const progressEveryMs = 5_000;
const lockTouchEveryMs = 2_000;
/** A lock that nobody has touched for this long belongs to nobody, whatever its process id says. */
const lockForgottenMs = 10 * 60_000;
/** npm passes on a signal that its process group received too: the second is the same one. */
const sameSignalMs = 1_000;

/** The child that runs now and receives the signals. */
let child;
/** The first signal that asked this process to end. */
let endedBy;
let holdsLock = false;

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Tenantry needs Node 20 or later to install itself; this is ${process.version}.`);
  process.exit(2);
}

passSignalsOn();
process.on("exit", unlock);
await ensureInstalled();
await runCommand(process.argv.slice(2));

async function ensureInstalled() {
  const wanted = fingerprint();
  if (isInstalled(wanted)) return;
  await takeLock();
  // Whoever held the lock before may have installed it in the meantime.
  if (!isInstalled(wanted)) await install(wanted);
  unlock();
}

/** What must have been installed, and for which kind of machine: native parts differ. */
function fingerprint() {
  const bytes = readFileSync(join(root, "package-lock.json"));
  return createHash("sha256").update(`${process.platform} ${process.arch}\n`).update(bytes).digest("hex");
}

function isInstalled(wanted) {
  if (!existsSync(pinnedNode)) return false;
  if (readIfThere(stamp) === wanted) return true;
  // Someone else installs at this moment: npm's record may still describe what it removes.
  if (!holdsLock && existsSync(lock) && !isLockLeftBehind()) return false;
  if (!npmInstalledTheLockfile()) return false;
  writeStamp(wanted);
  return true;
}

/** Compares the lockfile with npm's record. */
function npmInstalledTheLockfile() {
  const record = readIfThere(npmRecord);
  if (record === undefined) return false;
  let installed;
  try {
    installed = JSON.parse(record).packages ?? {};
  } catch {
    return false;
  }
  const locked = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const fits = (list, own) => list === undefined || list.includes(own);
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const found = installed[path];
    if (found !== undefined) {
      return entry.link
        ? found.link === true
        : found.version === entry.version && found.integrity === entry.integrity;
    }
    // An optional package may be missing where it is made for another machine. Which C library
    // is here is npm's business, so a package that names one may be missing as well.
    const forHere =
      fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && entry.libc === undefined;
    return entry.optional === true && !(forHere && entry.os !== undefined);
  });
}

function writeStamp(wanted) {
  try {
    writeFileSync(stamp, wanted);
  } catch (error) {
    // A checkout that cannot be written to works without a stamp, only a little slower.
    if (!["EROFS", "EACCES", "EPERM"].includes(error.code)) throw error;
  }
}

async function install(wanted) {
  // npm deletes packages in no order, so its record could outlive some of them.
  for (const file of [stamp, npmRecord]) rmSync(file, { force: true });
  console.error("Installing what package-lock.json names (once, about half a minute) …");
  const startedAtMs = performance.now();
  const elapsed = () => `${Math.round((performance.now() - startedAtMs) / 1000)} s`;
  // npm draws its own progress on a terminal.
  const progress = process.stderr.isTTY
    ? undefined
    : setInterval(() => console.error(`… still installing (${elapsed()})`), progressEveryMs);
  const touch = setInterval(touchLock, lockTouchEveryMs);
  const end = await runNpmCi();
  clearInterval(progress);
  clearInterval(touch);
  if (endedBy !== undefined || end.signal !== null) {
    console.error("The installation was interrupted; the next start does it again.");
    endLike({ code: 1, signal: endedBy ?? end.signal });
    await new Promise(() => {});
  }
  if (end.code !== 0) {
    fail("npm ci failed; its message is above. Check the connection to the npm registry and run again.");
  }
  if (!existsSync(pinnedNode)) {
    fail(
      "npm did not run the install scripts, so the pinned Node is missing.\n" +
        "Check that `npm config get ignore-scripts` says false, then run `npm ci`.",
    );
  }
  writeStamp(wanted);
  console.error(`Installed in ${elapsed()}.`);
}

function runNpmCi() {
  // Tools and the embedded PostgreSQL are development and optional packages: they are needed
  // here whatever NODE_ENV or the user's npm settings leave out.
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  // Standard output belongs to the command that follows, so npm writes to standard error.
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  // npm says where it is to the scripts it runs; for yarn, or by hand, the one on the PATH has to do.
  const npm = process.env.npm_execpath;
  return npm !== undefined && basename(npm) === "npm-cli.js"
    ? run(process.execPath, [npm, ...args], options)
    : run("npm", args, { ...options, shell: windows });
}

async function runCommand([command, ...args]) {
  if (command === undefined) return;
  const end = await run(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: join(root, "node_modules", ".bin") + delimiter + (process.env.PATH ?? "") },
    shell: windows,
  });
  endLike(end);
}

/** Resolves when the program has ended, however it ended. */
function run(program, args, options) {
  return new Promise((resolve) => {
    child = spawn(program, args, options);
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve({ code: error.code === "ENOENT" ? 127 : 126, signal: null });
    });
    child.on("exit", (code, signal) => {
      child = undefined;
      resolve({ code, signal });
    });
  });
}

function passSignalsOn() {
  const receivedAtMs = new Map();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      endedBy ??= signal;
      const nowMs = performance.now();
      const isRepeat = nowMs - (receivedAtMs.get(signal) ?? -Infinity) < sameSignalMs;
      receivedAtMs.set(signal, nowMs);
      if (child === undefined) endLike({ code: 1, signal });
      else if (!isRepeat && !(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    });
  }
}

/** Ends with the same status, or by the same signal, so that a shell or a supervisor sees the truth. */
function endLike({ code, signal }) {
  unlock();
  if (signal === null) process.exit(code ?? 1);
  process.exitCode = 128 + (constants.signals[signal] ?? 0);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
  process.kill(process.pid, signal);
}

async function takeLock() {
  try {
    mkdirSync(dirname(lock), { recursive: true });
  } catch (error) {
    fail(`Packages are missing and cannot be installed here: ${error.message}.`);
  }
  let said = false;
  while (!tryLock()) {
    if (isLockLeftBehind()) removeLeftBehindLock();
    else {
      if (!said) console.error("Another start is installing the packages; waiting for it …");
      said = true;
      await sleep(200);
    }
  }
}

function tryLock() {
  try {
    writeFileSync(lock, `${hostname()} ${process.pid}`, { flag: "wx" });
    holdsLock = true;
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    return fail(`Packages are missing and cannot be installed here: ${error.message}.`);
  }
}

function isLockLeftBehind() {
  const [host, pid] = (readIfThere(lock) ?? "").split(" ");
  const touchedAtMs = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (touchedAtMs === undefined) return false;
  if (Date.now() - touchedAtMs > lockForgottenMs) return true;
  return host === hostname() && pid !== undefined && !isAlive(Number(pid));
}

function removeLeftBehindLock() {
  // Of two who found it only one can rename it. The other may catch the new owner's lock instead,
  // and puts that back.
  const aside = `${lock}.${process.pid}`;
  const leftBehind = readIfThere(lock);
  try {
    renameSync(lock, aside);
    if (readIfThere(aside) === leftBehind) rmSync(aside, { force: true });
    else renameSync(aside, lock);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function touchLock() {
  const now = new Date();
  try {
    utimesSync(lock, now, now);
  } catch {
    // Without a touch the lock only looks older; the process id still speaks for it.
  }
}

function unlock() {
  if (!holdsLock) return;
  holdsLock = false;
  rmSync(lock, { force: true });
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

function fail(message) {
  console.error(message);
  unlock();
  process.exit(1);
}
