// Goal: whatever stands in the way of a start is either cleared away or explained.
// Method: every situation is made for real, with the programs of PostgreSQL itself.
import { execFileSync, spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodedError, isCodedError, systemClock, systemRandom } from "@tenantry/base";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PostgresEvent } from "../events.ts";
import { findPackageFolder, findPostgresBinaries } from "./binaries.ts";
import { findFreePort } from "../process/ports.ts";
import { type PostgresOptions, type PostgresServer, startPostgres } from "./start-postgres.ts";
import { chooseServerUser } from "./server-user.ts";

const isRoot = process.getuid?.() === 0;

let scratch = "";
let dataDir = "";
let events: PostgresEvent[] = [];
let waiting: { readonly kind: string; readonly resolve: () => void }[] = [];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tenantry-postgres-"));
  await chmod(scratch, 0o755);
  dataDir = join(scratch, "data");
  events = [];
  waiting = [];
});
afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

function onEvent(event: PostgresEvent): void {
  events.push(event);
  for (const { kind, resolve } of waiting) if (kind === event.kind) resolve();
}

/** Resolves with the next event of that kind. */
function next(kind: PostgresEvent["kind"]): Promise<void> {
  return new Promise((resolve) => waiting.push({ kind, resolve }));
}

async function start(options: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
  const ports = { clock: systemClock, random: systemRandom, onEvent };
  return await startPostgres({ dataDir, durability: "fast", ...options }, ports);
}

async function refusal(options: Partial<PostgresOptions> = {}): Promise<CodedError> {
  const error: unknown = await start(options).then(
    (server) => server.stop().then(() => undefined),
    (reason: unknown) => reason,
  );
  if (!isCodedError(error)) throw new Error("the start was expected to be refused", { cause: error });
  return error;
}

async function query(server: PostgresServer, sql: string): Promise<Record<string, unknown>> {
  const { host, port, user, password } = server;
  const client = new Client({ host, port, user, password, database: "postgres" });
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows[0] ?? {};
  } finally {
    await client.end();
  }
}

async function listenSomewhere(): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe("a start", () => {
  test("creates a cluster with checksums, UTF-8, code point order and password authentication", async () => {
    await using server = await start({ durability: "full" });
    const found = await query(
      server,
      `select current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding,
              current_setting('fsync') as fsync, current_setting('password_encryption') as passwords,
              current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
              datlocprovider as provider, datlocale as locale, rolsuper as superuser
         from pg_database, pg_roles where datname = 'postgres' and rolname = current_user`,
    );
    expect(found).toEqual({
      checksums: "on",
      encoding: "UTF8",
      fsync: "on",
      passwords: "scram-sha-256",
      addresses: "127.0.0.1",
      sockets: "",
      provider: "b",
      locale: "C.UTF-8",
      superuser: true,
    });
    const stranger = new Client({
      host: server.host,
      port: server.port,
      user: server.user,
      password: "guess",
    });
    await expect(stranger.connect()).rejects.toMatchObject({ code: "28P01" });
    expect((await stat(join(dataDir, "server", "password"))).mode & 0o777).toBe(0o600);
  });

  test("keeps data, password and port from one run to the next", async () => {
    const first = await start();
    await query(first, "create table kept as select 42 as answer");
    const { port, password } = first;
    await first.stop();
    await using second = await start();
    expect(await query(second, "select answer from kept")).toEqual({ answer: 42 });
    expect([second.port, second.password]).toEqual([port, password]);
    expect(events.filter(({ kind }) => kind === "postgres-created")).toHaveLength(1);
  });

  test("takes another port when the remembered one is taken", async () => {
    await (await start()).stop();
    await using other = await listenSomewhere();
    await writeFile(join(dataDir, "port"), String(other.port));
    await using server = await start();
    expect(server.port).not.toBe(other.port);
    expect(await query(server, "select 1 as one")).toEqual({ one: 1 });
  });

  test("takes the settings that it is given", async () => {
    await using server = await start({ settings: { work_mem: "7MB", max_connections: "17" } });
    expect(
      await query(server, "select current_setting('work_mem') as w, current_setting('max_connections') as m"),
    ).toEqual({ w: "7MB", m: "17" });
  });

  test("removes what an interrupted set-up left and begins again", async () => {
    await mkdir(join(dataDir, "building-interrupted", "cluster"), { recursive: true });
    await writeFile(join(dataDir, "building-interrupted", "cluster", "PG_VERSION"), "18\n");
    await using server = await start();
    expect(await query(server, "select 1 as one")).toEqual({ one: 1 });
    expect((await readdir(dataDir)).filter((name) => name.startsWith("building"))).toEqual([]);
    expect(events[0]).toMatchObject({ kind: "postgres-interrupted-setup-removed" });
  });

  test("recognizes a lock whose process is another program now", async () => {
    await (await start()).stop();
    const lock = join(dataDir, "server", "cluster", "postmaster.pid");
    await writeFile(lock, `${process.pid}\n${join(dataDir, "server", "cluster")}\n1\n5432\n\n127.0.0.1\n`);
    await using server = await start();
    expect(await query(server, "select 1 as one")).toEqual({ one: 1 });
    expect(events).toContainEqual({ kind: "postgres-stale-lock-removed", pid: process.pid });
  });

  test("recognizes a lock that is empty", async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, "server", "cluster", "postmaster.pid"), "");
    await using server = await start();
    expect(await query(server, "select 1 as one")).toEqual({ one: 1 });
  });

  test.runIf(isRoot)(
    "goes elsewhere when the server's user cannot enter the folder, and stays there",
    async () => {
      const home = join(scratch, "home");
      await mkdir(home, { mode: 0o700 });
      const options = { dataDir: join(home, "data"), sharedDir: join(scratch, "shared") };
      const first = await start(options);
      await query(first, "create table kept as select 42 as answer");
      await first.stop();
      await chmod(home, 0o755);
      await using second = await start(options);
      expect(await query(second, "select answer from kept")).toEqual({ answer: 42 });
      expect(events.filter(({ kind }) => kind === "postgres-data-elsewhere")).toHaveLength(1);
      expect(
        (await readFile(join(home, "data", "moved-to"), "utf8")).startsWith(join(scratch, "shared")),
      ).toBe(true);
    },
  );

  test.runIf(isRoot)("copies the programs when the server's user cannot reach them", async () => {
    const user = await chooseServerUser(dataDir);
    const home = join(scratch, "home");
    await mkdir(home, { mode: 0o700 });
    await cp(findPackageFolder(), join(home, "linux-x64"), { recursive: true, verbatimSymlinks: true });
    const shared = join(scratch, "shared");
    const found = await findPostgresBinaries(user, shared, join(home, "linux-x64"));
    expect(found.postgres.startsWith(shared)).toBe(true);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    const again = await findPostgresBinaries(user, shared, join(home, "linux-x64"));
    expect(again).toEqual(found);
    expect(await readdir(shared)).toHaveLength(1);
  });
});

