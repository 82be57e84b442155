// Goal: a platform comes up, goes down, and leaves nothing behind however either goes.
// Method: whole platforms with their own PostgreSQL; processes that are stopped and killed for real.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type CodedError, isCodedError, systemClock, systemRandom } from "@tenantry/base";
import type { Platform, TenantId } from "@tenantry/model";
import { importSigningKey, issueToken } from "@tenantry/runtime";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { examplePlatform, exampleService } from "../../test/example-platform.ts";
import type { LocalEvent } from "../events.ts";
import { locateDataFolder } from "../postgres/data-folder.ts";
import { findServer } from "../postgres/earlier-run.ts";
import { describeProcess } from "../process/process-identity.ts";
import { findFreePort } from "../process/ports.ts";
import { platformPaths, removeData } from "./platform-data.ts";
import { readSecrets } from "./platform-secrets.ts";
import { isPlatformRunning, readState } from "./platform-state.ts";
import {
  localIssuerUrl,
  type PlatformOptions,
  type RunningPlatform,
  startPlatform,
} from "./start-platform.ts";
import { stopPlatform } from "./stop-platform.ts";

let scratch = "";
let dataDir = "";
let events: LocalEvent[] = [];
let started: RunningPlatform[] = [];
const onEvent = (event: LocalEvent) => void events.push(event);
const ports = { clock: systemClock, random: systemRandom, onEvent, log: () => undefined };

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tenantry-platform-"));
  // As root, PostgreSQL is another user, who has to get in here.
  await chmod(scratch, 0o755);
  dataDir = join(scratch, ".tenantry");
  events = [];
  started = [];
});
afterEach(async () => {
  // A platform that a failed assertion left running.
  await Promise.all(started.map((running) => running.stop()));
  await rm(scratch, { recursive: true, force: true });
});

async function start(
  options: Partial<PlatformOptions> = {},
  platform: Platform = examplePlatform(),
): Promise<RunningPlatform> {
  const standard = { dataDir, definitionDir: scratch, gatewayPort: 0, controlPort: 0, host: "127.0.0.1" };
  const running = await startPlatform(platform, { ...standard, ...options }, ports);
  started.push(running);
  return running;
}

async function refusal(options: Partial<PlatformOptions> = {}, platform?: Platform): Promise<CodedError> {
  const error: unknown = await start(options, platform).then(
    (running) => running.stop(),
    (reason: unknown) => reason,
  );
  if (!isCodedError(error)) throw new Error("the start was expected to be refused", { cause: error });
  return error;
}

async function call(
  gatewayPort: number,
  tenant: string,
  path: string,
  options: { method?: string; body?: object } = {},
) {
  const secrets = await readSecrets(dataDir);
  const key = await importSigningKey(secrets?.keyRing[0]?.jwk ?? {});
  const order = { kind: "tenant", tenant: tenant as TenantId, role: "owner", subject: "me" } as const;
  const token = await issueToken(
    key,
    { ...order, issuer: localIssuerUrl("example"), platform: "example" },
    ports,
  );
  // Not fetch: it would look the tenant's host up, which not every machine can.
  return await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port: gatewayPort,
      path,
      method: options.method ?? "GET",
      headers: {
        host: `${tenant}.localhost`,
        authorization: `Bearer ${token}`,
        ...(options.body ? { "content-type": "application/json" } : {}),
      },
    });
    sent.on("error", reject);
    sent.on("response", async (response) => {
      const text = Buffer.concat(await response.toArray()).toString("utf8");
      resolve({ status: response.statusCode ?? 0, text });
    });
    sent.end(options.body ? JSON.stringify(options.body) : undefined);
  });
}

async function writeNote(gatewayPort: number, tenant: string, text: string): Promise<void> {
  const created = await call(gatewayPort, tenant, "/v2/documents/notes", {
    method: "POST",
    body: { body: { text } },
  });
  expect(created.status).toBe(201);
}

async function readNotes(gatewayPort: number, tenant: string): Promise<string> {
  const { status, text } = await call(gatewayPort, tenant, "/v2/documents/notes");
  expect(status).toBe(200);
  return text;
}

async function expectNothingLeft(): Promise<void> {
  const { clusterDir } = await locateDataFolder(platformPaths(dataDir).postgres);
  expect(await findServer(clusterDir)).toBeUndefined();
  expect(await isPlatformRunning(dataDir)).toBe(false);
  expect(await readState(dataDir)).toBeNull();
  const names = (await readdir(dataDir)).sort();
  // What stays is data: PostgreSQL's, logs, and, where there were any, files and exports.
  const kept = new Set(["postgres", "logs", "files", "exports"]);
  expect(names.filter((name) => !kept.has(name))).toEqual([".gitignore", "data.json", "secrets.json"]);
}

interface Line {
  readonly kind: string;
  readonly [key: string]: unknown;
}

