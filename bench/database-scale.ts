// What 10,000 registered tenants cost against one: finding a tenant, starting, and memory.
//
//   node bench/database-scale.ts [tenants]
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock, systemRandom } from "@tenantry/base";
import { bootstrapDatabase, openTenantDatabase, type TenantDatabase } from "@tenantry/runtime";
import { sealFingerprint } from "../packages/runtime/src/database/database-secrets.ts";
import { connectAdmin, dropPlatform, percentile, startBenchServer } from "./harness/database-server.ts";

const tenantsTotal = Number(process.argv[2] ?? 10_000);
const lookups = 2_000;
const starts = 5;
/** Cold look-ups and starts may take this many times what they take with one tenant; noise included. */
const barRatio = 1.5;
/** Memory that the cache of all tenants may hold. */
const memoryMiBMax = 32;

const secrets = { rolePassword: "bench-password", seal: "bench-seal" };
const ports = { clock: systemClock, random: systemRandom, onEvent: () => undefined };
const idOf = (index: number) => `tenant-${index}`;

interface Measured {
  readonly startMs: number;
  readonly coldMs: number;
  readonly warmMs: number;
  readonly absentMs: number;
  readonly memoryMiB: number;
}

await using bench = await startBenchServer();
const one = await prepare("bench-scale-one", 1);
const many = await prepare("bench-scale-many", tenantsTotal);
// In turns, so that what the machine does besides hits both.
const samples = { one: [] as Measured[], many: [] as Measured[] };
for (let round = 0; round < starts; round += 1) {
  samples.one.push(await measure(one.options, 1));
  samples.many.push(await measure(many.options, tenantsTotal));
}
await dropPlatform(bench, one.prefix);
await dropPlatform(bench, many.prefix);

const median = (of: readonly Measured[], key: keyof Measured) =>
  percentile(
    of.map((item) => item[key]),
    0.5,
  );
console.log(`medians of ${starts} starts    1 tenant  ${String(tenantsTotal).padStart(7)} tenants   ratio`);
const ratios = (["startMs", "coldMs", "warmMs", "absentMs", "memoryMiB"] as const).map((key) => {
  const [few, all] = [median(samples.one, key), median(samples.many, key)];
  console.log(
    `${key.padEnd(22)} ${few.toFixed(4).padStart(10)}  ${all.toFixed(4).padStart(15)}  ${(few === 0 ? "-" : (all / few).toFixed(2)).padStart(6)}`,
  );
  return [key, all, all / few] as const;
});
const isHeld = ratios.every(([key, value, ratio]) =>
  key === "memoryMiB" ? value <= memoryMiBMax : key === "warmMs" ? value < 0.05 : ratio <= barRatio,
);
console.log(
  isHeld
    ? `\nheld: start and look-ups within ${barRatio} times, memory within ${memoryMiBMax} MiB`
    : "\nMISSED",
);
process.exitCode = isHeld ? 0 : 1;

async function prepare(platformName: string, count: number) {
  const prefix = platformName.replaceAll("-", "_");
  await dropPlatform(bench, prefix);
  const options = { ...bench, platformName, secrets };
  await bootstrapDatabase(options);
  const admin = await connectAdmin(bench, prefix);
  // Onboarding one by one is measured elsewhere; here only their number counts.
  await admin.query(
    `insert into tenantry.tenants (tenant_id, tier, isolation, status, cell, slot, schema_version, sealed_with)
     select 'tenant-' || i, 'any', 'pool', 'active', 1, i + 1, 1, $2 from generate_series(0, $1 - 1) i`,
    [count, sealFingerprint(secrets)],
  );
  await admin.query(
    "insert into tenantry.seals (tenant_id, seal) select tenant_id, tenant_id from tenantry.tenants",
  );
  await admin.query("vacuum analyze tenantry.tenants, tenantry.seals");
  await admin.end();
  return { options, prefix };
}

async function measure(options: Parameters<typeof openTenantDatabase>[0], count: number): Promise<Measured> {
  const start = performance.now();
  await using database = await openTenantDatabase(options, ports);
  const startMs = performance.now() - start;
  await database.registry.find("not-there");
  const before = memoryMiB();
  const cold = count === 1 ? [] : await lookUp(database, count);
  const memory = Math.max(0, memoryMiB() - before);
  // With one tenant there is one cold look-up per start; a tenant that is absent asks the database likewise.
  const absent = await lookUpAbsent(database);
  await lookUp(database, Math.min(count, lookups));
  const warm = await lookUp(database, Math.min(count, lookups));
  return {
    startMs,
    coldMs: percentile(cold.length === 0 ? absent : cold, 0.5),
    warmMs: percentile(warm.length === 0 ? [0] : warm, 0.5),
    absentMs: percentile(absent, 0.5),
    memoryMiB: memory,
  };
}

async function lookUp(database: TenantDatabase, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    const tenant = await database.registry.find(idOf(index));
    times.push(performance.now() - start);
    if (tenant === undefined) throw new Error(`${idOf(index)} is not there`);
  }
  return times;
}

async function lookUpAbsent(database: TenantDatabase): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < lookups; index += 1) {
    const start = performance.now();
    await database.registry.find(`absent-${index}`);
    times.push(performance.now() - start);
  }
  return times;
}

/** The heap in use after what is garbage has been collected. */
function memoryMiB(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
