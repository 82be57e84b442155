import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of an emulator of AWS; null where it cannot run, and then tests that need it are left out. */
    awsEndpoint: string | null;
  }
}

const folder = join(import.meta.dirname, "aws");
const startTimeoutMs = 60_000;

let stop: () => Promise<void> = async () => undefined;

/** Starts moto's server for the tests of a run. */
export async function setup(project: TestProject): Promise<void> {
  const python = await preparePython();
  if (typeof python !== "string") {
    if (process.env["CI"]) throw new Error(`the tests against AWS cannot run: ${python.reason}`);
    process.stderr.write(`\nThe tests against AWS are left out: ${python.reason}\n`);
    project.provide("awsEndpoint", null);
    return;
  }
  const port = await freePort();
  const server = spawn(python, [join(folder, "moto-server.py"), "-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
  });
  stop = async () => {
    if (server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await answering(endpoint, () => server.exitCode !== null);
  } catch (failure) {
    await stop();
    throw failure;
  }
  project.provide("awsEndpoint", endpoint);
}

export function teardown(): Promise<void> {
  return stop();
}

/** A Python that has what requirements.txt names: made once for each content of it. */
async function preparePython(): Promise<string | { readonly reason: string }> {
  const requirements = join(folder, "requirements.txt");
  const version = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return { reason: "there is no python3 here" };
  const digest = createHash("sha256").update(version.stdout).update(readFileSync(requirements)).digest("hex");
  const home = join(tmpdir(), `tenantry-aws-emulator-${digest.slice(0, 16)}`);
  const python = (of: string) =>
    process.platform === "win32" ? join(of, "Scripts", "python.exe") : join(of, "bin", "python");
  if (existsSync(home)) return python(home);
  // Made beside and renamed, so that one that was interrupted is not taken for complete.
  const fresh = `${home}.${process.pid}`;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", fresh]],
    [python(fresh), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]],
  ];
  try {
    for (const [command, args] of steps) {
      const { status, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
      if (status !== 0)
        return { reason: `${command} ${args.join(" ")} failed: ${(stderr ?? "").trim().slice(-500)}` };
    }
    await rename(fresh, home).catch((failure: unknown) => {
      // Another run was faster.
      if (!existsSync(home)) throw failure;
    });
    return python(home);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function answering(endpoint: string, hasEnded: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + startTimeoutMs;
  for (;;) {
    if (hasEnded()) throw new Error("the emulator of AWS ended before it answered");
    const isUp = await fetch(`${endpoint}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (performance.now() > deadlineMs) throw new Error(`the emulator of AWS does not answer at ${endpoint}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
