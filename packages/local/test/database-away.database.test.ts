import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import { definePlatform, postgres, resolve, type TenantId, tier } from "@tenantry/model";
import {
  bootstrapDatabase,
  generateSigningKey,
  importSigningKey,
  issueToken,
  openTenantDatabase,
  startRuntime,
} from "@tenantry/runtime";
import { expect, test } from "vitest";
import { startPostgres } from "../src/postgres/start-postgres.ts";

// Goal: a database that goes away and comes back is survived without a restart of the server, no
// write that a client saw acknowledged is lost, and the service is back soon after the database.
// Method: the real server over a real PostgreSQL that is stopped and started twenty times, in turn
// orderly, at once, and by SIGKILL, while clients of each isolation write and read over HTTP.
// That the method can tell a loss: crash.database.test.ts loses rows where commits do not wait.

const rounds = 20;
const backWithinMs = 2_000;
const tenants = { "acme-corp": "pool", "globex-inc": "bridge", "initech-llc": "silo" } as const;
type TenantName = keyof typeof tenants;

interface Answer {
  readonly status: number;
  readonly id: string;
}

test(
  "S2.17: no acknowledged write is lost while the database goes away twenty times",
  { timeout: 240_000 },
  async () => {
    await using away = await startWorld();
    const { clients } = away;
    await clients.untilServed();
    const backMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await clients.writeMore(30);
      await away.stopDatabase(round);
      await systemClock.sleep(100 + 50 * (round % 4));
      await away.startDatabase();
      const startedMs = performance.now();
      await clients.untilServed();
      backMs.push(performance.now() - startedMs);
    }
    await clients.stop();
    const { acknowledged, unexpected } = clients;
    expect(unexpected).toEqual([]);
    for (const name of Object.keys(tenants) as TenantName[]) {
      const kept = await away.idsOf(name);
      expect(acknowledged[name].filter((id) => !kept.has(id))).toEqual([]);
      expect(acknowledged[name].length).toBeGreaterThanOrEqual(rounds * 5);
    }
    expect(Math.max(...backMs), `back after ${backMs.map(Math.round).join(", ")} ms`).toBeLessThan(
      backWithinMs,
    );
  },
);

