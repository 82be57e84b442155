import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import { expect, test } from "vitest";
import { examplePlatform, exampleService } from "../../test/example-platform.ts";
import { startPlatform } from "./start-platform.ts";

const script = `console.log("hello from the app");
  require("http").createServer((q, s) => s.end("yes")).listen(+process.env.PORT, "127.0.0.1")`;

function get(port: number, path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers: { host } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject).end();
  });
}

test("S2.21: a platform that runs here keeps its requests and the output of its services in private files", async () => {
  const scratch = await mkdtemp(join(tmpdir(), "tenantry-platform-logs-"));
  // As root, PostgreSQL is another user, who has to get in here.
  await chmod(scratch, 0o755);
  const dataDir = join(scratch, ".tenantry");
  try {
    const platform = examplePlatform({ services: { app: exampleService("app", script) } });
    const options = { dataDir, definitionDir: scratch, gatewayPort: 0, controlPort: 0, host: "127.0.0.1" };
    const ports = {
      clock: systemClock,
      random: systemRandom,
      onEvent: () => undefined,
      log: () => undefined,
    };
    const running = await startPlatform(platform, options, ports);
    const { gatewayPort, controlPort } = running.state;
    expect(await get(gatewayPort, "/v2/tenant?token=a-secret", "acme-corp.localhost")).toBe(401);
    expect(await get(controlPort, "/metrics", "localhost")).toBe(200);
    await running.stop();
    const log = join(dataDir, "logs", "runtime.jsonl");
    const text = await readFile(log, "utf8");
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ route }) => route === "/v2/tenant")).toMatchObject({
      kind: "access",
      tenant: "acme-corp",
      status: 401,
      problem: "TOKEN_MISSING",
    });
    expect(text).not.toContain("a-secret");
    expect(((await stat(log)).mode & 0o777).toString(8)).toBe("600");
    expect(await readFile(join(dataDir, "logs", "app.log"), "utf8")).toContain("hello from the app");
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});
