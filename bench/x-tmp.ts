// What limits cost: a decision in memory, and the point read with and without limits through the
// same gateway code in one run, interleaved.
//
//   node bench/limits-gcra.ts [rounds] [ms per round]
import { seededRandom, systemClock } from "@tenantry/base";
import { perMinute } from "../packages/runtime/src/limits/gcra.ts";
import { MemoryRateBuckets } from "../packages/runtime/src/limits/memory-rate-buckets.ts";
import { percentile } from "./harness/database-server.ts";
import { openBenchGateways } from "./harness/gateway.ts";
import { HttpLoader } from "./harness/http-load.ts";

const rounds = Number(process.argv[2] ?? 40);
const roundMs = Number(process.argv[3] ?? 300);
const barRatio = 0.95;
const decisionNsMax = 2_000;

console.log("a decision in memory");
let isWithinBar = true;
for (const keys of [1, 1_000, 100_000]) {
  const ns = measureDecision(keys);
  isWithinBar &&= ns <= decisionNsMax;
  console.log(
    `  ${String(keys).padStart(7)} keys  ${ns.toFixed(0).padStart(5)} ns  ${(1e3 / ns).toFixed(1)} M/s`,
  );
}

console.log(`\npoint read, ${rounds} rounds of ${roundMs} ms each, 32 connections of one tenant`);
const ratio = await measurePointRead();
isWithinBar &&= ratio >= barRatio;
console.log(
  isWithinBar ? `\nheld: at least ${barRatio} of the throughput, at most 2 µs a decision` : "\nMISSED",
);
process.exitCode = isWithinBar ? 0 : 1;

/** @returns nanoseconds, the median of nine runs */
function measureDecision(keys: number): number {
  const buckets = new MemoryRateBuckets({ clock: systemClock, bucketsMax: 200_000 });
  const rate = perMinute(600);
  const random = seededRandom(5);
  const decisions = 200_000;
  const names = Array.from({ length: decisions }, () => `tenant-${random.below(keys)}/requests`);
  const samples = Array.from({ length: 9 }, () => {
    const startMs = systemClock.monotonicMs();
    for (const name of names) buckets.take(name, rate, 1);
    return ((systemClock.monotonicMs() - startMs) * 1e6) / decisions;
  });
  return percentile(samples, 0.5);
}

/** @returns throughput with limits / without, over all rounds, each of which measures both */
async function measurePointRead(): Promise<number> {
  await using gateways = await openBenchGateways("bench-limits");
  using loader = new HttpLoader();
  const tenant = await gateways.database.registry.find("acme-corp");
  if (tenant === undefined) throw new Error("the tenant is missing");
  const id = "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37";
  await gateways.database.store.transact(tenant, (db) =>
    db
      .insertInto("documents")
      .values({ tenant_id: tenant.id, collection: "notes", id, body: '{"title": "one"}' })
      .returning("version"),
  );
  const request = await gateways.request("acme-corp", `/v2/documents/notes/${id}`);
  const ports = { on: (await gateways.open({ requestsInFlightMax: 16 })).port, off: (await gateways.open("off")).port };
  const measure = async (kind: "on" | "off") => {
    const cpu = process.cpuUsage();
    const [result] = await loader.run([{ port: ports[kind], request, connections: 32, durationMs: roundMs }]);
    if (result === undefined || Object.keys(result.statuses).join() !== "200") {
      throw new Error(`not every answer was 200: ${JSON.stringify(result?.statuses)}`);
    }
    const { user, system } = process.cpuUsage(cpu);
    return {
      perSecond: (result.requests / roundMs) * 1_000,
      cpuUs: (user + system) / result.requests,
      p99Ms: percentile(result.latenciesMs, 0.99),
    };
  };
  for (const kind of ["on", "off", "on", "off"] as const) await measure(kind);
  const samples: Record<"on" | "off", Awaited<ReturnType<typeof measure>>[]> = { on: [], off: [] };
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first finds another machine than who goes second, so they take turns.
    for (const kind of round % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
      samples[kind].push(await measure(kind));
    }
  }
  const median = (kind: "on" | "off", figure: "perSecond" | "cpuUs" | "p99Ms") =>
    percentile(
      samples[kind].map((sample) => sample[figure]),
      0.5,
    );
  console.log("  limits  requests/s  CPU µs/request  p99 ms");
  for (const kind of ["on", "off"] as const) {
    console.log(
      `  ${kind.padEnd(6)}  ${median(kind, "perSecond").toFixed(0).padStart(10)}  ${median(kind, "cpuUs").toFixed(0).padStart(14)}  ${median(kind, "p99Ms").toFixed(1).padStart(6)}`,
    );
  }
  const sum = (kind: "on" | "off") => samples[kind].reduce((total, { perSecond }) => total + perSecond, 0);
  const ratio = sum("on") / sum("off");
  console.log(`  ratio of throughput ${ratio.toFixed(3)}`);
  return ratio;
}
