import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { copyContext, copyOf, createIgnore, parseDockerfile } from "./dockerfile.ts";
import { ask, startServerProcess } from "./run-server.ts";
import { serverEnvironment } from "./server-environment.ts";

const root = join(import.meta.dirname, "../../..");
const isIgnored = createIgnore(readFileSync(join(root, ".dockerignore"), "utf8"));
const stages = parseDockerfile(readFileSync(join(root, "apps/server/Dockerfile"), "utf8"));
let image = "";

/** What an engine would do, in folders that stand for the images' roots; the Node of this run stands for theirs. */
beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), "tenantry-image-"));
  chmodSync(image, 0o755);
  for (const { name, instructions } of stages) {
    const folder = join(image, name ?? "unnamed");
    let workdir = folder;
    for (const instruction of instructions) {
      const { keyword, text, flags } = instruction;
      if (keyword === "WORKDIR") workdir = join(folder, text);
      if (keyword === "RUN") run(text, workdir);
      if (keyword !== "COPY") continue;
      if (flags["from"] === undefined) {
        copyContext(root, instruction, workdir, isIgnored);
        continue;
      }
      const { sources, target } = copyOf(instruction);
      const into = target.endsWith("./")
        ? (source: string) => join(workdir, source.split("/").at(-1) ?? "")
        : () => join(workdir, target);
      for (const source of sources)
        cpSync(join(image, flags["from"], source), into(source), { recursive: true, verbatimSymlinks: true });
    }
  }
}, 240_000);
afterAll(() => rmSync(image, { recursive: true, force: true }));

function run(command: string, cwd: string): void {
  const [program = "", ...args] = command.split(" ");
  const { status, stderr } = spawnSync(program, [...args, "--prefer-offline"], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stderr}`);
}

test("what the image holds starts, answers its own health check, and stops", async () => {
  const app = join(image, "server", "app");
  expect(existsSync(join(app, "node_modules", "vitest"))).toBe(false);
  await using place = await serverEnvironment(inject("databaseServer"));
  // The root file system may be read-only: a write anywhere would end the server.
  const env = { ...place.env, NODE_ENV: "production", NODE_OPTIONS: "--permission --allow-fs-read=*" };
  const program = join(app, "apps/server/bin/server.mjs");
  await using server = startServerProcess(env, [], program);
  const { gatewayUrl } = (await server.says("ready")) as unknown as { gatewayUrl: string };
  expect((await ask(gatewayUrl, "/health/ready")).status).toBe(200);
  const { port } = new URL(gatewayUrl);
  const checkHealth = () =>
    spawnSync(process.execPath, [join(app, "apps/server/bin/health-check.mjs")], {
      env: { GATEWAY_PORT: port, LISTEN_HOST: "127.0.0.1" },
    }).status;
  expect(checkHealth()).toBe(0);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(checkHealth()).toBe(1);
});