describe("a start is refused, with the reason and what to do,", () => {
  test("when the port is taken", async () => {
    await using other = await listenSomewhere();
    const error = await refusal({ port: other.port });
    expect(error.code).toBe("LOCAL_PORT_TAKEN");
    expect(error.message).toContain(String(other.port));
  });

  test("when the data belong to another major version", async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, "server", "cluster", "PG_VERSION"), "14\n");
    const error = await refusal();
    expect(error.code).toBe("LOCAL_DATA_VERSION");
    expect(error.message).toMatch(/PostgreSQL 14.*is 18/);
  });

  test("when the password is not the superuser's", async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, "server", "password"), "wrong\n");
    const error = await refusal();
    expect(error.code).toBe("LOCAL_POSTGRES_PASSWORD");
    // Nothing is left running: a start with the data as they are is refused for the same reason.
    expect((await refusal()).code).toBe("LOCAL_POSTGRES_PASSWORD");
  });

  test("when the password is lost", async () => {
    await (await start()).stop();
    await rm(join(dataDir, "server", "password"));
    expect((await refusal()).code).toBe("LOCAL_POSTGRES_PASSWORD");
  });

  test("when we run a server on the same data already", async () => {
    await using server = await start();
    const error = await refusal();
    expect(error.code).toBe("LOCAL_DATA_IN_USE");
    expect(error.params).toMatchObject({ pid: server.pid, owner: process.pid });
  });

  test("when a server that someone else started has the data", async () => {
    await (await start()).stop();
    const cluster = join(dataDir, "server", "cluster");
    const user = await chooseServerUser(cluster);
    const { postgres } = await findPostgresBinaries(user, scratch);
    const port = String(await findFreePort("127.0.0.1"));
    const foreign = spawn(postgres, ["-D", cluster, "-p", port, "-c", "unix_socket_directories="], {
      cwd: "/",
      env: {},
      stdio: ["ignore", "ignore", "pipe"],
      ...user?.ids,
    });
    const exited = new Promise((resolve) => foreign.once("exit", resolve));
    try {
      for await (const chunk of foreign.stderr) if (String(chunk).includes("ready to accept")) break;
      const error = await refusal();
      expect(error.code).toBe("LOCAL_DATA_IN_USE");
      expect(error.params).toMatchObject({ pid: foreign.pid, owner: null });
    } finally {
      foreign.kill("SIGINT");
      await exited;
    }
  });

  test("when the folder cannot be made", async () => {
    await writeFile(join(scratch, "file"), "");
    const error = await refusal({ dataDir: join(scratch, "file", "data") });
    expect(error.code).toBe("LOCAL_DATA_NOT_WRITABLE");
    expect(error.message).toContain(join(scratch, "file", "data"));
  });

  test("when a setting is not one of PostgreSQL's", async () => {
    const error = await refusal({ settings: { no_such_setting: "on" } });
    expect(error.code).toBe("LOCAL_POSTGRES_FAILED");
    expect(error.message).toContain("no_such_setting");
  });

  test("when the programs do not run on this machine", async () => {
    const folder = join(scratch, "package");
    await mkdir(join(folder, "native", "bin"), { recursive: true });
    await writeFile(join(folder, "native", "bin", "postgres"), "#!/nowhere/loader\n", { mode: 0o755 });
    await expect(findPostgresBinaries(null, scratch, folder)).rejects.toMatchObject({
      code: "LOCAL_POSTGRES_UNUSABLE",
      fix: expect.stringContaining("DATABASE_URL") as string,
    });
  });

  test.runIf(isRoot && canMount())("when the disk is full", async () => {
    await mkdir(dataDir);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=60m", "tmpfs", dataDir]);
    try {
      const error = await refusal();
      expect(error.code).toBe("LOCAL_DISK_FULL");
      expect(error.params).toMatchObject({ freeMiB: 60 });
    } finally {
      execFileSync("umount", [dataDir]);
    }
  });

  test.runIf(isRoot && canMount())("when the disk is read-only", async () => {
    await mkdir(dataDir);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=200m,ro", "tmpfs", dataDir]);
    try {
      expect((await refusal()).code).toBe("LOCAL_DATA_NOT_WRITABLE");
    } finally {
      execFileSync("umount", [dataDir]);
    }
  });
});

