import { secretOf } from "./arena.ts";
import type { Probe } from "./probe.ts";

const raw = (name: string, sql: Extract<Probe, { kind: "raw" }>["sql"]): Probe => ({
  name,
  kind: "raw",
  sql,
});
const read = (name: string, sql: Extract<Probe, { kind: "raw" }>["sql"]): Probe => ({
  name,
  kind: "raw",
  sql,
  mode: "read",
});
const oracle = (name: string, pair: Extract<Probe, { kind: "oracle" }>["pair"]): Probe => ({
  name,
  kind: "oracle",
  pair,
});

export const rowProbes: readonly Probe[] = [
  // Reading
  read("read: every row of the own schema's tables", ({ schema }) => [
    `select * from ${schema}.documents`,
    `select * from ${schema}.projects`,
    `select * from ${schema}.notes`,
    `select * from ${schema}.contacts`,
    `select * from ${schema}.events`,
  ]),
  read("read: the victim's table by its schema", (_, { schema }) => [`select * from ${schema}.documents`]),
  read("read: the pool's table by its schema", () => ["select * from pool.documents"]),
  read("read: without any tenant", ({ schema }) => [
    "select set_config('tenantry.tenant', '', true)",
    `select * from ${schema}.documents`,
  ]),
  read("read: after reset of the tenant", ({ schema }) => [
    "reset tenantry.tenant",
    `select * from ${schema}.documents`,
  ]),
  read("read: lateral and correlated sub-select", ({ schema }) => [
    `select x.* from (select 1) one, lateral (select * from ${schema}.projects) x`,
    `select (select string_agg(name, ',') from ${schema}.projects p where p.tenant_id <> d.tenant_id) from ${schema}.documents d`,
  ]),
  read("read: aggregates, count and exists", ({ schema }, { id }) => [
    `select count(*) filter (where tenant_id = '${id}') as foreign_rows, case when count(*) > 1 then 'zq7 secret of eulb-count' end from ${schema}.documents`,
    `select case when exists (select from ${schema}.projects where tenant_id = '${id}') then 'zq7 secret of eulb-exists' end`,
  ]),
  read("read: error in the condition shows a row", ({ schema }) => [
    `select * from ${schema}.projects where 1 / (case when tenant_id like '%blue' then 0 else 1 end) = 1`,
  ]),
  read("read: cast error in the condition shows a value", ({ schema }) => [
    `select * from ${schema}.projects where case when tenant_id like '%blue' then name::integer else 1 end > 0`,
  ]),
  read("read: function with a notice in the condition", ({ schema }) => [
    `select * from ${schema}.projects where jsonb_build_object('n', name) @> '{}' and regexp_count(name, 'zq7') >= 0`,
  ]),
  read("read: a partition by its name", ({ schema }) => [`select * from ${schema}.events_2026`]),
  read("read: the victim's partition by its name", (_, { schema }) => [
    `select * from ${schema}.events_2026`,
  ]),
  read("read: only the parent", ({ schema }) => [`select * from only ${schema}.events`]),
  read("read: with row_security off", ({ schema }) => [
    "set local row_security = off",
    `select * from ${schema}.documents`,
  ]),
  read("read: tablesample", ({ schema }) => [
    `select * from ${schema}.documents tablesample bernoulli (100)`,
  ]),
  read("read: system columns and whole rows", ({ schema }) => [
    `select ctid, xmin, d::text from ${schema}.documents d`,
  ]),
  read("read: by tuple identifier", ({ schema }) => [
    `select * from ${schema}.documents where ctid = any (array(select format('(0,%s)', g)::tid from generate_series(1, 60) g))`,
  ]),
  read("read: a cursor in the transaction", ({ schema }) => [
    `declare c cursor for select * from ${schema}.documents`,
    "fetch all from c",
  ]),
  read("read: query_to_xml", ({ schema }) => [
    `select query_to_xml('select * from ${schema}.documents', true, false, '')`,
  ]),
  read("read: table_to_xml of the victim's table", (_, { schema }) => [
    `select table_to_xml('${schema}.documents', true, false, '')`,
  ]),
  read("read: ts_stat", ({ schema }) => [
    `select * from ts_stat('select to_tsvector(name) from ${schema}.projects')`,
  ]),
  read("read: parallel plan", ({ schema }) => [
    "set local debug_parallel_query = on",
    `select * from ${schema}.documents`,
  ]),
  raw("read: row locks on foreign rows", ({ schema }, { id }) => [
    `select * from ${schema}.documents where tenant_id = '${id}' for update skip locked`,
  ]),
  raw("read: copy to the client", ({ schema }) => [`copy ${schema}.documents to stdout`]),
  raw("read: copy to a program", ({ schema }) => [`copy ${schema}.documents to program 'cat'`]),

  // Writing
  raw("write: insert for the victim", ({ schema }, { id }) => [
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'planted', 'x')`,
  ]),
  raw("write: insert into the victim's table", (_, { id, schema }) => [
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'planted', 'x')`,
  ]),
  raw("write: insert for the victim by select", ({ schema }, { id }) => [
    `insert into ${schema}.projects (tenant_id, id, name) select '${id}', 'planted', 'x'`,
  ]),
  raw("write: give an own row to the victim", ({ schema }, { id }) => [
    `update ${schema}.projects set tenant_id = '${id}' where id = 'p1'`,
  ]),
  raw("write: update without a condition", ({ schema }) => [
    `update ${schema}.documents set version = 99 returning *`,
  ]),
  raw("write: update from the victim's rows", ({ schema }, { id }) => [
    `update ${schema}.documents d set collection = p.name from ${schema}.projects p where p.tenant_id = '${id}' returning d.*`,
  ]),
  raw("write: delete without a condition", ({ schema }) => [`delete from ${schema}.documents returning *`]),
  raw("write: delete using the victim's rows", ({ schema }, { id }) => [
    `delete from ${schema}.contacts m using ${schema}.projects p where p.tenant_id = '${id}' returning p.*`,
  ]),
  raw("write: upsert that shows the old row", ({ schema }, { id }) => [
    `insert into ${schema}.projects as p (tenant_id, id, name) values ('${id}', 'p1', 'x')
     on conflict (tenant_id, id) do update set name = p.name || excluded.name returning p.*`,
  ]),
  raw("write: merge into the victim's rows", ({ schema }, { id }) => [
    `merge into ${schema}.projects p using (select '${id}' as t) s on p.tenant_id = s.t
     when matched then update set name = 'taken' when not matched then insert (tenant_id, id, name) values (s.t, 'planted', 'x')`,
  ]),
  raw("write: merge from all rows", ({ schema }) => [
    `merge into ${schema}.contacts m using ${schema}.projects p on m.id = 'none'
     when not matched then insert (tenant_id, id, email) values (p.tenant_id, p.id, p.name)`,
    `select * from ${schema}.contacts`,
  ]),
  raw("write: common table expression that writes", ({ schema }) => [
    `with gone as (delete from ${schema}.projects returning *) select * from gone`,
  ]),
  raw("write: insert into a partition by its name", ({ schema }, { id }) => [
    `insert into ${schema}.events_2026 (tenant_id, happened_on, id, event) values ('${id}', '2026-01-01', 'x', 'x')`,
  ]),
  raw("write: truncate", ({ schema }) => [`truncate ${schema}.documents`]),
  raw("write: truncate the victim's table", (_, { schema }) => [`truncate ${schema}.documents cascade`]),
  raw("write: copy from the client", ({ schema }) => [`copy ${schema}.documents from stdin`]),
  raw("write: cascade through an own parent", ({ schema }) => [
    `delete from ${schema}.projects where id = 'p1'`,
  ]),

  // Telling whether a row exists
  oracle("existence: duplicate primary key", ({ schema }, { id }) => [
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'p1', 'x')`,
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'nothing', 'x')`,
  ]),
  oracle("existence: duplicate in a second unique key", ({ schema }, { id }) => [
    `insert into ${schema}.contacts (tenant_id, id, email) select '${id}', 'm9', '${secretOf(id)}'`,
    `insert into ${schema}.contacts (tenant_id, id, email) select '${id}', 'm9', 'nobody'`,
  ]),
  oracle("existence: the victim's key under the own tenant", ({ schema, id }, victim) => [
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'only-${victim.id}', 'x')`,
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'only-nobody', 'x')`,
  ]),
  oracle("existence: reference to the victim's row", ({ schema, id }, victim) => [
    `insert into ${schema}.notes (tenant_id, project_id, note) values ('${id}', 'only-${victim.id}', 'x')`,
    `insert into ${schema}.notes (tenant_id, project_id, note) values ('${id}', 'only-nobody', 'x')`,
  ]),
  oracle("existence: on conflict do nothing", ({ schema }, { id }) => [
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'p1', 'x') on conflict do nothing`,
    `insert into ${schema}.projects (tenant_id, id, name) values ('${id}', 'nothing', 'x') on conflict do nothing`,
  ]),
  oracle("existence: the victim's second key under the own tenant", ({ schema, id }, victim) => [
    `insert into ${schema}.contacts (tenant_id, id, email) values ('${id}', 'm9', '${secretOf(victim.id)}')`,
    `insert into ${schema}.contacts (tenant_id, id, email) values ('${id}', 'm9', 'nobody')`,
  ]),
  {
    name: "existence: the planner's row estimate in EXPLAIN",
    kind: "oracle",
    visible:
      "EXPLAIN shows estimates from statistics over all tenants of the pool; the door passes no EXPLAIN, so only an attacker with a raw session sees them",
    pair: ({ schema }, { id }) => [
      `explain (format json) select * from ${schema}.documents where tenant_id = '${id}'`,
      `explain (format json) select * from ${schema}.documents where tenant_id = 'nobody-at-all'`,
    ],
  },
];