/** Runs a platform in a process of its own; `onReady` may stop or kill it. */
async function runHost(onReady: (pid: number, port: number) => Promise<void>): Promise<Line[]> {
  const file = fileURLToPath(new URL("../../test/platform-host.ts", import.meta.url));
  const host = spawn(process.execPath, [file, dataDir], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(host, "exit");
  const lines: Line[] = [];
  let work: Promise<unknown> | undefined;
  for await (const text of createInterface({ input: host.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line.kind !== "ready") continue;
    const { gatewayPort } = line["state"] as { gatewayPort: number };
    // A host that nobody ends any more would keep this loop waiting.
    work = onReady(host.pid ?? 0, gatewayPort).catch((error: unknown) => host.kill("SIGKILL") && error);
  }
  const failure = await work;
  // Its output ends a moment before it does.
  await exited;
  if (failure !== undefined) throw failure;
  return lines;
}

describe("a platform", () => {
  test("serves tenants of every isolation and its own services, and keeps data from run to run", async () => {
    const first = await start();
    const { gatewayPort } = first.state;
    for (const tenant of ["acme-corp", "globex-inc", "initech-llc"]) {
      expect((await call(gatewayPort, tenant, "/v2/tenant")).status).toBe(200);
      await writeNote(gatewayPort, tenant, `kept by ${tenant}`);
    }
    expect(await call(gatewayPort, "acme-corp", "/shop")).toEqual({ status: 200, text: "from the shop" });
    expect(first.absentServices).toEqual(["legacy"]);
    expect(await readState(dataDir)).toEqual(first.state);
    await first.stop();
    await expectNothingLeft();

    await using second = await start();
    for (const tenant of ["acme-corp", "globex-inc", "initech-llc"]) {
      expect(await readNotes(second.state.gatewayPort, tenant)).toContain(`kept by ${tenant}`);
    }
  });

  test("tells the parts of its start and of its end in their order", async () => {
    await (await start()).stop();
    const told = events.flatMap((event) => {
      if (event.kind === "phase") return [`${event.name} ${event.status}`];
      return event.kind === "stopping" ? [`stopping ${event.name}`] : [];
    });
    const parts = ["postgresql", "database", "tenants", "services", "gateway"];
    expect(told).toEqual([
      ...parts.flatMap((part) => [`${part} started`, `${part} done`]),
      ...["gateway", "operations", "services", "database", "postgresql"].map((part) => `stopping ${part}`),
    ]);
  });

  test("is one per data folder", async () => {
    await using running = await start();
    const error = await refusal();
    expect(error.code).toBe("LOCAL_PLATFORM_RUNNING");
    expect(error.fix).toContain("tenantry down");
    await expect(removeData(dataDir, ports)).rejects.toMatchObject({ code: "LOCAL_PLATFORM_RUNNING" });
    expect((await call(running.state.gatewayPort, "acme-corp", "/v2/tenant")).status).toBe(200);
  });

  test("begins with nothing when it is to be fresh", async () => {
    const first = await start();
    await writeNote(first.state.gatewayPort, "acme-corp", "old");
    await first.stop();
    await using second = await start({ fresh: true });
    expect(await readNotes(second.state.gatewayPort, "acme-corp")).not.toContain("old");
  });

  test("says so when its database cannot be kept running", async () => {
    await using running = await start();
    const { clusterDir } = await locateDataFolder(platformPaths(dataDir).postgres);
    const server = await findServer(clusterDir);
    await rename(join(clusterDir, "global", "pg_control"), join(clusterDir, "global", "away"));
    process.kill(server?.pid ?? 0, "SIGKILL");
    expect((await running.failure).code).toBe("LOCAL_POSTGRES_FAILED");
  });
});

describe("a start that fails", () => {
  test.each(["gatewayPort", "controlPort"] as const)(
    "because the %s is taken names the port, who has it and the option",
    async (use) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const { port } = other.address() as AddressInfo;
      const error = await refusal({ [use]: port });
      other.close();
      expect(error.code).toBe("LOCAL_PORT_TAKEN");
      expect(error.message).toContain(`port ${port}`);
      if (process.platform === "linux") expect(error.message).toContain(`(process ${process.pid})`);
      expect(error.fix).toContain(use === "gatewayPort" ? "--port" : "--control-port");
      expect(events.filter(({ kind }) => kind === "phase")).toEqual([]);
    },
  );

  test("at a service stops all that was started before it", async () => {
    const legacy = exampleService("legacy", "setInterval(() => {}, 1000)");
    const broken = { ...legacy, local: { command: ["no-such-program"], env: {} } };
    const services = {
      ...examplePlatform().services,
      broken: { ...broken, name: "broken" } as typeof legacy,
    };
    expect((await refusal({}, examplePlatform({ services }))).code).toBe("LOCAL_SERVICE_COMMAND");
    await expectNothingLeft();
    await using running = await start();
    expect((await call(running.state.gatewayPort, "acme-corp", "/v2/tenant")).status).toBe(200);
  });

  test("at the gateway stops all that was started before it", async () => {
    const taken = { ...exampleService("shop", ""), route: "/v2" };
    const error = await refusal({}, examplePlatform({ services: { shop: taken } }));
    expect(error.code).toMatch(/^RUNTIME_/);
    await expectNothingLeft();
  });
});

describe("from another process", () => {
  test("a platform is stopped, and stopping it again is no error", async () => {
    let outcome: unknown;
    const lines = await runHost(async (pid) => {
      expect((await readState(dataDir))?.pid).toBe(pid);
      outcome = await stopPlatform(dataDir, {}, ports);
    });
    expect(outcome).toMatchObject({ kind: "stopped" });
    expect(lines.at(-1)).toEqual({ kind: "stopped" });
    expect(await stopPlatform(dataDir, {}, ports)).toEqual({ kind: "not-running" });
    await expectNothingLeft();
  });

  test("a platform that was killed with everything comes back with every document", async () => {
    let pid = 0;
    await runHost(async (host, port) => {
      await writeNote(port, "initech-llc", "kept");
      const { clusterDir } = await locateDataFolder(platformPaths(dataDir).postgres);
      pid = (await findServer(clusterDir))?.pid ?? 0;
      process.kill(pid, "SIGKILL");
      process.kill(-host, "SIGKILL");
    });
    expect(await describeProcess(pid)).toBeUndefined();
    expect(await readState(dataDir)).toBeNull();
    await using running = await start();
    expect(events).toContainEqual(expect.objectContaining({ kind: "stale-lock-removed" }));
    expect(await readNotes(running.state.gatewayPort, "initech-llc")).toContain("kept");
  });

  test("what a killed platform left behind is stopped by stopping it", async () => {
    await runHost(async (host) => process.kill(host, "SIGKILL") && undefined);
    expect(await stopPlatform(dataDir, {}, ports)).toEqual({ kind: "not-running" });
    const { clusterDir } = await locateDataFolder(platformPaths(dataDir).postgres);
    expect(await findServer(clusterDir)).toBeUndefined();
    await removeData(dataDir, ports);
    expect(await readdir(scratch)).toEqual([]);
  });
});

describe("with a database of the user's", () => {
  const server = inject("databaseServer");
  const urlOf = (user: string, password: string, port = server.port) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${server.host}:${port}`;

  async function asAdmin<Result>(fn: (client: Client) => Promise<Result>): Promise<Result> {
    const client = new Client({ ...server, database: "postgres" });
    await client.connect();
    try {
      return await fn(client);
    } finally {
      await client.end();
    }
  }

  test("a platform runs there and starts no server of its own", async () => {
    const name = `ext${randomBytes(5).toString("hex")}`;
    try {
      const running = await start(
        { databaseUrl: urlOf(server.user, server.password) },
        examplePlatform({ name }),
      );
      expect(running.state.database).toEqual({ kind: "external", host: server.host, port: server.port });
      expect(JSON.stringify(running.state)).not.toContain(server.password);
      await running.stop();
      expect(await readdir(dataDir)).not.toContain("postgres");
    } finally {
      await asAdmin((client) => dropPlatform(client, name));
    }
  });

  test("its refusals say what to do", async () => {
    const role = `weak${randomBytes(5).toString("hex")}`;
    await asAdmin((client) => client.query(`create role ${role} login password 'weak'`));
    try {
      const codes = [
        await refusal({ databaseUrl: urlOf(server.user, "wrong") }),
        await refusal({ databaseUrl: urlOf("nobody-knows", "x") }),
        await refusal({ databaseUrl: urlOf(role, "weak") }),
        await refusal({ databaseUrl: urlOf(server.user, "x", await findFreePort("127.0.0.1")) }),
        await refusal({ databaseUrl: "mysql://x" }),
        await refusal({ databaseUrl: urlOf(server.user, server.password), fresh: true }),
      ].map(({ code }) => code);
      expect(codes).toEqual([
        "LOCAL_DATABASE_REFUSED",
        "LOCAL_DATABASE_REFUSED",
        "LOCAL_DATABASE_RIGHTS",
        "LOCAL_DATABASE_UNREACHABLE",
        "LOCAL_DATABASE_URL",
        "LOCAL_FRESH_EXTERNAL",
      ]);
    } finally {
      await asAdmin((client) => client.query(`drop role ${role}`));
    }
  });

  async function dropPlatform(client: Client, name: string): Promise<void> {
    const { rows: databases } = await client.query<{ datname: string }>(
      "select datname from pg_database where datname like '%' || $1 || '%'",
      [name],
    );
    for (const { datname } of databases) await client.query(`drop database "${datname}" with (force)`);
    const { rows: roles } = await client.query<{ rolname: string }>(
      "select rolname from pg_roles where rolname like '%' || $1 || '%'",
      [name],
    );
    for (const { rolname } of roles) await client.query(`drop owned by "${rolname}"; drop role "${rolname}"`);
  }
});
