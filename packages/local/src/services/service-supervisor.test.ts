// Method: real processes, because signals, groups and pipes are what can go wrong here.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isCodedError, systemClock, systemRandom } from "@tenantry/base";
import type { PlatformService } from "@tenantry/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ServiceEvent } from "../events.ts";
import { describeProcess, goneWithin, identifyProcess } from "../process/process-identity.ts";
import { probeHealth } from "./health-probe.ts";
import { endRecordedServices } from "./service-records.ts";
import { type RunningServices, startServices } from "./start-services.ts";

type Kind = ServiceEvent["kind"];

let dir = "";
let events: ServiceEvent[] = [];
let waiting: {
  readonly matches: (event: ServiceEvent) => boolean;
  readonly resolve: (event: ServiceEvent) => void;
}[] = [];
let running: RunningServices | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tenantry-services-"));
  events = [];
  waiting = [];
  running = undefined;
});
afterEach(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

function onEvent(event: ServiceEvent): void {
  events.push(event);
  for (const { matches, resolve } of waiting) if (matches(event)) resolve(event);
}

/** The first event of that kind, past or to come, for which `matches` holds. */
function eventOf<K extends Kind>(
  kind: K,
  matches: (event: Extract<ServiceEvent, { kind: K }>) => boolean = () => true,
) {
  const isIt = (event: ServiceEvent): event is Extract<ServiceEvent, { kind: K }> =>
    event.kind === kind && matches(event as Extract<ServiceEvent, { kind: K }>);
  const past = events.find(isIt);
  if (past) return Promise.resolve(past);
  return new Promise<Extract<ServiceEvent, { kind: K }>>((resolve) => {
    waiting.push({ matches: isIt, resolve: (event) => resolve(event as Extract<ServiceEvent, { kind: K }>) });
  });
}

function linesOf(stream: "stdout" | "stderr"): string[] {
  return events.flatMap((event) =>
    event.kind === "service-output" && event.stream === stream ? [event.line] : [],
  );
}

const listen = `require("http").createServer((q, s) => { s.statusCode = globalThis.status ?? 200; s.end(); })
  .listen(+process.env.PORT, "127.0.0.1");`;

function service(script: string, health: object = {}): PlatformService {
  const local = { command: [process.execPath, "-e", script], env: { COLOUR: "blue" } };
  return customService(local, health);
}

function customService(
  local: { command: string[]; env: object } | null,
  health: object = {},
): PlatformService {
  const standard = { path: "/healthz", successCodes: "200-399", intervalSeconds: 0.05, timeoutSeconds: 1 };
  return {
    name: "shop",
    protocol: "http",
    env: { COLOUR: "red", SIZE: "large" },
    local,
    health: { ...standard, unhealthyThreshold: 2, graceSeconds: 20, ...health },
  } as unknown as PlatformService;
}

async function start(shop: PlatformService): Promise<RunningServices> {
  running = await startServices(
    {
      services: { shop },
      cwd: dir,
      recordsFile: join(dir, "services.json"),
      inheritedEnv: { PATH: "/usr/bin:/bin" },
      platform: "saas",
      environment: "development",
      gatewayUrl: "http://localhost:8080",
      issuerUrl: "http://saas.localhost",
    },
    { clock: systemClock, random: systemRandom, probe: probeHealth, onEvent },
  );
  return running;
}

test("a service runs in the definition's folder with its port and the platform's variables", async () => {
  const script = `${listen} for (const name of ["COLOUR", "SIZE", "TENANTRY_PLATFORM", "TENANTRY_ENVIRONMENT", "TENANTRY_SERVICE",
    "TENANTRY_GATEWAY_URL", "TENANTRY_ISSUER", "TENANTRY_JWKS_URL", "TENANTRY_AUDIENCE", "DATABASE_URL"]) console.log(name + "=" + process.env[name]); console.log(process.cwd());`;
  const services = await start(service(script));
  expect(services.status("shop")).toBe("ready");
  expect((await fetch(services.urls["shop"] ?? "")).status).toBe(200);
  expect(linesOf("stdout")).toEqual([
    "COLOUR=blue",
    "SIZE=large",
    "TENANTRY_PLATFORM=saas",
    "TENANTRY_ENVIRONMENT=development",
    "TENANTRY_SERVICE=shop",
    "TENANTRY_GATEWAY_URL=http://localhost:8080",
    "TENANTRY_ISSUER=http://saas.localhost",
    "TENANTRY_JWKS_URL=http://localhost:8080/.well-known/jwks.json",
    "TENANTRY_AUDIENCE=urn:tenantry:saas:service:shop",
    "DATABASE_URL=undefined",
    dir,
  ]);
});

test("what it writes arrives line by line from both streams, and its input is closed", async () => {
  await start(
    service(`${listen} process.stdout.write("one\\ntw"); process.stdout.write("o\\n"); console.error("\\u001b[31mthree\\u001b[0m");
      process.stdin.on("end", () => console.log("no input")).resume();`),
  );
  await eventOf("service-output", ({ line }) => line === "no input");
  await eventOf("service-output", ({ line }) => line.includes("three"));
  expect(linesOf("stdout")).toEqual(["one", "two", "no input"]);
  expect(linesOf("stderr")).toEqual(["\u001b[31mthree\u001b[0m"]);
});

test("a service that exits is started again on the same port", async () => {
  const services = await start(service(`${listen} console.log("pid " + process.pid);`));
  const port = services.urls["shop"];
  const first = Number(linesOf("stdout")[0]?.slice(4));
  process.kill(first, "SIGKILL");
  const exit = await eventOf("service-exited");
  expect(exit).toMatchObject({ exitCode: null, signal: "SIGKILL", reason: null });
  const again = await eventOf(
    "service-output",
    ({ line }) => line.startsWith("pid ") && line !== `pid ${first}`,
  );
  expect(again.line).not.toBe(`pid ${first}`);
  expect(services.urls["shop"]).toBe(port);
});

test("a service that answers badly is unhealthy, then started again with the reason", async () => {
  await start(
    service(
      `${listen} process.on("SIGUSR2", () => { globalThis.status = 503 }); console.log("pid " + process.pid);`,
    ),
  );
  const ready = await eventOf("service-ready");
  expect(ready.port).toBeGreaterThan(0);
  process.kill(Number(linesOf("stdout")[0]?.slice(4)), "SIGUSR2");
  expect(await eventOf("service-unhealthy")).toMatchObject({ reason: "/healthz answered 503", count: 1 });
  const exit = await eventOf("service-exited");
  expect(exit.reason).toBe("it was unhealthy 2 times in a row: /healthz answered 503");
});

test("a service that is not ready in time is started again with the reason", async () => {
  void start(service(`setInterval(() => {}, 1000)`, { graceSeconds: 0.2 }));
  const exit = await eventOf("service-exited");
  expect(exit.reason).toBe("it was not healthy within 0.2 s: ECONNREFUSED");
});

test("a crash loop is told with the last lines", async () => {
  await start(service(`console.log("about to fail"); console.error("no database"); process.exit(3);`));
  const loop = await eventOf("service-crash-loop");
  expect(loop.exits).toBe(5);
  expect([...loop.lastLines].sort()).toEqual(["about to fail", "no database"]);
  expect(events.filter(({ kind }) => kind === "service-exited")).toHaveLength(5);
  expect(await eventOf("service-exited")).toMatchObject({ exitCode: 3, signal: null });
}, 20_000);

test("a command that does not exist is refused with what to do", async () => {
  const error: unknown = await start(customService({ command: ["no-such-program"], env: {} })).catch(
    (reason: unknown) => reason,
  );
  expect(isCodedError(error) && [error.code, error.message]).toEqual([
    "LOCAL_SERVICE_COMMAND",
    "the local command of service shop cannot be run: no-such-program (no such file or directory)",
  ]);
  expect(isCodedError(error) && error.fix).toContain(dir);
});

test("a service that is only an image is said to be absent", async () => {
  const services = await start(customService(null));
  expect(events).toEqual([{ kind: "service-absent", service: "shop" }]);
  expect(services.urls).toEqual({});
});

test("stop asks first, and what does not listen is killed, with its children", async () => {
  const script = `const child = require("child_process").spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]);
    ${listen} process.on("SIGTERM", () => { console.log("asked to stop"); setTimeout(() => process.exit(0), 50); });
    console.log("pids " + process.pid + " " + child.pid);`;
  const services = await start(service(script));
  const pids = linesOf("stdout")[0]?.split(" ").slice(1).map(Number) ?? [];
  const identities = await Promise.all(pids.map((pid) => identifyProcess(pid)));
  expect(identities.filter((identity) => identity !== undefined)).toHaveLength(2);
  await services.stop();
  expect(linesOf("stdout")).toContain("asked to stop");
  for (const identity of identities)
    expect(identity && (await goneWithin(identity, 2_000, systemClock))).toBe(true);
  expect(services.status("shop")).toBe("stopped");
  await expect(readFile(join(dir, "services.json"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("stop is immediate while a service waits to be started again", async () => {
  const services = await start(service(`process.exit(1)`));
  await eventOf("service-exited");
  await services.stop();
  expect(services.status("shop")).toBe("stopped");
});

test("no service is left when its host is killed", async () => {
  const file = fileURLToPath(new URL("../../test/service-host.ts", import.meta.url));
  const host = spawn(process.execPath, [file, dir], { stdio: ["ignore", "pipe", "inherit"], detached: true });
  let pid = 0;
  for await (const line of createInterface({ input: host.stdout })) if ((pid = Number(line)) > 0) break;
  const identity = await identifyProcess(pid);
  expect(identity).toBeDefined();
  process.kill(-(host.pid ?? 0), "SIGKILL");
  expect(identity && (await goneWithin(identity, 10_000, systemClock))).toBe(true);
});

test("a recorded process is ended only if it began when the record says", async () => {
  const ours = spawn("sleep", ["60"], { detached: true });
  const other = spawn("sleep", ["60"], { detached: true });
  try {
    const record = await identifyProcess(ours.pid ?? 0);
    const file = join(dir, "services.json");
    await writeFile(
      file,
      JSON.stringify({ shop: record, worker: { pid: other.pid, startedAt: record?.startedAt + "0" } }),
    );
    expect(await endRecordedServices(file, systemClock)).toEqual(["shop"]);
    expect(await describeProcess(ours.pid ?? 0)).toBeUndefined();
    expect(await describeProcess(other.pid ?? 0)).toBeDefined();
  } finally {
    ours.kill("SIGKILL");
    other.kill("SIGKILL");
  }
});
