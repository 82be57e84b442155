import { join } from "node:path";
import type { TenantId } from "@tenantry/model";
import { FolderObjectStore } from "../../src/files/folder-object-store.ts";
import { verifyBundle } from "../../src/operations/bundle/verify-bundle.ts";
import { verifyCertificate } from "../../src/operations/certificate.ts";
import type { Scenario } from "./scenarios.ts";
import { documentsPerTenant, keysIn, type Stage, sumRows } from "./stage.ts";

/** What is not as it has to be when all operations have ended: states, events, rows, orphans. */
export async function findFaults(stage: Stage): Promise<readonly string[]> {
  const faults: string[] = [];
  const check: Check = (what, actual, wanted) => {
    const [a, w] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (a !== w) faults.push(`${what}: ${a} and not ${w}`);
  };
  await stage.platform.asAdmin(async (client) => {
    const all: All = async (text, ...values) =>
      (await client.query<{ v: unknown }>(text, [...values])).rows.map(({ v }) => v);
    await checkOrphans(check, all, stage.platform.prefix);
    for (const scenario of stage.scenarios) await checkRecords(check, all, scenario);
  });
  await checkData(check, stage);
  return faults;
}

type Check = (what: string, actual: unknown, wanted: unknown) => void;
type All = (text: string, ...values: readonly unknown[]) => Promise<unknown[]>;

/** What is there and belongs to nobody, or lacks to somebody. */
async function checkOrphans(check: Check, all: All, prefix: string): Promise<void> {
  const like = `'${prefix}\\_t\\_%'`;
  const names = (where: string) =>
    all(`select object_name as v from tenantry.tenants where ${where} order by 1`);
  check(
    "roles",
    await all(
      `select rolname::text as v from pg_roles where rolname like ${like} order by rolname::text collate "C"`,
    ),
    (await names("object_name is not null")).toSorted(),
  );
  check(
    "schemas",
    await all(
      `select nspname::text as v from pg_namespace where nspname like ${like} order by nspname::text collate "C"`,
    ),
    (await names("isolation = 'bridge'")).toSorted(),
  );
  check(
    "databases",
    await all(
      `select datname::text as v from pg_database where datname like ${like} order by datname::text collate "C"`,
    ),
    (await names("isolation = 'silo'")).toSorted(),
  );
  const tenants = (where: string) =>
    all(`select tenant_id as v from tenantry.tenants where ${where} order by tenant_id collate "C"`);
  check(
    "seals",
    await all(`select tenant_id as v from tenantry.seals order by tenant_id collate "C"`),
    await tenants("isolation <> 'silo'"),
  );
  check(
    "migrated places",
    await all(
      `select distinct substr(target, 8) collate "C" as v from tenantry.migrations where target like 'tenant:%' order by 1`,
    ),
    await tenants("isolation = 'bridge'"),
  );
  check("tenants between two places", await tenants("writes <> 'open' or other_isolation is not null"), []);
  check(
    "operations without an end",
    await all("select tenant_id as v from tenantry.operations where ended_at is null"),
    [],
  );
  check(
    "steps without an end",
    await all(
      "select name as v from tenantry.operation_steps where state in ('running', 'waiting', 'pending')",
    ),
    [],
  );
  check(
    "fences",
    await all("select policyname::text as v from pg_policies where policyname like 'write_fence%'"),
    [],
  );
  const pooled = await all(
    "select relname::text as v from pg_class where relnamespace = 'pool'::regnamespace and relkind = 'r'",
  );
  for (const table of pooled) {
    const strangers = await all(
      `select distinct tenant_id as v from pool."${String(table)}"
       where tenant_id not in (select tenant_id from tenantry.tenants where isolation = 'pool')`,
    );
    check(`strangers in pool.${String(table)}`, strangers, []);
  }
}

/** What was done once is written down once. */
async function checkRecords(check: Check, all: All, { name, request, expected }: Scenario): Promise<void> {
  const { kind } = request(name as TenantId);
  check(
    `operations of ${name}`,
    await all(
      `select state || case when error_code = 'RUNTIME_OPERATION_CANCELLED' then '' else coalesce(': ' || error_message, '') end as v
       from tenantry.operations where tenant_id = $1`,
      name,
    ),
    [expected.state],
  );
  check(
    `events of ${name}`,
    await all("select type as v from tenantry.events where tenant_id = $1 order by type", name),
    expected.events,
  );
  check(
    `audit events of ${name}`,
    await all(
      "select action as v from tenantry.audit_events where actor_kind = 'system' and tenant_id = $1",
      name,
    ),
    [`tenant.${kind}.${expected.state}`],
  );
  check(
    `registration of ${name}`,
    await all(
      `select json_build_object('isolation', isolation, 'tier', tier, 'status', status) as v
       from tenantry.tenants where tenant_id = $1`,
      name,
    ),
    expected.tenant === null ? [] : [expected.tenant],
  );
}

async function checkData(check: Check, stage: Stage): Promise<void> {
  // Opening it judges the catalogue.
  await using database = await stage.platform.open();
  const gone = new Set(
    stage.scenarios.filter(({ expected }) => expected.tenant === null).map(({ name }) => name),
  );
  const staying = Object.entries(stage.before).filter(([key]) => !gone.has(key.slice(0, key.indexOf("/"))));
  const after = await sumRows(database, [...new Set(staying.map(([key]) => key.slice(0, key.indexOf("/"))))]);
  for (const [key, sum] of staying) check(`rows of ${key}`, after[key], sum);
  const exported = new FolderObjectStore(join(stage.folder, "exports"));
  for (const { name, before, expected } of stage.scenarios) {
    const tenant = name as TenantId;
    const hasFiles = before !== null && expected.tenant !== null;
    check(`files of ${name}`, (await keysIn(stage, "files", name)).length, hasFiles ? 1 : 0);
    const exports = await keysIn(stage, "exports", name);
    check(`exports of ${name}`, exports.length, expected.exports);
    for (const key of exports) {
      const manifest = await verifyBundle((await exported.get(tenant, key)) as never);
      const rows = manifest.tables.find((table) => table.name === "documents")?.rows;
      check(`exported documents of ${name}`, rows, documentsPerTenant);
    }
    const certificates = await database.control.query<{ jws: string }>(
      "select jws from tenantry.certificates where tenant_id = $1",
      [name],
    );
    check(`certificates of ${name}`, certificates.length, expected.certificate ? 1 : 0);
    for (const { jws } of certificates) {
      const { certificate } = await verifyCertificate(jws, stage.keyRing[0]?.jwk);
      check(
        `certificate of ${name}`,
        [certificate.tenant, certificate.rowsBefore["documents"]],
        [name, documentsPerTenant],
      );
    }
  }
}
