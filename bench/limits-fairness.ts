// One tenant at a hundred times its share against three with one connection each, through the whole
// API: how many of the others' requests succeed and how much longer they take than without it.
//
// The fair share of a tenant is one request at a time, like each of the others. The greedy tenant comes with
// a hundred connections that never pause; and, in the second case, with a hundred times the requests
// a second that its tier has, whether they are answered or not. Quiet and loaded rounds take
// turns, and each loaded round is compared with the quiet one before it: what the machine does besides
// hits both. The row "its share" shows what one more tenant of the others' kind costs them: nobody
// who serves the greedy tenant at all can stay below that. The same without limits has to miss.
//
//   node bench/limits-fairness.ts [rounds] [ms per round]
import { percentile } from "./harness/database-server.ts";
import { benchTenants, meteredPerSecond, meteredTenant, openBenchGateways } from "./harness/gateway.ts";
import { type HttpLoad, HttpLoader } from "./harness/http-load.ts";

const rounds = Number(process.argv[2] ?? 12);
const roundMs = Number(process.argv[3] ?? 1_500);
const excess = 100;
/** How much the others' p99 may grow beside the greedy tenant. */
const barGrowth = 1.5;
const [greedy, ...modest] = benchTenants;

await using gateways = await openBenchGateways("bench-fairness");
using loader = new HttpLoader();
await fill();

const path = "/v2/documents/notes?limit=50";
const greedyRequest = await gateways.request(greedy, path);
const meteredRequest = await gateways.request(meteredTenant, path);
const modestRequests = await Promise.all(modest.map((tenant) => gateways.request(tenant, path)));
// The greedy tenant's own requests wait longer than usual here, and are not refused for it.
const on = (await gateways.open({ waitingRequestsMax: 1_000, waitingTimeoutMs: 10_000 })).port;
const off = (await gateways.open("off")).port;

interface Case {
  readonly port: number;
  readonly greedy: Omit<HttpLoad, "port" | "durationMs"> | null;
}
const flood = { request: greedyRequest, connections: excess };
const cases: Readonly<Record<string, Case>> = {
  quiet: { port: on, greedy: null },
  "its share": { port: on, greedy: { request: greedyRequest, connections: 1 } },
  "100 connections": { port: on, greedy: flood },
  "100 x its rate": {
    port: on,
    greedy: { request: meteredRequest, connections: 1_200, perSecond: meteredPerSecond * excess },
  },
  "quiet, no limits": { port: off, greedy: null },
  "100, no limits": { port: off, greedy: flood },
};

interface Sample {
  readonly requests: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** p99 in relation to that of the quiet round before. */
  readonly growth: number;
  readonly greedyServed: number;
  readonly greedyRefused: number;
  readonly loaderLagMs: number;
}
const samples: Record<string, Sample[]> = {};
for (let round = -1; round < rounds; round += 1) {
  let quietMs = Number.NaN;
  for (const [name, item] of Object.entries(cases)) {
    const sample = await measure(item, quietMs);
    if (item.greedy === null) quietMs = sample.p99Ms;
    if (round >= 0) (samples[name] ??= []).push(sample);
  }
}

console.log(
  `${modest.length} tenants with 1 connection each beside a greedy one; medians of ${rounds} rounds of ${roundMs} ms\n`,
);
console.log(
  "greedy            others/s  failed  p50 ms  p99 ms  growth  (rounds)         greedy/s  refused/s  client's lag ms",
);
for (const name of Object.keys(cases)) report(name);
const p99 = (name: string) => percentile(of(name, "p99Ms"), 0.5);
console.log(
  `\np99 beside the greedy tenant / beside one more tenant that keeps to its share: ${(p99("100 connections") / p99("its share")).toFixed(2)}`,
);
const held = ["100 connections", "100 x its rate"].every(
  (name) => failed(name) === 0 && growth(name) <= barGrowth,
);
const isShown = growth("100, no limits") > barGrowth;
console.log(
  held && isShown
    ? `\nheld: nothing of the others failed, p99 at most ${barGrowth} times; without limits ${growth("100, no limits").toFixed(1)} times`
    : "\nMISSED",
);
process.exitCode = held && isShown ? 0 : 1;

async function measure({ port, greedy }: Case, quietMs: number): Promise<Sample> {
  const load = (one: Omit<HttpLoad, "port" | "durationMs">) => ({
    ...one,
    port,
    durationMs: roundMs,
    warmUpMs: 1_000,
  });
  const loads = modestRequests.map((request) => load({ request, connections: 1 }));
  const results = await loader.run(greedy === null ? loads : [...loads, load(greedy)]);
  const others = results.slice(0, modest.length);
  const requests = others.reduce((sum, one) => sum + one.requests, 0);
  const served = others.reduce((sum, { statuses }) => sum + (statuses["200"] ?? 0), 0);
  const latenciesMs = others.flatMap((one) => one.latenciesMs);
  const p99Ms = percentile(latenciesMs, 0.99);
  const greedyResult = results[modest.length];
  const greedyServed = greedyResult?.statuses["200"] ?? 0;
  return {
    requests,
    failed: requests - served,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms,
    growth: greedy === null ? 1 : p99Ms / quietMs,
    greedyServed,
    greedyRefused: (greedyResult?.requests ?? 0) - greedyServed,
    loaderLagMs: results[0]?.loaderLagMsP99 ?? 0,
  };
}

function report(name: string): void {
  const median = (figure: keyof Sample) => percentile(of(name, figure), 0.5);
  const perSecond = (figure: keyof Sample) => ((median(figure) / roundMs) * 1_000).toFixed(0);
  const growths = of(name, "growth");
  const spread = `(${percentile(growths, 0.1).toFixed(1)} to ${percentile(growths, 0.9).toFixed(1)})`;
  console.log(
    [
      name.padEnd(16),
      perSecond("requests").padStart(9),
      String(failed(name)).padStart(7),
      median("p50Ms").toFixed(1).padStart(7),
      median("p99Ms").toFixed(1).padStart(7),
      growth(name).toFixed(2).padStart(7),
      ` ${spread.padEnd(15)}`,
      perSecond("greedyServed").padStart(8),
      perSecond("greedyRefused").padStart(10),
      median("loaderLagMs").toFixed(1).padStart(16),
    ].join(" "),
  );
}

function of(name: string, figure: keyof Sample): readonly number[] {
  return (samples[name] ?? []).map((sample) => sample[figure]);
}

function failed(name: string): number {
  return of(name, "failed").reduce((sum, count) => sum + count, 0);
}

function growth(name: string): number {
  return percentile(of(name, "growth"), 0.5);
}

async function fill(): Promise<void> {
  for (const id of [...benchTenants, meteredTenant]) {
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