async function startWorld() {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-away-"));
  // Started as root, PostgreSQL is another user: passable, so that its data stay in here and go with it.
  await chmod(folder, 0o755);
  const ports = { clock: systemClock, random: systemRandom };
  const open = (port?: number) =>
    startPostgres(
      { dataDir: join(folder, "postgres"), durability: "full", ...(port === undefined ? {} : { port }) },
      { ...ports, onEvent: () => undefined },
    );
  let server = await open();
  const { port } = server;
  const name = `away-${randomBytes(4).toString("hex")}`;
  const place = {
    server: { host: server.host, port, tls: "off" as const },
    admin: { user: server.user, password: server.password },
    platformName: name,
    secrets: { rolePassword: randomBytes(24).toString("hex"), seal: randomBytes(24).toString("hex") },
  };
  await bootstrapDatabase(place);
  const database = await openTenantDatabase(
    { ...place, poolSize: 6 },
    { ...ports, onEvent: () => undefined },
  );
  for (const [id, isolation] of Object.entries(tenants))
    await database.onboard({ id, tier: isolation, isolation });
  const signingKey = await generateSigningKey();
  const issuer = { url: "https://issuer.example.com", signingKey };
  const any = { host: "127.0.0.1", port: 0 };
  const runtime = await startRuntime(
    {
      platform: platformOf(name),
      gateway: any,
      control: any,
      hostSuffixes: ["localhost"],
      issuer,
      upstreams: {},
      apiLimits: { addressRequestsPerMinute: 10_000_000 },
    },
    { database, ...ports, log: () => undefined },
  );
  const key = await importSigningKey(signingKey);
  const tokenOf = (tenant: string) =>
    issueToken(
      key,
      {
        kind: "tenant",
        issuer: issuer.url,
        platform: name,
        subject: "ada",
        tenant: tenant as TenantId,
        role: "owner",
      },
      ports,
    );
  const clients = new Clients(Number(new URL(runtime.gatewayUrl).port), tokenOf);
  return {
    clients,
    async stopDatabase(round: number) {
      if (round % 3 === 2) process.kill(server.pid, "SIGKILL");
      await server.stop(round % 3 === 0 ? "fast" : "immediate");
    },
    async startDatabase() {
      server = await open(port);
    },
    async idsOf(tenant: TenantName) {
      const found = await database.registry.find(tenant);
      if (found === undefined) throw new Error(`the tenant ${tenant} is missing`);
      const rows = await database.store.read(found, (db) => db.selectFrom("documents").select("id"));
      return new Set(rows.map((row) => row.id));
    },
    async [Symbol.asyncDispose]() {
      await clients.stop();
      await runtime.drain();
      await database[Symbol.asyncDispose]();
      await server.stop("immediate");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function platformOf(name: string) {
  const limits = { requestsPerMinute: 10_000_000 };
  const definition = definePlatform({
    name,
    domain: "example.com",
    services: {},
    stores: { main: postgres({ database: "main" }) },
    tiers: {
      pool: tier({ limits }),
      bridge: tier({ stores: { main: "bridge" }, limits }),
      silo: tier({ stores: { main: "silo" }, limits }),
    },
    environments: { test: { region: "us-east-1" } },
  });
  return resolve(definition, "test");
}

/** Two writers and a reader for each tenant, which never stop asking. */
class Clients {
  readonly acknowledged: Readonly<Record<TenantName, string[]>> = {
    "acme-corp": [],
    "globex-inc": [],
    "initech-llc": [],
  };
  /** Answers that are neither success nor 503. */
  readonly unexpected: string[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: number;
  readonly #running: Promise<void>[];
  #isStopping = false;

  constructor(port: number, tokenOf: (tenant: string) => Promise<string>) {
    this.#port = port;
    const names = Object.keys(tenants) as TenantName[];
    this.#running = names.flatMap((name) => [
      this.#keepAsking(name, "POST", tokenOf(name)),
      this.#keepAsking(name, "POST", tokenOf(name)),
      this.#keepAsking(name, "GET", tokenOf(name)),
    ]);
  }

  /** Resolves once each tenant has had this many more writes acknowledged. */
  async writeMore(count: number): Promise<void> {
    const wanted = Object.entries(this.acknowledged).map(
      ([name, ids]) => [name, ids.length + count] as const,
    );
    while (wanted.some(([name, length]) => this.acknowledged[name as TenantName].length < length)) {
      await systemClock.sleep(5);
    }
  }

  /** Resolves when each tenant's writes are acknowledged again. */
  untilServed(): Promise<void> {
    return this.writeMore(1);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  async #keepAsking(tenant: TenantName, method: "GET" | "POST", token: Promise<string>): Promise<void> {
    const authorization = `Bearer ${await token}`;
    while (!this.#isStopping) {
      const answer = await this.#ask(tenant, method, authorization);
      if (answer.status === 201) this.acknowledged[tenant].push(answer.id);
      else if (answer.status !== 200) {
        if (answer.status !== 503) this.unexpected.push(`${method} ${tenant}: ${answer.status}`);
        await systemClock.sleep(20);
      }
    }
  }

  #ask(tenant: string, method: "GET" | "POST", authorization: string): Promise<Answer> {
    return new Promise((done, fail) => {
      const headers = { host: `${tenant}.localhost`, authorization, "content-type": "application/json" };
      const path = "/v2/documents/notes";
      const sent = httpRequest(
        { host: "127.0.0.1", port: this.#port, path, method, headers, agent: this.#agent },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => {
            const { id = "" } = JSON.parse(text) as { id?: string };
            done({ status: response.statusCode ?? 0, id });
          });
        },
      );
      sent.on("error", fail);
      sent.end(method === "POST" ? JSON.stringify({ body: { at: performance.now() } }) : undefined);
    });
  }
}
