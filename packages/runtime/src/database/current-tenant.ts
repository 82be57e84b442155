import type pg from "pg";
import type { Sealer } from "./database-secrets.ts";
import { type DatabaseNames, platformSchema } from "./database-names.ts";
import { identifier } from "./sql-text.ts";

/** The setting that carries the sealed tenant, for one transaction. */
export const tenantSetting = "tenantry.tenant";
export const tenantViewName = "current_tenant";
export const tenantFunctionName = "tenant_id";

/**
 * `tenantry.current_tenant`: one row with the tenant of the transaction, or none when the setting
 * is absent or its seal does not fit. The policies ask it.
 *
 * A view and not a function: its owner's rights reach the key, which nobody else reads, and the
 * planner makes it a part of the query that runs once per statement. A SECURITY DEFINER function
 * in PL/pgSQL costs three times as much (bench/database-rls.ts). A stored view names its
 * functions by identity, so nothing it calls can be shadowed. The two HMACs are compared as
 * digests: how long a comparison takes then says nothing about the right seal.
 */
const claimedTenant = `split_part(current_setting('${tenantSetting}', true), '.', 1)`;
const claimedSeal = `split_part(current_setting('${tenantSetting}', true), '.', 2)`;
export const tenantViewSql = `select ${claimedTenant} as tenant_id
  from ${platformSchema}.seal_key
  where sha256(convert_to(encode(sha256(outer_pad || sha256(inner_pad || convert_to(${claimedTenant}, 'UTF8'))), 'hex'), 'UTF8'))
    = sha256(convert_to(${claimedSeal}, 'UTF8'))`;

/** How PostgreSQL prints the view back: since 16 without the table's name before its columns. */
const printed = (column: string) =>
  ` SELECT split_part(current_setting('tenantry.tenant'::text, true), '.'::text, 1) AS tenant_id\n` +
  `   FROM tenantry.seal_key\n` +
  `  WHERE (sha256(convert_to(encode(sha256((${column}outer_pad || sha256((${column}inner_pad || ` +
  `convert_to(split_part(current_setting('tenantry.tenant'::text, true), '.'::text, 1), 'UTF8'::name))))), 'hex'::text), 'UTF8'::name)) = ` +
  `sha256(convert_to(split_part(current_setting('tenantry.tenant'::text, true), '.'::text, 2), 'UTF8'::name)));`;
export const tenantViewDefinitions: readonly string[] = [printed(""), printed("seal_key.")];

/** The default of every tenant_id column, where a sub-select cannot stand. */
export const tenantFunctionBody = `select tenant_id from ${platformSchema}.${tenantViewName}`;

const statements = (operator: string, callers: string) => `
create table if not exists ${platformSchema}.seal_key (
  single boolean primary key default true check (single),
  inner_pad bytea not null,
  outer_pad bytea not null,
  fingerprint text not null
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

/** Installs the view, the function and the key for the roles that call them; run as the owner, as often as one likes. */
export async function installCurrentTenant(
  owner: pg.Client,
  names: DatabaseNames,
  sealer: Sealer,
  callers: readonly string[],
): Promise<void> {
  const { inner, outer } = sealer.pads();
  await owner.query("set search_path = pg_catalog, pg_temp");
  await owner.query(statements(identifier(names.operator), callers.map(identifier).join(", ")));
  await owner.query(
    `insert into ${platformSchema}.seal_key (inner_pad, outer_pad, fingerprint) values ($1, $2, $3)
     on conflict (single) do update set inner_pad = $1, outer_pad = $2, fingerprint = $3
     where seal_key.fingerprint <> $3`,
    [inner, outer, sealer.fingerprint()],
  );
}
