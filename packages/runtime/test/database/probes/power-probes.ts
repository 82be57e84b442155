import { createHmac } from "node:crypto";
import type { Probe } from "./probe.ts";

const raw = (name: string, sql: Extract<Probe, { kind: "raw" }>["sql"], visible?: string): Probe => ({
  name,
  kind: "raw",
  sql,
  ...(visible === undefined ? {} : { visible }),
});
const become = (setting: string) => `select set_config('tenantry.tenant', ${setting}, true)`;

export const powerProbes: readonly Probe[] = [
  // Another tenant's identity
  raw("identity: the victim's id without a seal", ({ schema }, { id }) => [
    become(`'${id}'`),
    `select * from ${schema}.documents`,
  ]),
  raw("identity: the victim's id with the own seal", ({ schema, seal }, { id }) => [
    become(`'${id}.${seal.split(".")[1]}'`),
    `select * from ${schema}.documents`,
  ]),
  raw("identity: the own setting with the id replaced in place", ({ schema }, { id }) => [
    become(
      `replace(current_setting('tenantry.tenant'), split_part(current_setting('tenantry.tenant'), '.', 1), '${id}')`,
    ),
    `select * from ${schema}.documents`,
  ]),
  raw("identity: seals of obvious keys", ({ schema }, { id }) =>
    ["", "secret", "tenantry", id].flatMap((key) => [
      become(`'${id}.${createHmac("sha256", key).update(id).digest("hex")}'`),
      `select * from ${schema}.documents`,
    ]),
  ),
  raw("identity: odd settings", ({ schema }, { id }) =>
    [`${id}.`, `.${id}`, `${id}.%`, `${id}.null`, "%", ".", `${id}.${"0".repeat(64)}`].flatMap((text) => [
      become(`'${text}'`),
      `select * from ${schema}.documents`,
    ]),
  ),
  raw("identity: the victim's true seal for another database", (attacker, { seal, database }) =>
    // In its own database the seal is the victim's; nobody but the store knows it there.
    database === attacker.database
      ? [become("''"), `select * from ${attacker.schema}.documents`]
      : [become(`'${seal}'`), `select * from ${attacker.schema}.documents`],
  ),
  raw("identity: set role to the victim's", (_, { role, schema }) => [
    `set role "${role}"`,
    `select * from ${schema}.documents`,
  ]),
  raw("identity: set role to the victim's with its id", (_, { role, schema, id }) => [
    `set local role "${role}"`,
    become(`'${id}'`),
    `select * from ${schema}.documents`,
  ]),
  raw("identity: set role to the owner", ({ role, schema }) => [
    `set role "${role.replace(/_(app|t_.*)$/, "_owner")}"`,
    `select * from ${schema}.documents`,
  ]),
  raw("identity: set role to the operator", ({ role, schema }) => [
    `set role "${role.replace(/_(app|t_.*)$/, "_operator")}"`,
    `select * from ${schema}.documents`,
  ]),
  raw("identity: set session authorization", (_, { login, schema }) => [
    `set session authorization "${login}"`,
    `select * from ${schema}.documents`,
  ]),
  raw("identity: reset role and read the pool", () => ["reset role", "select * from pool.documents"]),
  raw("identity: reset session authorization", ({ schema }) => [
    "reset session authorization",
    `select * from ${schema}.documents`,
  ]),
  raw("identity: grant oneself a role", ({ role }) => [`grant pg_read_all_data to "${role}"`]),
  raw("identity: alter the own role", ({ login }) => [`alter role "${login}" bypassrls`]),
  raw("identity: keep activity tracked", () => ["set track_activities = on"]),

  // Keys and the platform's own tables
  raw("platform: read the seals", () => ["select * from tenantry.seals"]),
  raw("platform: read the name key", () => ["select key from tenantry.name_key"]),
  raw("platform: keep a seal of one's own for the victim", ({ schema }, { id }) => [
    `insert into tenantry.seals (tenant_id, seal) values ('${id}', 'x')`,
    `update tenantry.seals set seal = 'x' where tenant_id = '${id}'`,
    become("'x'"),
    `select * from ${schema}.documents`,
  ]),
  raw("platform: read the registry", () => ["select * from tenantry.tenants"]),
  raw("platform: read the migrations", () => ["select * from tenantry.migrations"]),
  raw("platform: write the registry", ({ id }) => [
    `update tenantry.tenants set isolation = 'pool' where tenant_id = '${id}'`,
  ]),
  raw("platform: replace the tenant view", () => [
    "create or replace view tenantry.current_tenant as select 'pool-blue'::text as tenant_id",
  ]),
  raw("platform: condition pushed into the tenant view", () => [
    "select * from tenantry.current_tenant where seal is not null",
    "select s from tenantry.current_tenant",
    "select * from tenantry.current_tenant where 1 / (length(tenant_id) - 8) = 9",
    "select * from tenantry.current_tenant, lateral (select set_config('app.seen', tenant_id, true)) x",
    "select current_setting('app.seen', true)",
  ]),
  raw("platform: call the trigger's function", () => ["select tenantry.announce_tenant()"]),
  raw("platform: seals in the plan of a query", ({ schema }) => [
    `explain (verbose, analyze, costs off) select * from ${schema}.documents`,
  ]),

  // Changing what holds
  raw("schema: disable row-level security", ({ schema }) => [
    `alter table ${schema}.documents disable row level security`,
  ]),
  raw("schema: no force row-level security", ({ schema }) => [
    `alter table ${schema}.documents no force row level security`,
  ]),
  raw("schema: add a policy", ({ schema }) => [`create policy open on ${schema}.documents using (true)`]),
  raw("schema: drop the policy", ({ schema }) => [`drop policy tenant_confinement on ${schema}.documents`]),
  raw("schema: create a table", ({ schema }) => [
    `create table ${schema}.loot as select * from ${schema}.documents`,
  ]),
  raw("schema: create a view", ({ schema }) => [
    `create view ${schema}.loot as select * from ${schema}.documents`,
  ]),
  raw("schema: create a function", ({ schema }) => [
    `create function ${schema}.loot() returns text language sql security definer as 'select 1::text'`,
  ]),
  raw("schema: create a trigger", ({ schema }) => [
    `create trigger t before insert on ${schema}.documents for each row execute function suppress_redundant_updates_trigger()`,
  ]),
  raw("schema: create in public", () => ["create table public.loot (a text)"]),
  raw("schema: create a schema", () => ["create schema loot"]),
  raw("schema: create a temporary table", ({ schema }) => [
    `create temporary table loot as select * from ${schema}.documents`,
  ]),
  raw("schema: create an operator in a temporary schema", () => [
    "create function pg_temp.f() returns int language sql as 'select 1'",
  ]),
  raw("schema: references to the victim's table", (_, { schema }) => [
    `alter table ${schema}.notes add foreign key (project_id) references ${schema}.projects (id)`,
  ]),
  raw("schema: comment on the victim's table", (_, { schema }) => [
    `comment on table ${schema}.documents is 'seen'`,
  ]),
  raw("schema: disable triggers by replication role", () => ["set session_replication_role = replica"]),
  raw("schema: do block", ({ schema }) => [
    `do $$ declare r record; begin for r in select * from ${schema}.projects where tenant_id like '%blue' loop raise exception '%', r.name; end loop; end $$`,
  ]),

  // The server beyond the tables
  raw("server: list schemas", () => ["select nspname from pg_namespace"]),
  raw("server: list roles", () => ["select rolname from pg_roles"]),
  raw("server: list databases", () => ["select datname from pg_database"]),
  raw("server: list tables and columns", () => [
    "select relname from pg_class",
    "select * from information_schema.tables",
  ]),
  raw("server: names by object identifier", () => [
    "select distinct g::regnamespace::text, g::regrole::text from generate_series(16384, 30000) g",
  ]),
  raw("server: constraints that name tenants", () => ["select conname, conbin from pg_constraint"]),
  raw("server: constraint text by object identifier", () => [
    "select pg_get_constraintdef(g::oid) from generate_series(16384, 30000) g",
  ]),
  raw("server: bodies of functions", () => ["select prosrc from pg_proc"]),
  raw("server: view text by name", () => ["select pg_get_viewdef('tenantry.current_tenant'::regclass)"]),
  raw("server: statistics of columns", () => ["select * from pg_stats", "select * from pg_statistic"]),
  raw("server: activity of sessions", () => ["select * from pg_stat_activity"]),
  raw("server: activity by function", () => ["select * from pg_stat_get_activity(null)"]),
  raw("server: statement statistics", () => ["select * from pg_stat_statements"]),
  raw("server: table statistics", () => [
    "select * from pg_stat_all_tables",
    "select pg_stat_get_live_tuples(g::oid) from generate_series(16384, 20000) g",
  ]),
  raw("server: locks", () => ["select * from pg_locks"]),
  raw("server: prepared statements", () => [
    "select * from pg_prepared_statements",
    "select * from pg_prepared_statement()",
  ]),
  raw("server: cursors", () => ["select * from pg_cursors", "select * from pg_cursor()"]),
  raw("server: password hashes", () => ["select rolpassword from pg_authid", "select passwd from pg_shadow"]),
  raw("server: settings of roles", () => ["select * from pg_db_role_setting"]),
  raw("server: connect elsewhere by dblink", (_, { database }) => [
    `select * from dblink('dbname=${database}', 'select 1') as t(a int)`,
    "create extension dblink",
  ]),
  raw("server: foreign server", () => ["create extension postgres_fdw", "create foreign data wrapper w"]),
  raw("server: read files", () => [
    "select pg_read_file('postgresql.auto.conf')",
    "select pg_read_binary_file('PG_VERSION')",
  ]),
  raw("server: list files", () => ["select pg_ls_dir('.')", "select * from pg_ls_logdir()"]),
  raw("server: file into a table", ({ schema }) => [`copy ${schema}.documents from '/etc/passwd'`]),
  raw("server: large object by function", () => ["select lo_creat(-1)", "select lo_from_bytea(0, 'x')"]),
  raw("server: list large objects", () => [
    "select * from pg_largeobject_metadata",
    "select * from pg_largeobject",
  ]),
  raw("server: sequence values", ({ schema }) => [
    `select last_value from ${schema}.notes_id_seq`,
    `select nextval('${schema}.notes_id_seq')`,
  ]),
  raw("server: sequence of the victim", (_, { schema }) => [`select nextval('${schema}.notes_id_seq')`]),
  raw("server: last value of the session", () => ["select lastval()"]),
  raw("server: notify another session", () => ["select pg_notify('loot', 'x')"]),
  raw("server: cancel and terminate sessions", () => [
    "select pg_cancel_backend(1)",
    "select pg_terminate_backend(1)",
  ]),
  raw("server: advisory lock", () => ["select pg_advisory_lock(1)", "select pg_try_advisory_xact_lock(1)"]),
  raw("server: export a snapshot", () => ["select pg_export_snapshot()"]),
  raw("server: sizes", (_, { database, schema }) => [
    `select pg_database_size('${database}')`,
    `select pg_relation_size('${schema}.documents')`,
  ]),
  raw("server: reload and system settings", () => [
    "select pg_reload_conf()",
    "alter system set log_statement = 'all'",
  ]),
  raw("server: load a library", () => ["load 'auto_explain'"]),
  raw("server: publication and replication slot", ({ schema }) => [
    `create publication loot for table ${schema}.documents`,
    "select pg_create_physical_replication_slot('loot')",
  ]),
  raw("server: write-ahead log messages", () => ["select pg_logical_emit_message(false, 'a', 'b')"]),
  {
    name: "server: whether a tenant's place exists, by its name",
    kind: "oracle",
    // The true name is a keyed hash; what can be guessed is the id. Guesses must all fail alike.
    pair: (_, { id }) => [
      `select * from tenant_${id.replaceAll("-", "_")}.documents`,
      "select * from tenant_nobody_at_all.documents",
    ],
  },
  {
    name: "server: whether a tenant's role exists, by its name",
    kind: "oracle",
    pair: (_, { id }) => [`set role "${id}"`, 'set role "nobody-at-all"'],
  },
];