describe("a server that runs", () => {
  test("comes back on the same port when it is killed, without what was not committed", async () => {
    await using server = await start({ durability: "full" });
    await query(server, "create table kept as select 42 as answer");
    const { pid, port } = server;
    const restarted = next("postgres-ready");
    process.kill(pid, "SIGKILL");
    await restarted;
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
    expect(await query(server, "select answer from kept")).toEqual({ answer: 42 });
    expect(events).toContainEqual({ kind: "postgres-exited", pid, exitCode: null, signal: "SIGKILL" });
  });

  test("comes back although a session of the killed one is still busy", async () => {
    await using server = await start();
    const { host, port, user, password } = server;
    const busy = new Client({ host, port, user, password, database: "postgres" });
    busy.on("error", () => undefined);
    await busy.connect();
    const { rows } = await busy.query<{ pid: number }>("select pg_backend_pid() as pid");
    const lost = busy
      .query("do $$ begin perform count(*) from generate_series(1, 1e12::bigint); end $$")
      .then(
        () => "finished",
        () => "lost",
      );
    const restarted = next("postgres-ready");
    process.kill(server.pid, "SIGKILL");
    await restarted;
    expect(await lost).toBe("lost");
    expect(rows[0]?.pid).toBeGreaterThan(0);
    expect(await query(server, "select 1 as one")).toEqual({ one: 1 });
  });

  test("is given up after attempts that fail, with the reason", async () => {
    await using server = await start();
    const control = join(dataDir, "server", "cluster", "global", "pg_control");
    await rename(control, `${control}.away`);
    const failed = next("postgres-failed");
    process.kill(server.pid, "SIGKILL");
    await failed;
    expect(events.filter(({ kind }) => kind === "postgres-restarting")).toHaveLength(5);
    const last = events.at(-1);
    expect(last?.kind === "postgres-failed" && last.error.message).toMatch(
      /pg_control|could not find the database system/,
    );
  });

  test("can be stopped while it waits to come back", async () => {
    const server = await start();
    const exited = next("postgres-exited");
    process.kill(server.pid, "SIGKILL");
    await exited;
    await server.stop();
    await server.stop();
    await using again = await start();
    expect(await query(again, "select 1 as one")).toEqual({ one: 1 });
  });

  test("stops within its limits although a session keeps a transaction open", async () => {
    const server = await start();
    const { host, port, user, password } = server;
    const idle = new Client({ host, port, user, password, database: "postgres" });
    idle.on("error", () => undefined);
    await idle.connect();
    await idle.query("begin; create table undone ()");
    await server.stop();
    await using again = await start();
    expect(await query(again, "select to_regclass('undone') as found")).toEqual({ found: null });
  });
});

function canMount(): boolean {
  const dir = join(tmpdir(), `tenantry-mount-${process.pid}`);
  try {
    execFileSync("mkdir", [dir]);
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", dir], { stdio: "ignore" });
    execFileSync("umount", [dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    execFileSync("rm", ["-rf", dir]);
  }
}
