#!/usr/bin/env node
// Starts the command line on a Node that runs TypeScript. Plain JavaScript, because it runs
// before that is known: where this Node is too old, the one that the npm package `node` brought
// takes over.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { dirname, join } from "node:path";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const runsTypeScript = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (runsTypeScript) {
  module.enableCompileCache?.();
  const { main } = await import("../src/main.ts");
  if ((await main(process.argv.slice(2))) === "leave") process.exit();
} else {
  handOver(pinnedNode());
}

/** The program of the npm package `node`; undefined where it is not installed or is this one. */
function pinnedNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve("node/package.json");
    const program = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(program) && process.env.TENANTRY_HANDED_OVER !== "1" ? program : undefined;
  } catch {
    return undefined;
  }
}

/** Runs the same command line on `program` and ends as it ends. */
function handOver(program) {
  if (program === undefined) {
    // The same words as TOOLKIT_NODE_TOO_OLD, which this Node cannot import.
    process.stderr.write(
      `error TOOLKIT_NODE_TOO_OLD: this is Node ${process.versions.node}, which cannot run TypeScript without a build\n` +
        "  fix: run with Node 22.18 or later\n",
    );
    process.exitCode = 2;
    return;
  }
  const child = spawn(program, process.argv.slice(1), {
    stdio: "inherit",
    env: { ...process.env, TENANTRY_HANDED_OVER: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`tenantry: ${program} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (status, signal) => {
    if (signal === null) {
      process.exitCode = status ?? 1;
      return;
    }
    // What ended the child by a signal ends this process by the same one.
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
