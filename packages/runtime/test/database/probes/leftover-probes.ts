import type { Probe } from "./probe.ts";
import type { Player } from "./arena.ts";

/** What the next tenant of a session must not find, and what must not disturb it. */
const ownRows = ({ schema }: Player) => `select count(*)::integer as count from ${schema}.documents`;
const ownWrite = ({ schema }: Player) =>
  `update ${schema}.documents set version = version where id = 'd1' returning 1 as count`;

export const leftoverProbes: readonly Probe[] = [
  {
    name: "leftover: holdable cursor over the victim's rows",
    kind: "after-victim",
    victim: ({ schema }) => [`declare loot cursor with hold for select * from ${schema}.projects`],
    attacker: () => ["fetch all from loot"],
  },
  {
    name: "leftover: settings that hold the victim's values",
    kind: "after-victim",
    victim: ({ schema }) => [
      `select set_config('app.note', (select max(name) from ${schema}.projects), false)`,
    ],
    attacker: () => ["select current_setting('app.note', true)"],
  },
  {
    name: "leftover: the victim's tenant set for the session",
    kind: "after-victim",
    victim: ({ seal }) => [`select set_config('tenantry.tenant', '${seal}', false)`],
    attacker: ({ schema }) => [`select * from ${schema}.projects`],
  },
  {
    name: "leftover: the victim's tenant after its transaction",
    kind: "after-victim",
    victim: () => ["select 1"],
    attacker: ({ schema }) => [
      "rollback",
      `select * from ${schema}.projects`,
      "select current_setting('tenantry.tenant', true)",
    ],
  },
  {
    name: "leftover: temporary table of the victim",
    kind: "after-victim",
    victim: ({ schema }) => [`create temporary table loot as select * from ${schema}.projects`],
    attacker: () => ["select * from pg_temp.loot"],
  },
  {
    name: "leftover: statements that the door prepared for the victim",
    kind: "after-victim",
    victim: ({ schema, id }) => [`select * from ${schema}.projects where tenant_id = '${id}'`],
    attacker: () => [
      "select name, statement from pg_prepared_statements",
      "select * from pg_prepared_statement()",
      ...Array.from({ length: 9 }, (_, index) => `execute "${index}"`),
    ],
  },
  {
    name: "leftover: statement that the victim prepared by hand",
    visible:
      "PREPARE does not pass the door; where both sides have a raw session, the text of such a statement can be run by its name, on the rows of whoever runs it",
    kind: "after-victim",
    victim: ({ schema, id }) => [`prepare loot as select '${id}', * from ${schema}.projects`],
    attacker: () => ["select statement from pg_prepared_statements", "execute loot"],
  },
  {
    name: "leftover: last sequence value of the victim",
    kind: "after-victim",
    victim: ({ schema, id }) => [
      `insert into ${schema}.notes (tenant_id, project_id, note) values ('${id}', 'p1', 'x')`,
      "rollback",
      "begin",
    ],
    attacker: ({ schema }) => [`select currval('${schema}.notes_id_seq')`],
  },
  {
    name: "leftover: channel that the victim listens to",
    kind: "after-victim",
    victim: () => ["listen loot"],
    attacker: () => ["select * from pg_listening_channels()"],
  },
  {
    name: "disturb: statement_timeout for the session",
    kind: "before-victim",
    attacker: () => ["select set_config('statement_timeout', '1', false)"],
    victim: ({ schema }) => `select count(*)::integer as count from ${schema}.documents, pg_sleep(0.02)`,
  },
  {
    name: "disturb: read-only by default",
    kind: "before-victim",
    attacker: () => ["select set_config('default_transaction_read_only', 'on', false)"],
    victim: ownWrite,
  },
  {
    name: "disturb: another isolation level by default",
    kind: "before-victim",
    attacker: () => ["select set_config('default_transaction_isolation', 'serializable', false)"],
    victim: ({ schema }) =>
      `select count(*)::integer as count from ${schema}.documents where current_setting('transaction_isolation') = 'read committed'`,
  },
  {
    name: "disturb: search path",
    kind: "before-victim",
    attacker: ({ schema }) => [`select set_config('search_path', '${schema}', false)`],
    victim: ({ schema }) =>
      `select count(*)::integer as count from ${schema}.documents where current_setting('search_path') = 'pg_catalog, pg_temp'`,
  },
  {
    name: "disturb: role for the session",
    kind: "before-victim",
    attacker: ({ role }) => [`select set_config('role', '${role}', false)`],
    victim: ownRows,
  },
  {
    name: "disturb: row_security off for the session",
    kind: "before-victim",
    attacker: () => ["select set_config('row_security', 'off', false)"],
    victim: ownRows,
  },
  {
    name: "disturb: planner settings",
    kind: "before-victim",
    attacker: () => [
      "select set_config('enable_indexscan', 'off', false), set_config('work_mem', '64kB', false)",
    ],
    victim: ({ schema }) =>
      `select count(*)::integer as count from ${schema}.documents where current_setting('enable_indexscan') = 'on'`,
  },
  {
    name: "disturb: date style and time zone",
    kind: "before-victim",
    attacker: () => [
      "select set_config('datestyle', 'German', false), set_config('timezone', 'Asia/Tokyo', false)",
    ],
    victim: ({ schema }) =>
      `select count(*)::integer as count from ${schema}.documents where current_setting('datestyle') not like 'German%'`,
  },
  {
    name: "disturb: failed transaction",
    kind: "before-victim",
    attacker: () => ["select 1 / 0"],
    victim: ownRows,
    end: "rollback",
  },
  {
    name: "disturb: transaction left open",
    kind: "before-victim",
    attacker: () => ["commit", "begin isolation level repeatable read, read only", "select 1"],
    victim: ownWrite,
    end: "rollback",
  },
  {
    name: "disturb: all prepared statements dropped",
    kind: "before-victim",
    attacker: () => ["deallocate all"],
    victim: ownRows,
  },
  {
    name: "disturb: cursor with a common name",
    kind: "before-victim",
    attacker: () => ["declare c cursor with hold for select 1"],
    victim: ownRows,
  },
];
