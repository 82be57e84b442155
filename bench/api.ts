// What the full path of a request leaves of bare Fastify's throughput: point read, page of 50 and
// write, authenticated, limited and isolated, against the same driver, statements, table and data
// without any of that.
//
// Each server has a process of its own, the clients have one, and the servers take turns, so that
// whoever is measured finds the same machine and the same PostgreSQL. As many tenants as there are
// send requests at once; what the bare server does for one tenant or for many is the same.
//
//   node bench/api.ts [rounds] [ms per round] [connections] [tenants]
//   API_CASES=write,… measures only these; API_PROFILE=folder writes a CPU profile of the runtime there
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import { bootstrapDatabase, openTenantDatabase } from "@tenantry/runtime";
import type { TenantId } from "@tenantry/model";
import { issueToken } from "../packages/runtime/src/identity/issue-token.ts";
import { generateSigningKey, importSigningKey } from "../packages/runtime/src/identity/signing-key.ts";
import type { ApiServerConfig } from "./harness/api-server.ts";
import { dropPlatform, percentile, startBenchServer } from "./harness/database-server.ts";
import { benchTenants } from "./harness/gateway.ts";
import { HttpLoader } from "./harness/http-load.ts";

const rounds = Number(process.argv[2] ?? 24);
const roundMs = Number(process.argv[3] ?? 500);
const connections = Number(process.argv[4] ?? 32);
const tenants = benchTenants.slice(0, Number(process.argv[5] ?? benchTenants.length));
/** Throughput of the full path / throughput of bare Fastify, in each case. */
const barRatio = 0.7;
const rowsPerTenant = 1_000;

const platformName = "bench-api";
const prefix = "bench_api";
const issuer = "https://issuer.example.com";
const kinds = ["runtime", "bare"] as const;
type Kind = (typeof kinds)[number];

await using bench = await startBenchServer();
await dropPlatform(bench, prefix);
const secrets = { rolePassword: "bench-password", seal: "bench-seal" };
const signingKey = await generateSigningKey();
await bootstrapDatabase({ ...bench, platformName, secrets });
await fill();

const config: Omit<ApiServerConfig, "kind"> = {
  server: bench.server,
  admin: bench.admin,
  platformName,
  database: prefix,
  secrets,
  issuer,
  signingKey,
  poolSize: 10,
};
const servers = { runtime: await start("runtime"), bare: await start("bare") };
const tokens = new Map<string, string>();
for (const tenant of tenants) tokens.set(tenant, await tokenOf(tenant));

