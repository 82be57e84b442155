// Runs a command with what the lockfile names, installing exactly that first where it has not
// happened yet. Plain JavaScript without dependencies: it runs before anything is installed, on
// whatever Node is there (20 or later), and hands over to the pinned one in node_modules/.bin.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`Tenantry needs Node 20 or later to install itself; this is ${process.version}.`);
  process.exit(2);
}

const stamp = join(root, "node_modules", ".tenantry-lockfile");
const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
const installed = existsSync(stamp) && readFileSync(stamp, "utf8") === lock;
if (!installed) {
  console.error("Installing what package-lock.json names (once, about half a minute) …");
  const npm = process.env.npm_execpath;
  // npm says where it is to the scripts it runs; by hand, the one on the PATH has to do.
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ["ignore", "ignore", "inherit"] })
    : spawnSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  if (result.status !== 0) {
    console.error("npm ci failed; its message is above. Check the connection to the npm registry and run again.");
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const [command, ...args] = process.argv.slice(2);
if (command !== undefined) {
  const path = join(root, "node_modules", ".bin") + delimiter + (process.env.PATH ?? "");
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
    shell: process.platform === "win32",
  });
  // The terminal sends Ctrl-C to the child as well: wait for it to finish what it is doing.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + 15));
}
