import { platformSchema } from "../database-names.ts";
import type { Migration } from "../migration.ts";
import { eventsMigration } from "./platform-events.ts";
import { limitsMigration } from "./platform-limits.ts";
import { operationsMigration } from "./platform-operations.ts";

/** The body of the trigger function that announces a changed tenant. */
export const announceTenantBody = `
declare
  token text;
  changed text := case tg_op when 'DELETE' then old.tenant_id else new.tenant_id end;
begin
  select left(encode(sha256(key || sha256(key || convert_to(changed, 'UTF8'))), 'hex'), 32)
  into strict token from ${platformSchema}.name_key;
  perform pg_notify('tenantry_tenants', token);
  return null;
end
`;

/**
 * The registry. Notifications carry a keyed hash of the tenant id: everyone who can connect can
 * listen, and must not learn who the tenants are.
 */
const registry: Migration = {
  version: 1,
  name: "registry",
  sql: `
create table tenants (
  tenant_id text collate "C" primary key check (tenant_id ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(tenant_id) between 3 and 32),
  tier text not null,
  isolation text not null check (isolation in ('pool', 'bridge', 'silo')),
  status text not null check (status in ('provisioning', 'active', 'failed')),
  cell integer not null check (cell >= 1),
  slot integer not null check (slot >= 1),
  schema_version integer not null default 0,
  object_name text unique,
  -- Names the secret with which the tenant is sealed.
  sealed_with text not null default '',
  created_at timestamptz not null default now(),
  last_error text,
  unique (cell, slot)
);
create index tenants_behind on tenants (schema_version, tenant_id) where isolation <> 'pool' and status = 'active';
create index tenants_sealed_with on tenants (sealed_with, tenant_id);
create index tenants_unfinished on tenants (tenant_id) where status <> 'active';

-- Names of schemas and databases are keyed hashes of tenant ids; the key is drawn once and never changes.
create table name_key (
  single boolean primary key default true check (single),
  key bytea not null default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);
insert into name_key default values;

create function announce_tenant() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $announce$${announceTenantBody}$announce$;
create trigger announce after insert or update or delete on tenants for each row execute function announce_tenant();
`,
};

/** The platform's own tables, in the schema of the platform in the shared database. Append only. */
export const platformMigrations: readonly Migration[] = Object.freeze([
  registry,
  eventsMigration,
  limitsMigration,
  operationsMigration,
]);
