// A million requests of 1,000 tenants through a pool of 10 sessions, with aborts, timeouts, failures
// and broken connections: no request may see a foreign row.
//
//   node bench/database-pool.ts [requests] [tenants] [seed]
import { seededRandom, systemClock, systemRandom } from "@tenantry/base";
import { bootstrapDatabase, openTenantDatabase, type Tenant } from "@tenantry/runtime";
import { loadRow, rowsPerTenant, runLoad } from "../packages/runtime/test/database/load.ts";
import { startTcpProxy } from "../packages/runtime/test/database/tcp-proxy.ts";
import { connectAdmin, dropPlatform, startBenchServer } from "./harness/database-server.ts";

const requests = Number(process.argv[2] ?? 1_000_000);
const tenantsTotal = Number(process.argv[3] ?? 1_000);
const seed = Number(process.argv[4] ?? 7);
/** One tenant in fifty has a schema of its own, in the same pool of sessions. */
const bridgeEvery = 50;
const poolSize = 10;
const concurrency = 50;

const platformName = "bench-pool";
const prefix = "bench_pool";
const secrets = { rolePassword: "bench-password", seal: "bench-seal" };

await using bench = await startBenchServer();
await dropPlatform(bench, prefix);
await bootstrapDatabase({ ...bench, platformName, secrets });
await using proxy = await startTcpProxy(bench.server);
await using database = await openTenantDatabase(
  {
    ...bench,
    server: { ...bench.server, host: "127.0.0.1", port: proxy.port },
    platformName,
    secrets,
    poolSize,
  },
  { clock: systemClock, random: systemRandom, onEvent: () => undefined },
);
const tenants = await onboardAll();
const admin = await connectAdmin(bench, prefix);

const random = seededRandom(seed);
const start = performance.now();
const result = await runLoad({
  store: database.store,
  tenants,
  requests,
  concurrency,
  random,
  disturbEvery: 1_000,
  disturb: async () => {
    proxy.reset();
    if (random.below(4) === 0) proxy.breakAll();
    else {
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 order by random() limit 1",
        [`${prefix}_app`],
      );
    }
  },
  onProgress: (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} requests`);
  },
});
const durationS = (performance.now() - start) / 1000;
await admin.end();

console.log(
  `${requests} requests, ${tenantsTotal} tenants, ${poolSize} sessions, ${concurrency} at once, seed ${seed}`,
);
console.log(
  `${durationS.toFixed(0)} s, ${Math.round(requests / durationS)} requests/s, ${result.rows} rows\n`,
);
for (const [outcome, count] of Object.entries(result.outcomes).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${String(count).padStart(9)}  ${outcome}`);
}
console.log(`${String(result.foreignRows).padStart(9)}  foreign rows`);
for (const witness of result.witnesses) console.log(`           ${witness}`);
await database[Symbol.asyncDispose]();
await dropPlatform(bench, prefix);
const isHeld = result.foreignRows === 0 && result.rows > requests;
console.log(isHeld ? "\nheld: no foreign row" : "\nMISSED");
process.exitCode = isHeld ? 0 : 1;

async function onboardAll(): Promise<readonly Tenant[]> {
  const onboarded: Tenant[] = [];
  for (let index = 0; index < tenantsTotal; index += 1) {
    const isolation = index % bridgeEvery === 0 ? "bridge" : "pool";
    const tenant = await database.onboard({ id: `tenant-${index}`, tier: "any", isolation });
    const rows = Array.from({ length: rowsPerTenant }, (_, row) => loadRow(tenant.id, row));
    await database.store.transact(tenant, (db) => db.insertInto("documents").values(rows));
    onboarded.push(tenant);
  }
  return onboarded;
}
