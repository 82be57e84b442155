import type pg from "pg";
import type { Sealer } from "./database-secrets.ts";
import { type DatabaseNames, platformSchema } from "./database-names.ts";
import { identifier } from "./sql-text.ts";

/** The setting that carries the sealed tenant, for one transaction. */
export const tenantSetting = "tenantry.tenant";

/**
 * `tenantry.tenant_id()`: the tenant of the transaction, or null when the setting is absent or
 * its seal does not fit. Policies and column defaults call it.
 *
 * It runs as the owner because only the owner reads the key; its search path is pinned, so
 * nothing it calls can be shadowed. It is stable, so a policy evaluates it once per statement.
 * The two HMACs are compared as digests of digests: how long a comparison takes then says
 * nothing about the right seal.
 */
export const tenantFunctionBody = `
declare
  claim text := current_setting('${tenantSetting}', true);
  tenant text := split_part(claim, '.', 1);
begin
  if tenant <> '' and exists (
    select from ${platformSchema}.seal_key
    where sha256(convert_to(encode(sha256(outer_pad || sha256(inner_pad || convert_to(tenant, 'UTF8'))), 'hex'), 'UTF8'))
      = sha256(convert_to(split_part(claim, '.', 2), 'UTF8'))
  ) then
    return tenant;
  end if;
  return null;
end
`;

const statements = (names: DatabaseNames) => `
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
create or replace function ${platformSchema}.tenant_id() returns text
  language plpgsql stable parallel safe security definer
  set search_path = pg_catalog, pg_temp
  as $tenantry$${tenantFunctionBody}$tenantry$;
revoke all on schema ${platformSchema} from public;
revoke all on all tables in schema ${platformSchema} from public;
revoke all on all functions in schema ${platformSchema} from public;
grant usage on schema ${platformSchema} to ${identifier(names.app)}, ${identifier(names.tenants)}, ${identifier(names.operator)};
grant execute on function ${platformSchema}.tenant_id() to ${identifier(names.app)}, ${identifier(names.tenants)};
`;

/** Installs the tenant function and its key; run as the owner, as often as one likes. */
export async function installTenantFunction(owner: pg.Client, names: DatabaseNames, sealer: Sealer): Promise<void> {
  const { inner, outer } = sealer.pads();
  await owner.query(statements(names));
  await owner.query(
    `insert into ${platformSchema}.seal_key (inner_pad, outer_pad, fingerprint) values ($1, $2, $3)
     on conflict (single) do update set inner_pad = $1, outer_pad = $2, fingerprint = $3
     where seal_key.fingerprint <> $3`,
    [inner, outer, sealer.fingerprint()],
  );
}
