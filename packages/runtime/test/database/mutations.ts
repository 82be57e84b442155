/**
 * One way in which a schema or a role can be broken. `shared` and `silo` say in which database it
 * is done; the names in braces stand for what the platform made:
 * {app} {owner} {control} {operator} {tenants} roles, {bridge} {other} the objects of two bridge
 * tenants, {silo} {siloOther} those of two silo tenants.
 */
export interface Mutation {
  readonly name: string;
  readonly database: "shared" | "silo";
  readonly sql: string;
}

const shared = (name: string, sql: string): Mutation => ({ name, database: "shared", sql });
const silo = (name: string, sql: string): Mutation => ({ name: `silo: ${name}`, database: "silo", sql });

export const mutations: readonly Mutation[] = [
  // Row-level security
  shared("row security not forced", "alter table pool.documents no force row level security"),
  shared("row security disabled", "alter table pool.documents disable row level security"),
  shared("row security disabled in a bridge schema", "alter table {bridge}.notes disable row level security"),
  shared("row security disabled on a partition", "alter table pool.events_2026 disable row level security"),
  shared("confining policy dropped", "drop policy tenant_confinement on pool.documents"),
  shared(
    "confining policy permissive",
    `drop policy tenant_confinement on pool.documents;
    create policy tenant_confinement on pool.documents using (tenant_id = (select c.tenant_id from tenantry.current_tenant c))`,
  ),
  shared(
    "confining policy for select only",
    `drop policy tenant_confinement on pool.documents;
    create policy tenant_confinement on pool.documents as restrictive for select using (tenant_id = (select c.tenant_id from tenantry.current_tenant c))`,
  ),
  shared(
    "confining policy for one role only",
    "alter policy tenant_confinement on pool.documents to {operator}",
  ),
  shared(
    "extra permissive policy and no confining one",
    "drop policy tenant_confinement on pool.documents; create policy open on pool.documents using (true)",
  ),
  shared("extra permissive policy", "create policy open on pool.documents for select using (true)"),
  shared("weak check", "alter policy tenant_confinement on pool.documents with check (true)"),
  shared("weak using", "alter policy tenant_confinement on pool.documents using (true)"),
  shared(
    "check that admits nulls",
    "alter policy tenant_confinement on pool.documents with check (tenant_id = (select c.tenant_id from tenantry.current_tenant c) or tenant_id is null)",
  ),
  shared(
    "policy on the unsealed setting",
    "alter policy tenant_confinement on pool.documents using (tenant_id = split_part(current_setting('tenantry.tenant', true), '.', 1))",
  ),
  shared(
    "policy that admits one more tenant",
    "alter policy tenant_confinement on {bridge}.documents using (tenant_id = (select c.tenant_id from tenantry.current_tenant c) or tenant_id = 'bridge-two')",
  ),
  shared("access policy for everyone", "alter policy tenant_access on {bridge}.documents to public"),

  // Who the tenant is
  shared(
    "view without the seal",
    "create or replace view tenantry.current_tenant with (security_barrier = true) as select s.tenant_id from tenantry.seals s where s.tenant_id = split_part(current_setting('tenantry.tenant', true), '.', 1)",
  ),
  shared(
    "view that compares half of the seal",
    `create or replace view tenantry.current_tenant with (security_barrier = true) as
      select s.tenant_id from tenantry.seals s where left(s.seal, 40) = left(current_setting('tenantry.tenant', true), 40)`,
  ),
  shared("view without a security barrier", "alter view tenantry.current_tenant reset (security_barrier)"),
  shared("view that invokes", "alter view tenantry.current_tenant set (security_invoker = true)"),
  shared(
    "function without the view",
    "create or replace function tenantry.tenant_id() returns text language sql stable parallel safe as $$ select split_part(current_setting('tenantry.tenant', true), '.', 1) $$",
  ),
  shared("function volatile", "alter function tenantry.tenant_id() volatile"),
  shared(
    "function with a namesake",
    "create function tenantry.tenant_id(text) returns text language sql as 'select $1'",
  ),
  shared("seals readable", "grant select on tenantry.seals to {app}"),
  shared("seals readable by everyone", "grant select on tenantry.seals to public"),
  shared("one column of the seals readable", "grant select (seal) on tenantry.seals to {app}"),
  shared("seals writable by the control role", "grant update on tenantry.seals to {control}"),
  shared("registry readable by the app role", "grant select on tenantry.tenants to {app}"),
  shared("registry writable by the control role", "grant update on tenantry.tenants to {control}"),

  // Roles
  shared("app role superuser", "alter role {app} superuser"),
  shared("app role bypasses row security", "alter role {app} bypassrls"),
  shared("app role creates roles", "alter role {app} createrole"),
  shared("app role creates databases", "alter role {app} createdb"),
  shared("app role replicates", "alter role {app} replication"),
  shared("app role inherits", "alter role {app} inherit"),
  shared("bridge role logs in", "alter role {bridge} login"),
  shared("bridge role bypasses row security", "alter role {bridge} bypassrls"),
  shared("control role bypasses row security", "alter role {control} bypassrls"),
  shared("owner superuser", "alter role {owner} superuser"),
  shared("app role reads all data", "grant pg_read_all_data to {app}"),
  shared("app role writes all data", "grant pg_write_all_data to {app}"),
  shared("app role monitors", "grant pg_monitor to {app}"),
  shared("app role signals backends", "grant pg_signal_backend to {app}"),
  shared("app role reads files", "grant pg_read_server_files to {app}"),
  shared("app role in the owner", "grant {owner} to {app}"),
  shared("app role in the operator", "grant {operator} to {app}"),
  shared("app role in a silo role", "grant {silo} to {app}"),
  shared("bridge role in another", "grant {other} to {bridge}"),
  shared("tenants group reads all data", "grant pg_read_all_data to {tenants}"),
  shared("app role gives a bridge role away", "grant {bridge} to {app} with admin option"),

  // Settings
  shared("search path of the app role", "alter role {app} set search_path = public, pool"),
  shared("row_security off for the app role", "alter role {app} set row_security = off"),
  shared(
    "activity tracked for the app role in this database",
    "alter role {app} in database {database} set track_activities = on",
  ),
  shared("activity tracked for the app role", "alter role {app} reset track_activities"),
  shared("no statement timeout", "alter role {app} reset statement_timeout"),
  shared("replication role for the app role", "alter role {app} set session_replication_role = replica"),
  shared(
    "library preloaded for the app role",
    "alter role {app} set session_preload_libraries = 'auto_explain'",
  ),
  shared("a tenant by default", "alter role {app} set tenantry.tenant = 'pool-one.x'"),
  shared("search path of the database", "alter database {database} set search_path = pool"),
  shared("parameter granted", "grant set on parameter session_replication_role to {app}"),

  // Tables and keys
  shared(
    "table owned by the app role",
    "grant create on schema pool to {app}; alter table pool.documents owner to {app}",
  ),
  shared("schema owned by the app role", "alter schema pool owner to {app}"),
  shared(
    "tenant may be null",
    "alter table pool.notes drop constraint notes_pkey; alter table pool.notes alter column tenant_id drop not null",
  ),
  shared("unique key without the tenant", "create unique index contacts_email on pool.contacts (email)"),
  shared(
    "unique key with the tenant last",
    "create unique index contacts_email on pool.contacts (email, tenant_id)",
  ),
  shared("unique expression", "create unique index contacts_lower on pool.contacts (lower(email))"),
  shared(
    "reference without the tenant",
    "alter table pool.projects add unique (id); alter table pool.notes add foreign key (project_id) references pool.projects (id) on delete cascade",
  ),
  shared(
    "reference with the tenant crossed",
    "alter table pool.projects add unique (id, tenant_id); alter table pool.notes add foreign key (tenant_id, project_id) references pool.projects (id, tenant_id)",
  ),
  shared(
    "reference into another schema",
    "alter table {bridge}.notes add foreign key (tenant_id, project_id) references pool.projects (tenant_id, id)",
  ),
  shared(
    "table without a tenant",
    "create table pool.shared_notes (id text primary key); alter table pool.shared_notes enable row level security; alter table pool.shared_notes force row level security",
  ),
  shared(
    "table that a migration forgot",
    "create table pool.forgotten (tenant_id text not null, id text, primary key (tenant_id, id)); grant select on pool.forgotten to {app}",
  ),
  shared(
    "bridge schema open to other tenants' rows",
    "alter table {bridge}.documents drop constraint tenant_only",
  ),
  shared(
    "bridge schema for another tenant",
    "alter table {bridge}.documents drop constraint tenant_only; alter table {bridge}.documents add constraint tenant_only check (tenant_id = 'bridge-two')",
  ),
  shared(
    "bridge constraint not validated",
    "alter table {bridge}.documents drop constraint tenant_only; alter table {bridge}.documents add constraint tenant_only check (tenant_id = 'bridge-one') not valid",
  ),
  shared(
    "default from a function",
    "create function pool.f() returns text language sql as $$ select 'x' $$; alter table pool.projects alter column name set default pool.f()",
  ),
  shared(
    "inheritance child elsewhere",
    "create schema loot; create table loot.child () inherits (pool.projects)",
  ),
  shared("bridge table inherits the pool's", "create table {bridge}.child () inherits (pool.projects)"),

  // Rights
  shared("partition granted", "grant select on pool.events_2026 to {app}"),
  shared("truncate granted", "grant truncate on pool.documents to {app}"),
  shared("references granted", "grant references on pool.documents to {app}"),
  shared("trigger granted", "grant trigger on pool.documents to {app}"),
  shared("table granted to everyone", "grant select on pool.documents to public"),
  shared("column granted to another tenant", "grant select (body) on {bridge}.documents to {other}"),
  shared("table granted with grant option", "grant select on pool.documents to {app} with grant option"),
  shared("operator writes", "grant delete on pool.documents to {operator}"),
  shared("sequence granted", "grant usage on sequence pool.notes_id_seq to {app}"),
  shared("bridge schema used by the app role", "grant usage on schema {bridge} to {app}"),
  shared("bridge schema used by another tenant", "grant usage on schema {bridge} to {other}"),
  shared("create in the pool", "grant create on schema pool to {app}"),
  shared("create in public", "grant create on schema public to public"),
  shared("a schema for everyone", "create schema loot; grant usage, create on schema loot to public"),
  shared("temporary tables", "grant temporary on database {database} to {app}"),
  shared("connect for everyone", "grant connect on database {database} to public"),
  shared("silo database open to the app role", "grant connect on database {silo} to {app}"),
  shared(
    "defaults for tables",
    "alter default privileges for role {owner} in schema pool grant all on tables to {app}",
  ),
  shared(
    "defaults for everyone",
    "alter default privileges for role {owner} grant execute on functions to public",
  ),

  // Ways around
  shared(
    "view with its owner's rights",
    "create view pool.all_documents as select * from pool.documents; alter view pool.all_documents owner to {owner}; grant select on pool.all_documents to {app}",
  ),
  shared(
    "view of a superuser elsewhere",
    "create schema loot; create view loot.v as select * from pool.documents; grant usage on schema loot to {app}; grant select on loot.v to {app}",
  ),
  shared(
    "materialized view",
    "create materialized view pool.summary as select * from pool.documents; grant select on pool.summary to {app}",
  ),
  shared("rule", "create rule r as on insert to pool.documents do also delete from pool.notes"),
  shared(
    "definer function",
    "create function pool.peek() returns bigint language sql security definer as 'select count(*) from pool.documents'",
  ),
  shared(
    "definer function with a pinned path",
    "create function public.peek() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as 'select 1::bigint'",
  ),
  shared(
    "announcing function replaced",
    "create or replace function tenantry.announce_tenant() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin perform pg_notify('tenantry_tenants', new.tenant_id); return null; end $$",
  ),
  shared("announcing function without a path", "alter function tenantry.announce_tenant() reset search_path"),
  shared(
    "function for everyone",
    "create function tenantry.helper() returns int language sql as 'select 1'; grant execute on function tenantry.helper() to public",
  ),
  shared(
    "definer trigger on tenants' rows",
    "create trigger t after insert on pool.documents for each row execute function tenantry.announce_tenant()",
  ),
  shared(
    "event trigger",
    "create function public.e() returns event_trigger language plpgsql as $$ begin end $$; create event trigger loot on ddl_command_end execute function public.e()",
  ),
  shared("extension dblink", "create extension dblink"),
  shared(
    "foreign server",
    "create extension postgres_fdw; create server loot foreign data wrapper postgres_fdw",
  ),
  shared("publication", "create publication loot for table pool.documents"),
  shared("catalogue open again", "grant select on pg_catalog.pg_namespace to public"),
  shared("sessions visible to the app role", "grant select on pg_catalog.pg_stat_activity to {app}"),
  shared("statistics open again", "grant select on pg_catalog.pg_stats to public"),
  shared(
    "prepared statements visible",
    "grant execute on function pg_catalog.pg_prepared_statement() to public",
  ),
  shared(
    "advisory locks open again",
    "grant execute on function pg_catalog.pg_advisory_lock(bigint) to {app}",
  ),
  shared(
    "large object for everyone",
    "do $$ declare o oid := lo_creat(-1); begin execute format('grant select on large object %s to public', o); end $$",
  ),
  shared("bridge schema gone", "drop schema {bridge} cascade"),

  // The database of a silo tenant
  silo("row security disabled", "alter table app.documents disable row level security"),
  silo("takes in other tenants' rows", "alter table app.documents drop constraint tenant_only"),
  silo("seals readable", "grant select on tenantry.seals to {silo}"),
  silo("app role connects", "grant connect on database {silo} to {app}"),
  silo("another silo's role connects", "grant connect on database {silo} to {siloOther}"),
  silo("another silo's role uses its schema", "grant usage on schema app to {siloOther}"),
  silo("another silo's role reads its tables", "grant select on app.documents to {siloOther}"),
  silo("role in another silo's", "grant {siloOther} to {silo}"),
  silo("role bypasses row security", "alter role {silo} bypassrls"),
  silo("role superuser", "alter role {silo} superuser"),
  silo("temporary tables", "grant temporary on database {silo} to {silo}"),
  silo(
    "view without the seal",
    "create or replace view tenantry.current_tenant with (security_barrier = true) as select s.tenant_id from tenantry.seals s where s.tenant_id = split_part(current_setting('tenantry.tenant', true), '.', 1)",
  ),
];
