import type { TenantId } from "@tenantry/model";
import type pg from "pg";
import { adminDatabase } from "../database/bootstrap-database.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema, poolSchema, tenantObjectName } from "../database/database-names.ts";
import { isSqlError } from "../database/sql-error.ts";
import { identifier } from "../database/sql-text.ts";
import type { ObjectStore } from "../files/object-store.ts";
import { placeRemains } from "../tenants/place-remains.ts";
import { unforced } from "../tenants/remove-place.ts";

export interface RemainsOptions {
  readonly access: DatabaseAccess;
  readonly tenant: TenantId;
  readonly life: number;
  readonly objects: ObjectStore | null;
  readonly exports: ObjectStore | null;
  /** Whether the export is to be there, and nothing else. */
  readonly keptExport: string | null;
}

export interface Remains {
  readonly found: readonly string[];
  /** Where it was looked. */
  readonly searched: readonly string[];
}

/**
 * Tables that keep the record of what was done, and with it the tenant's id: its operations, the
 * events that were told, the audit trail, the certificates themselves. Webhooks are the platform's,
 * and what operators write into them is theirs.
 */
const records: ReadonlySet<string> = new Set([
  "operations",
  "operation_steps",
  "operation_changes",
  "events",
  "webhooks",
  "webhook_deliveries",
  "audit_events",
  "certificates",
]);

/**
 * Looks for a tenant that was removed: in every table of every database, among schemas, databases
 * and roles, among files and exports. It asks the catalogues what there is and not the code that
 * removed, so that it finds what that has never heard of.
 */
export async function findRemains(options: RemainsOptions): Promise<Remains> {
  const { access, tenant, objects, exports, keptExport } = options;
  const found: string[] = [];
  const databases = await platformDatabases(access);
  for (const database of databases) found.push(...(await remainsIn(access, database, tenant)));
  const place = { tenant, isolation: "pool", objectName: null, life: options.life } as const;
  found.push(...(await placeRemains(access, place)));
  found.push(...(await objectRemains(options)));
  for (const [name, store] of [
    ["files", objects],
    ["exports", exports],
  ] as const) {
    if (store === null) continue;
    for await (const { key } of store.list(tenant)) {
      if (store !== exports || key !== keptExport) found.push(`${name}: ${key}`);
    }
  }
  const searched = [
    ...databases.map((database) => `every table of the database ${database}`),
    "schemas, databases and roles of the server",
    ...(objects === null ? [] : ["files"]),
    ...(exports === null ? [] : [keptExport === null ? "exports" : "exports but the one that is kept"]),
  ];
  return { found, searched };
}

async function platformDatabases(access: DatabaseAccess): Promise<readonly string[]> {
  const { names } = access;
  return asAdmin(access, adminDatabase, async (admin) => {
    // The engine's own may keep the ids of operations, and has none of tenants.
    const { rows } = await admin.query<{ datname: string }>(
      `select datname::text from pg_catalog.pg_database
       where pg_catalog.pg_get_userbyid(datdba) = $1 and datname <> $2 and datallowconn order by datname`,
      [names.owner, names.workflows],
    );
    return rows.map(({ datname }) => datname);
  });
}

interface FoundTable {
  readonly schema: string;
  readonly name: string;
  readonly confined_to: string | null;
  readonly has_tenant: boolean;
  readonly is_platform: boolean;
}

/** Tables of one database that hold something of the tenant. What is dropped meanwhile holds nothing. */
async function remainsIn(
  access: DatabaseAccess,
  database: string,
  tenant: TenantId,
): Promise<readonly string[]> {
  const found: string[] = [];
  await unlessGone(() =>
    asOwner(access, database, async (owner) => {
      const { rows } = await owner.query<FoundTable>(tablesText, [platformSchema]);
      for (const table of rows) {
        const isThere = await unlessGone(() => holds(owner, table, tenant));
        if (isThere === true) found.push(`${database}: ${table.schema}.${table.name}`);
      }
    }),
  );
  return found;
}

async function holds(owner: pg.Client, table: FoundTable, tenant: TenantId): Promise<boolean> {
  const { schema, name, confined_to: confinedTo } = table;
  const from = `${identifier(schema)}.${identifier(name)}`;
  // A table that takes in one tenant's rows only has no other's.
  if (confinedTo !== null) return confinedTo === tenantCheck(tenant);
  if (table.is_platform) {
    if (records.has(name)) return false;
    const token = `(^|[^a-z0-9-])${tenant}([^a-z0-9-]|$)`;
    const { rowCount } = await owner.query(`select from ${from} t where t::text ~ $1 limit 1`, [token]);
    return rowCount !== 0;
  }
  // The pool is looked through elsewhere, table by table.
  if (!table.has_tenant || schema === poolSchema) return false;
  const { rowCount } = await unforced(owner, schema, name, () =>
    owner.query(`select from ${from} where tenant_id = $1 limit 1`, [tenant]),
  );
  return rowCount !== 0;
}

/** Database, schema or table that another operation has dropped since it was listed. */
async function unlessGone<Result>(fn: () => Promise<Result>): Promise<Result | null> {
  return fn().catch((error: unknown) => {
    if (isSqlError(error) && ["3D000", "3F000", "42P01"].includes(error.code)) return null;
    throw error;
  });
}

const tenantCheck = (tenant: string) => `(tenant_id = '${tenant}'::text)`;

const tablesText = `
select n.nspname::text as schema, c.relname::text as name, n.nspname = $1 as is_platform,
  exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant,
  (select pg_catalog.pg_get_expr(k.conbin, k.conrelid) from pg_catalog.pg_constraint k
   where k.conrelid = c.oid and k.conname = 'tenant_only' limit 1) as confined_to
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema$)'
order by n.nspname, c.relname`;

/** Every name that a place of the tenant can have had. */
async function objectRemains({ access, tenant, life }: RemainsOptions): Promise<readonly string[]> {
  const { names, nameKey } = access;
  const moves = await asOwner(access, names.database, async (owner) => {
    const { rows } = await owner.query<{ id: string }>(
      `select id from ${platformSchema}.operations where tenant_id = $1 and kind = 'move'`,
      [tenant],
    );
    return rows.map(({ id }) => id);
  });
  const lives = Array.from({ length: life }, (_, index) => (index === 0 ? "" : `life ${index + 1}`));
  const objectNames = [...lives, ...moves].map((place) => tenantObjectName(names, nameKey, tenant, place));
  return asAdmin(access, names.database, async (admin) => {
    const { rows } = await admin.query<{ found: string }>(
      `select 'role ' || rolname as found from pg_catalog.pg_roles where rolname = any ($1)
       union all select 'schema ' || nspname from pg_catalog.pg_namespace where nspname = any ($1)
       union all select 'database ' || datname from pg_catalog.pg_database where datname = any ($1)`,
      [objectNames],
    );
    return rows.map(({ found }) => found);
  });
}