const ids = Array.from({ length: 100 }, (_, index) => idOf(index * 7));
const body = JSON.stringify({ body: { title: "Rooftop inspection", done: false, tags: ["site-4"] } });
const cases = {
  "point read": (tenant: string) => ids.map((id) => get(tenant, `/v2/documents/notes/${id}`)),
  "page of 50": (tenant: string) => [get(tenant, "/v2/documents/notes?limit=50")],
  write: (tenant: string) => [
    `POST /v2/documents/new HTTP/1.1\r\n${fields(tenant)}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ],
} as const;
type Case = keyof typeof cases;
const wanted = process.env["API_CASES"]?.split(",");
const measured = (Object.keys(cases) as Case[]).filter((name) => wanted?.includes(name) !== false);

interface Sample {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** The server's own, without PostgreSQL's. */
  readonly cpuUs: number;
}
using loader = new HttpLoader();
const missed: string[] = [];
console.log(
  `${tenants.length} tenants, ${connections} connections, ${rounds} rounds of ${roundMs} ms for each; medians\n`,
);
console.log("case        runtime/s   bare/s  ratio  (rounds)       p99 ms   bare  CPU µs   bare");
for (const name of measured) {
  const samples: Record<Kind, Sample[]> = { runtime: [], bare: [] };
  for (let round = -2; round < rounds; round += 1) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const sample = await measure(name, kind);
      if (round >= 0) samples[kind].push(sample);
    }
  }
  const ratio = report(name, samples);
  if (ratio < barRatio) missed.push(`${name} ${ratio.toFixed(2)}`);
}
for (const { child } of Object.values(servers)) {
  child.kill("SIGTERM");
  await once(child, "exit");
}
await dropPlatform(bench, prefix);
console.log(
  missed.length === 0
    ? `\nheld: at least ${barRatio} of the throughput in every case`
    : `\nMISSED: ${missed.join(", ")}`,
);
process.exitCode = missed.length === 0 ? 0 : 1;

async function measure(name: Case, kind: Kind): Promise<Sample> {
  const cpuBefore = await cpuUsOf(kind);
  const results = await loader.run(
    tenants.map((tenant) => ({
      port: servers[kind].port,
      request: cases[name](tenant),
      connections: Math.ceil(connections / tenants.length),
      durationMs: roundMs,
    })),
  );
  const cpuAfter = await cpuUsOf(kind);
  const success = name === "write" ? "201" : "200";
  for (const { statuses } of results) {
    if (Object.keys(statuses).join() !== success)
      throw new Error(`${kind} answered ${JSON.stringify(statuses)}`);
  }
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  const latenciesMs = results.flatMap((result) => result.latenciesMs);
  return {
    perSecond: (requests / roundMs) * 1_000,
    p99Ms: percentile(latenciesMs, 0.99),
    cpuUs: (cpuAfter - cpuBefore) / requests,
  };
}

async function cpuUsOf(kind: Kind): Promise<number> {
  const { child } = servers[kind];
  child.send("cpu");
  const [{ user, system }] = (await once(child, "message")) as [NodeJS.CpuUsage];
  return user + system;
}

/** The ratio of a pair that was measured together, and of these the median: both found the same machine. */
function report(name: string, { runtime, bare }: Record<Kind, Sample[]>): number {
  const ratios = runtime.map((sample, index) => sample.perSecond / (bare[index]?.perSecond ?? Number.NaN));
  const ratio = percentile(ratios, 0.5);
  const median = (samples: readonly Sample[], figure: keyof Sample) =>
    percentile(
      samples.map((sample) => sample[figure]),
      0.5,
    );
  const whole = (value: number) => value.toFixed(0).padStart(8);
  const spread = `(${percentile(ratios, 0.1).toFixed(2)} to ${percentile(ratios, 0.9).toFixed(2)})`;
  console.log(
    `${name.padEnd(11)} ${whole(median(runtime, "perSecond"))}  ${whole(median(bare, "perSecond"))}  ${ratio.toFixed(2).padStart(5)}  ${spread.padEnd(14)} ${median(runtime, "p99Ms").toFixed(1).padStart(6)} ${median(bare, "p99Ms").toFixed(1).padStart(6)} ${whole(median(runtime, "cpuUs")).slice(1)} ${whole(median(bare, "cpuUs")).slice(2)}`,
  );
  return ratio;
}

function get(tenant: string, path: string): string {
  return `GET ${path} HTTP/1.1\r\n${fields(tenant)}\r\n`;
}

function fields(tenant: string): string {
  return `host: ${tenant}.localhost\r\nauthorization: Bearer ${tokens.get(tenant)}\r\n`;
}

function idOf(index: number): string {
  return `0197a5f0-3c7e-7a10-9d5b-${String(index).padStart(12, "0")}`;
}

async function start(kind: Kind): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const profile = process.env["API_PROFILE"];
  const execArgv =
    profile === undefined || kind !== "runtime" ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const child = fork(join(import.meta.dirname, "harness/api-server.ts"), { execArgv });
  child.send({ ...config, kind });
  const [port] = (await once(child, "message")) as [number];
  return { child, port };
}

async function tokenOf(tenant: string): Promise<string> {
  const who = { kind: "tenant", issuer, platform: platformName, subject: "bench", role: "owner" } as const;
  const ports = { clock: systemClock, random: systemRandom };
  return issueToken(await importSigningKey(signingKey), { ...who, tenant: tenant as TenantId }, ports);
}

async function fill(): Promise<void> {
  await using database = await openTenantDatabase(
    { ...bench, platformName, secrets },
    { clock: systemClock, random: systemRandom, onEvent: () => undefined },
  );
  for (const id of tenants) {
    const tenant = await database.onboard({ id: id as TenantId, tier: "pool", isolation: "pool" });
    const rows = Array.from({ length: rowsPerTenant }, (_, index) => ({
      tenant_id: tenant.id,
      collection: "notes",
      id: idOf(index),
      body: JSON.stringify({ title: `note ${index}`, done: index % 2 === 0, tags: ["site-4"] }),
    }));
    await database.store.transact(tenant, (db) =>
      db.insertInto("documents").values(rows).returning("version"),
    );
  }
}
