// What row-level security costs: a million rows of 1,000 tenants, the same statements through the
// same client code in the same number of round trips, with it and without it, interleaved.
// A third column leaves the tenant's setting out as well.
//
//   node bench/database-rls.ts [rows] [rounds]
import { systemRandom, seededRandom } from "@tenantry/base";
import { bootstrapDatabase } from "@tenantry/runtime";
import { rolePassword, Sealer } from "../packages/runtime/src/database/database-secrets.ts";
import type { Statement } from "../packages/runtime/src/tenant-store/batch.ts";
import { TenantConnection, type TransactionScope } from "../packages/runtime/src/tenant-store/tenant-connection.ts";
import { connectAdmin, dropPlatform, percentile, startBenchServer } from "./harness/database-server.ts";

const rowsTotal = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3_000);
const tenantsTotal = 1_000;
const rowsPerTenant = rowsTotal / tenantsTotal;
const barRatio = 1.1;

const platformName = "bench-rls";
const prefix = "bench_rls";
const secrets = { rolePassword: "bench-password", seal: "bench-seal" };
const random = seededRandom(7);
const tenantOf = (index: number) => `tenant-${String(index).padStart(4, "0")}`;

await using bench = await startBenchServer();
await dropPlatform(bench, prefix);
await bootstrapDatabase({ ...bench, platformName, secrets });
await fill();

const options = {
  server: bench.server,
  credentials: { user: `${prefix}_app`, password: rolePassword(secrets, `${prefix}_app`) },
  database: prefix,
  random: systemRandom,
  preparedMax: 100,
};
const sealer = new Sealer(secrets, prefix);
// A connection for each kind, so that neither pays for the other's prepared statements.
const kinds = ["rls", "plain", "bare"] as const;
const connections = {
  rls: await TenantConnection.open(options),
  plain: await TenantConnection.open(options),
  bare: await TenantConnection.open(options),
};

interface Case {
  readonly name: string;
  readonly mode: TransactionScope["mode"];
  readonly rounds: number;
  readonly make: (table: string, tenant: string, round: number) => Statement;
}
const keep = (text: string, values: readonly unknown[]): Statement => ({ text, values, rows: "keep" });
const page = (limit: number): Case => ({
  name: `page of ${limit}`,
  mode: "read",
  rounds,
  make: (table, tenant) =>
    keep(
      `select id, body from ${table} where tenant_id = $1 and collection = 'notes' and id > $2 order by id limit ${limit}`,
      [tenant, randomId()],
    ),
});
const cases: readonly Case[] = [
  {
    name: "point read",
    mode: "read",
    rounds,
    make: (table, tenant) =>
      keep(`select body from ${table} where tenant_id = $1 and collection = 'notes' and id = $2`, [tenant, randomId()]),
  },
  page(20),
  page(50),
  {
    name: "count",
    mode: "read",
    rounds: Math.ceil(rounds / 3),
    make: (table, tenant) => keep(`select count(*) from ${table} where tenant_id = $1 and collection = 'notes'`, [tenant]),
  },
  {
    name: "insert",
    mode: "write",
    rounds,
    make: (table, tenant, round) =>
      keep(`insert into ${table} (tenant_id, collection, id, body) values ($1, 'new', $2, '{"a": 1}') returning version`, [
        tenant,
        String(round),
      ]),
  },
];
const randomId = () => String(random.below(rowsPerTenant)).padStart(8, "0");

console.log(`${rowsTotal} rows, ${tenantsTotal} tenants; ms; ratio = with row-level security / without\n`);
console.log("case         p50 rls  p50 plain  ratio   p99 rls  p99 plain  ratio   p50 bare");
let isWithinBar = true;
for (const item of cases) isWithinBar = report(item, await measure(item)) && isWithinBar;
for (const kind of kinds) await connections[kind][Symbol.asyncDispose]();
await dropPlatform(bench, prefix);
console.log(isWithinBar ? `\nheld: at most +${Math.round((barRatio - 1) * 100)} % at p50` : "\nMISSED");
process.exitCode = isWithinBar ? 0 : 1;

async function fill(): Promise<void> {
  const admin = await connectAdmin(bench, prefix);
  // The copy without row-level security has the same keys, and the same rows in the same order.
  await admin.query(`create schema plain; create table plain.documents (like pool.documents including all);
    alter table plain.documents alter column tenant_id drop default;
    grant usage on schema plain to ${prefix}_app; grant select, insert on plain.documents to ${prefix}_app`);
  for (const table of ["pool.documents", "plain.documents"]) {
    await admin.query(
      `insert into ${table} (tenant_id, collection, id, body)
       select 'tenant-' || lpad(t::text, 4, '0'), 'notes', lpad(i::text, 8, '0'), jsonb_build_object('title', i)
       from generate_series(0, $1 - 1) i, generate_series(0, $2 - 1) t`,
      [rowsPerTenant, tenantsTotal],
    );
    await admin.query(`vacuum (analyze) ${table}`);
  }
  await admin.query("checkpoint");
  await admin.end();
}

async function measure(item: Case): Promise<Record<(typeof kinds)[number], number[]>> {
  const samples: Record<(typeof kinds)[number], number[]> = { rls: [], plain: [], bare: [] };
  const warmUp = 200;
  for (let round = 0; round < item.rounds + warmUp; round += 1) {
    const tenant = tenantOf(random.below(tenantsTotal));
    // Whoever goes first finds colder caches, so they take turns.
    for (let turn = 0; turn < kinds.length; turn += 1) {
      const kind = kinds[(turn + round) % kinds.length] ?? "rls";
      const statement = item.make(kind === "rls" ? "pool.documents" : "plain.documents", tenant, kind === "bare" ? -round - 1 : round);
      const scope = { seal: sealer.seal(tenant), role: "none", mode: item.mode };
      const connection = connections[kind];
      const start = performance.now();
      if (kind === "bare") await connection.continue(statement);
      else await connection.runAlone(scope, statement);
      if (round >= warmUp) samples[kind].push(performance.now() - start);
    }
  }
  return samples;
}

function report(item: Case, { rls, plain, bare }: Record<(typeof kinds)[number], number[]>): boolean {
  const p50 = { rls: percentile(rls, 0.5), plain: percentile(plain, 0.5), bare: percentile(bare, 0.5) };
  const p99 = { rls: percentile(rls, 0.99), plain: percentile(plain, 0.99) };
  const ratio = p50.rls / p50.plain;
  const show = (value: number) => value.toFixed(3).padStart(7);
  console.log(
    `${item.name.padEnd(12)} ${show(p50.rls)}   ${show(p50.plain)} ${ratio.toFixed(2).padStart(6)}   ${show(p99.rls)}    ${show(p99.plain)} ${(p99.rls / p99.plain).toFixed(2).padStart(6)}   ${show(p50.bare)}`,
  );
  return ratio <= barRatio;
}
