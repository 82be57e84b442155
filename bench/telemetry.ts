// What telemetry costs: the point read with metrics and logs, and with traces, against the same
// gateway code without any of it, in one run, interleaved.
//
//   node bench/telemetry.ts [rounds] [ms per round]
import { mkdtemp, rm, stat } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { systemClock, systemRandom } from "@tenantry/base";
import { RotatingFile } from "../packages/local/src/engine/rotating-file.ts";
import { createJsonLog } from "../packages/runtime/src/telemetry/json-log.ts";
import { createTelemetry, type Telemetry } from "../packages/runtime/src/telemetry/telemetry.ts";
import { percentile } from "./harness/database-server.ts";
import { benchPlatform, openBenchGateways } from "./harness/gateway.ts";
import { HttpLoader } from "./harness/http-load.ts";

const rounds = Number(process.argv[2] ?? 40);
const roundMs = Number(process.argv[3] ?? 300);
const barRatio = 0.93;
const kinds = ["off", "on", "traces 1 %", "traces 100 %"] as const;
type Kind = (typeof kinds)[number];

interface Sample {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p99Ms: number;
}

if (isMainThread) await measure();
else receiveTraces();

async function measure(): Promise<void> {
  await using gateways = await openBenchGateways("bench-telemetry");
  using loader = new HttpLoader();
  const folder = await mkdtemp(join(tmpdir(), "tenantry-bench-"));
  const receiver = new Worker(new URL(import.meta.url), { execArgv: [] });
  const endpoint = await new Promise<string>((resolve) => receiver.once("message", resolve));
  const path = join(folder, "runtime.jsonl");
  const file = new RotatingFile({ path, bytesMax: 10 * 1024 * 1024, filesMax: 5 });
  const json = createJsonLog({ destination: file, clock: systemClock });
  const telemetries: Telemetry[] = [];
  const open = async (samplePercent: number | null) => {
    const tracing =
      samplePercent === null
        ? undefined
        : { endpoint, samplePercent, highVolumeSamplePercent: samplePercent };
    const telemetry = await createTelemetry({
      platform: benchPlatform("bench-telemetry"),
      metrics: {},
      tracing,
      trustedProxies: 0,
      clock: systemClock,
      random: systemRandom,
      log: json.log,
    });
    telemetries.push(telemetry);
    return (await gateways.open({}, telemetry)).port;
  };
  const ports: Record<Kind, number> = {
    off: (await gateways.open({}, "off")).port,
    on: await open(null),
    "traces 1 %": await open(1),
    "traces 100 %": await open(100),
  };
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
  const sample = async (kind: Kind): Promise<Sample> => {
    const cpu = process.cpuUsage();
    const load = { port: ports[kind], request, connections: 32, durationMs: roundMs };
    const [result] = await loader.run([load]);
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
  console.log(`point read, ${rounds} rounds of ${roundMs} ms each, 32 connections of one tenant`);
  for (const kind of [...kinds, ...kinds]) await sample(kind);
  const samples = new Map<Kind, Sample[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Who goes first finds another machine than who goes second, so they take turns.
    const turn = round % kinds.length;
    for (const kind of [...kinds.slice(turn), ...kinds.slice(0, turn)]) {
      samples.get(kind)?.push(await sample(kind));
    }
  }
  report(samples);
  await json.flush();
  const spans = telemetries.map(({ tracing }) => tracing?.load.waiting ?? 0).join(", ");
  console.log(`  the log's file has ${(await stat(path)).size} bytes; spans that wait: ${spans}`);
  for (const telemetry of telemetries) await telemetry[Symbol.asyncDispose]();
  await file[Symbol.asyncDispose]();
  await receiver.terminate();
  await rm(folder, { recursive: true, force: true });
}

function report(samples: ReadonlyMap<Kind, readonly Sample[]>): void {
  const of = (kind: Kind) => samples.get(kind) ?? [];
  const median = (kind: Kind, figure: keyof Sample) =>
    percentile(
      of(kind).map((one) => one[figure]),
      0.5,
    );
  // Each round compares what it measured itself: other rounds may have had another machine.
  const ratio = (kind: Kind) =>
    percentile(
      of(kind).map(({ perSecond }, round) => perSecond / (of("off")[round]?.perSecond ?? Number.NaN)),
      0.5,
    );
  console.log("  telemetry     requests/s  CPU µs/request  p99 ms  ratio");
  for (const kind of kinds) {
    console.log(
      `  ${kind.padEnd(12)}  ${median(kind, "perSecond").toFixed(0).padStart(10)}  ${median(kind, "cpuUs").toFixed(0).padStart(14)}  ${median(kind, "p99Ms").toFixed(1).padStart(6)}  ${ratio(kind).toFixed(3)}`,
    );
  }
  const held = ratio("on") >= barRatio;
  console.log(held ? `\nheld: metrics and logs leave at least ${barRatio} of the throughput` : "\nMISSED");
  process.exitCode = held ? 0 : 1;
}

/** An OTLP receiver on a thread of its own, which takes everything and keeps nothing. */
function receiveTraces(): void {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
  });
  server.listen(0, "127.0.0.1", () => {
    parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, []);
  });
}
