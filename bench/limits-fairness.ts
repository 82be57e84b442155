// One tenant with a hundred connections against three with one each, through the whole API: how many
// of the others' requests succeed and how long they take, with fair admission and without.
//
//   node bench/limits-fairness.ts [rounds] [ms per round]
import { percentile } from "./harness/database-server.ts";
import { benchTenants, openBenchGateways } from "./harness/gateway.ts";
import { HttpLoader, type HttpLoadResult } from "./harness/http-load.ts";

const rounds = Number(process.argv[2] ?? 6);
const roundMs = Number(process.argv[3] ?? 1_500);
const greedyConnections = 100;
/** How much the others' p99 may grow beside the greedy tenant. */
const barGrowth = 1.5;
const [greedy, ...modest] = benchTenants;

await using gateways = await openBenchGateways("bench-fairness");
using loader = new HttpLoader();
await fill();

const path = "/v2/documents/notes?limit=50";
const greedyRequest = await gateways.request(greedy, path);
const modestRequests = await Promise.all(modest.map((tenant) => gateways.request(tenant, path)));
// The greedy tenant's own requests wait longer than usual here, and are not refused for it.
const fair = { waitingRequestsMax: 1_000, waitingTimeoutMs: 10_000 };
const ports = { fair: (await gateways.open(fair)).port, off: (await gateways.open("off")).port };

interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}
const samples: Record<string, HttpLoadResult[]> = {};
for (let round = -1; round < rounds; round += 1) {
  for (const kind of ["fair", "off"] as const) {
    for (const isLoaded of [false, true]) {
      const loads = modestRequests.map((request) => load(kind, request, 1));
      const results = await loader.run(
        isLoaded ? [load(kind, greedyRequest, greedyConnections), ...loads] : loads,
      );
      if (round < 0) continue;
      (samples[`${kind} ${isLoaded ? "loaded" : "quiet"}`] ??= []).push(...results.slice(isLoaded ? 1 : 0));
      if (isLoaded) (samples[`${kind} greedy`] ??= []).push(...results.slice(0, 1));
    }
  }
}

console.log(`${modest.length} tenants with 1 connection each; the loaded rows beside one with 100\n`);
console.log("admission  others are  requests/s   p50 ms   p99 ms  failed   greedy requests/s");
const figures = Object.fromEntries(Object.entries(samples).map(([name, results]) => [name, of(results)]));
for (const kind of ["fair", "off"]) {
  for (const state of ["quiet", "loaded"]) {
    const { perSecond, p50Ms, p99Ms, failed } = figureOf(`${kind} ${state}`);
    const greedyPerSecond = state === "loaded" ? figureOf(`${kind} greedy`).perSecond.toFixed(0) : "";
    console.log(
      `${kind.padEnd(9)}  ${state.padEnd(10)}  ${perSecond.toFixed(0).padStart(10)}  ${p50Ms.toFixed(1).padStart(7)}  ${p99Ms.toFixed(1).padStart(7)}  ${String(failed).padStart(6)}  ${greedyPerSecond.padStart(18)}`,
    );
  }
}
const growth = (kind: string) => figureOf(`${kind} loaded`).p99Ms / figureOf(`${kind} quiet`).p99Ms;
console.log(
  `\np99 of the others grows ${growth("fair").toFixed(1)} times with fair admission, ${growth("off").toFixed(1)} times without`,
);
const isWithinBar = figureOf("fair loaded").failed === 0 && growth("fair") <= barGrowth;
console.log(isWithinBar ? `held: nothing of the others failed, p99 at most ${barGrowth} times` : "MISSED");
process.exitCode = isWithinBar ? 0 : 1;

function load(kind: "fair" | "off", request: string, connections: number) {
  return { port: ports[kind], request, connections, durationMs: roundMs };
}

function figureOf(name: string): Figures {
  const found = figures[name];
  if (found === undefined) throw new Error(`nothing was measured as ${name}`);
  return found;
}

function of(results: readonly HttpLoadResult[]): Figures {
  const latenciesMs = results.flatMap((result) => result.latenciesMs);
  const served = results.reduce((sum, { statuses }) => sum + (statuses["200"] ?? 0), 0);
  const asked = results.reduce((sum, { requests }) => sum + requests, 0);
  return {
    perSecond: (asked / (rounds * roundMs)) * 1_000,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    failed: asked - served,
  };
}

async function fill(): Promise<void> {
  for (const id of benchTenants) {
    const tenant = await gateways.database.registry.find(id);
    if (tenant === undefined) throw new Error(`the tenant ${id} is missing`);
    const rows = Array.from({ length: 200 }, (_, index) => ({
      tenant_id: tenant.id,
      collection: "notes",
      id: `0197a5f0-3c7e-7a10-9d5b-${String(index).padStart(12, "0")}`,
      body: JSON.stringify({ title: `note ${index}` }),
    }));
    await gateways.database.store.transact(tenant, (db) =>
      db.insertInto("documents").values(rows).returning("version"),
    );
  }
}
