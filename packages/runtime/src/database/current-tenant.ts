import type pg from "pg";
import { type DatabaseNames, platformSchema } from "./database-names.ts";
import { identifier } from "./sql-text.ts";

/** The setting that carries the sealed tenant, for one transaction. */
export const tenantSetting = "tenantry.tenant";
export const tenantViewName = "current_tenant";
export const tenantFunctionName = "tenant_id";

/**
 * `tenantry.current_tenant`: one row with the tenant of the transaction, or none when the setting
 * is not the seal of a tenant. The policies ask it.
 *
 * The seals of the tenants are in a table that only the owner reads; the view reads it with its
 * owner's rights, and becomes a part of the query that runs once per statement. A SECURITY DEFINER
 * function costs four times as much, and computing the seal in SQL instead of keeping it twice
 * (bench/database-rls.ts). A tenant whose seal is deleted is shut out at once. A stored view names its
 * functions by identity, so nothing it calls can be shadowed.
 */
const tenantViewSql = `select s.tenant_id from ${platformSchema}.seals s where s.seal = current_setting('${tenantSetting}', true)`;

/** How PostgreSQL prints the view back: since 16 without the table's name before its columns. */
export const tenantViewDefinitions: readonly string[] = ["", "s."].map(
  (table) =>
    ` SELECT ${table}tenant_id\n   FROM tenantry.seals s\n` +
    `  WHERE (${table}seal = current_setting('tenantry.tenant'::text, true));`,
);

/** The default of every tenant_id column, where a sub-select cannot stand. */
export const tenantFunctionBody = `select tenant_id from ${platformSchema}.${tenantViewName}`;

const statements = (operator: string, callers: string) => `
create table if not exists ${platformSchema}.seals (
  seal text collate "C" not null,
  -- Of the collation that tenant_id has everywhere: with another one, no index would serve the policies.
  tenant_id text not null unique,
  -- The index alone answers, as long as the table is vacuumed soon after it grew.
  constraint seals_pkey primary key (seal) include (tenant_id)
) with (
  autovacuum_vacuum_insert_threshold = 10, autovacuum_vacuum_insert_scale_factor = 0.1,
  autovacuum_analyze_threshold = 10, autovacuum_vacuum_threshold = 10
);
create table if not exists ${platformSchema}.migrations (
  target text not null,
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now(),
  primary key (target, version)
);
create or replace view ${platformSchema}.${tenantViewName} with (security_barrier = true) as ${tenantViewSql};
create or replace function ${platformSchema}.${tenantFunctionName}() returns text
  language sql stable parallel safe
  as $tenantry$${tenantFunctionBody}$tenantry$;
revoke all on schema ${platformSchema} from public;
revoke all on all tables in schema ${platformSchema} from public;
revoke all on all functions in schema ${platformSchema} from public;
grant usage on schema ${platformSchema} to ${operator}, ${callers};
grant select on ${platformSchema}.${tenantViewName} to ${callers};
grant execute on function ${platformSchema}.${tenantFunctionName}() to ${callers};
`;

/** Installs the view and the function for the roles that call them; run as the owner, as often as one likes. */
export async function installCurrentTenant(
  owner: pg.Client,
  names: DatabaseNames,
  callers: readonly string[],
): Promise<void> {
  await owner.query("set search_path = pg_catalog, pg_temp");
  await owner.query(statements(identifier(names.operator), callers.map(identifier).join(", ")));
}

/** Makes the seal, and no other, open the tenant. */
export async function keepSeal(owner: pg.Client, tenant: string, seal: string): Promise<void> {
  await owner.query(
    `insert into ${platformSchema}.seals as s (tenant_id, seal) values ($1, $2)
     on conflict (tenant_id) do update set seal = excluded.seal where s.seal <> excluded.seal`,
    [tenant, seal],
  );
}
