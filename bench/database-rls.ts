// What row-level security costs: a million rows of 1,000 tenants, the same statements through the
// same client code in the same number of round trips, with it and, naming the tenant in a WHERE
// instead, without it, interleaved. The last column leaves the tenant's setting out as well.
//
//   node bench/database-rls.ts [rows] [rounds]
import { systemRandom, seededRandom } from "@tenantry/base";
import { bootstrapDatabase } from "@tenantry/runtime";
import { keepSeal } from "../packages/runtime/src/database/current-tenant.ts";
import { rolePassword, Sealer } from "../packages/runtime/src/database/database-secrets.ts";
import type { Statement } from "../packages/runtime/src/tenant-store/batch.ts";
import {
  TenantConnection,
  type TransactionScope,
} from "../packages/runtime/src/tenant-store/tenant-connection.ts";
import { connectAdmin, dropPlatform, percentile, startBenchServer } from "./harness/database-server.ts";

const rowsTotal = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3_000);
const tenantsTotal = 1_000;
const rowsPerTenant = rowsTotal / tenantsTotal;
/** At p50, in every case. */
const barRatio = 1.1;

const platformName = "bench-rls";
const prefix = "bench_rls";
const secrets = { rolePassword: "bench-password", seal: "bench-seal" };
const random = seededRandom(7);
const tables = { rls: "pool.documents", plain: "plain.documents", bare: "bare.documents" } as const;
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
  /** The query; `where` confines it to the tenant where no policy does, and `values` are its own. */
  readonly make: (
    table: string,
    where: string,
    round: number,
  ) => readonly [text: string, ...values: unknown[]];
}
const page = (limit: number): Case => ({
  name: `page of ${limit}`,
  mode: "read",
  rounds,
  make: (table, where) => [
    `select id, body from ${table} where collection = 'notes' and id > $1 ${where} order by id limit ${limit}`,
    randomId(),
  ],
});
const cases: readonly Case[] = [
  {
    name: "point read",
    mode: "read",
    rounds,
    make: (table, where) => [
      `select body from ${table} where collection = 'notes' and id = $1 ${where}`,
      randomId(),
    ],
  },
  page(20),
  page(50),
  {
    name: "count",
    mode: "read",
    rounds: Math.ceil(rounds / 3),
    make: (table, where) => [
      `select count(*) from ${table} where collection = 'notes' and id >= $1 ${where}`,
      "",
    ],
  },
  {
    name: "insert",
    mode: "write",
    rounds,
    // Row-level security or not, the writer names the tenant: that is the store's contract.
    make: (table, _, round) => [
      `insert into ${table} (collection, id, body, tenant_id) values ('new', $1, '{"a": 1}', $2) returning version`,
      String(round),
    ],
  },
];
const randomId = () => String(random.below(rowsPerTenant)).padStart(8, "0");

console.log(`${rowsTotal} rows, ${tenantsTotal} tenants; ms; ratio = with row-level security / without\n`);
console.log("case         p50 rls  p50 plain  ratio   p99 rls  p99 plain  ratio   p50 bare");
const ratios: number[] = [];
const over: string[] = [];
for (const item of cases) {
  const ratio = report(item, await measure(item));
  ratios.push(ratio);
  if (ratio > barRatio) over.push(`${item.name} ${ratio.toFixed(2)}`);
}
const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
console.log(`\ngeometric mean of the ratios at p50: ${mean.toFixed(3)}`);
for (const kind of kinds) await connections[kind][Symbol.asyncDispose]();
await dropPlatform(bench, prefix);
console.log(over.length === 0 ? `held: at most ${barRatio} in every case` : `MISSED: ${over.join(", ")}`);
process.exitCode = over.length === 0 ? 0 : 1;

async function fill(): Promise<void> {
  const admin = await connectAdmin(bench, prefix);
  // Each kind has a table of its own with the same keys and the same rows in the same order: on a
  // shared one, one kind would warm the pages for the other.
  for (const schema of ["plain", "bare"]) {
    await admin.query(`create schema ${schema}; create table ${schema}.documents (like pool.documents including all);
      alter table ${schema}.documents alter column tenant_id drop default;
      grant usage on schema ${schema} to ${prefix}_app; grant select, insert on ${schema}.documents to ${prefix}_app`);
  }
  for (const table of Object.values(tables)) {
    await admin.query(
      `insert into ${table} (tenant_id, collection, id, body)
       select 'tenant-' || lpad(t::text, 4, '0'), 'notes', lpad(i::text, 8, '0'), jsonb_build_object('title', i)
       from generate_series(0, $1 - 1) i, generate_series(0, $2 - 1) t`,
      [rowsPerTenant, tenantsTotal],
    );
    await admin.query(`vacuum (analyze) ${table}`);
  }
  for (let index = 0; index < tenantsTotal; index += 1) {
    const tenant = tenantOf(index);
    await keepSeal(admin, tenant, new Sealer(secrets, prefix).seal(tenant));
  }
  await admin.query("vacuum (analyze) tenantry.seals");
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
      const where = kind === "rls" ? "" : "and tenant_id = $2";
      const [text, ...values] = item.make(tables[kind], where, round);
      const namesTenant = kind !== "rls" || item.mode === "write";
      const statement: Statement = { text, values: namesTenant ? [...values, tenant] : values, rows: "keep" };
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

function report(item: Case, { rls, plain, bare }: Record<(typeof kinds)[number], number[]>): number {
  const p50 = { rls: percentile(rls, 0.5), plain: percentile(plain, 0.5), bare: percentile(bare, 0.5) };
  const p99 = { rls: percentile(rls, 0.99), plain: percentile(plain, 0.99) };
  const ratio = p50.rls / p50.plain;
  const show = (value: number) => value.toFixed(3).padStart(7);
  console.log(
    `${item.name.padEnd(12)} ${show(p50.rls)}   ${show(p50.plain)} ${ratio.toFixed(2).padStart(6)}   ${show(p99.rls)}    ${show(p99.plain)} ${(p99.rls / p99.plain).toFixed(2).padStart(6)}   ${show(p50.bare)}`,
  );
  return ratio;
}
