import type pg from "pg";
import type { DatabaseNames } from "./database-names.ts";
import { isSuperuser } from "./roles.ts";
import { literal } from "./sql-text.ts";

/**
 * PostgreSQL lets everyone read its catalogues: the names of all schemas, roles and databases,
 * the sessions of other tenants, the statements prepared on a shared connection. Queries do not
 * need those rights, so a database of the platform takes them from PUBLIC and leaves them to the
 * owner. Only a superuser can; on a managed service without one the names are still opaque (see
 * tenantObjectName) and the store prepares no named statements.
 */

/** Functions that reach across tenants on a shared server, as a pattern over pg_proc.proname. */
export const sharedStateFunctions =
  "^(pg_stat_.*|pg_(try_)?advisory_(xact_)?(lock|unlock)(_shared)?|pg_prepared_statement|pg_prepared_xact|pg_cursor" +
  "|pg_lock_status|pg_blocking_pids|pg_notify|pg_listening_channels|pg_notification_queue_usage|pg_cancel_backend" +
  "|pg_terminate_backend|pg_export_snapshot|pg_get_(viewdef|functiondef|constraintdef|indexdef|ruledef|triggerdef|expr" +
  "|userbyid|partkeydef|function_arguments|function_sqlbody|acl|serial_sequence|publication_tables)" +
  "|pg_describe_object|pg_identify_object(_as_address)?|(sh)?obj_description|col_description" +
  "|lo_.*|loread|lowrite|(query|table|cursor|schema|database)_to_xml.*|ts_stat" +
  "|pg_(database|tablespace|relation|total_relation|table|indexes)_size|pg_relation_filenode|pg_relation_filepath" +
  "|pg_filenode_relation|pg_logical_emit_message|pg_show_all_settings|pg_show_all_file_settings|pg_sequence_last_value)$";

const statement = (names: DatabaseNames) => `
do $tenantry$
declare
  item record;
begin
  for item in
    select c.oid::regclass as name from pg_catalog.pg_class c
    where c.relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      and c.relkind in ('r', 'v', 'm', 'p', 'f')
      and exists (select from pg_catalog.aclexplode(c.relacl) where grantee = 0)
  loop
    execute format('grant select on table %s to %I, %I', item.name, ${literal(names.owner)}, ${literal(names.operator)});
    execute format('revoke all on table %s from public', item.name);
  end loop;
  for item in
    select c.oid::regclass as name from pg_catalog.pg_class c
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v')
      and exists (
        select from pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl)
        where a.attrelid = c.oid and a.attacl is not null and grantee = 0
      )
  loop
    execute format('revoke all on table %s from public', item.name);
  end loop;
  for item in
    select p.oid::regprocedure as name from pg_catalog.pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
      and p.proname ~ ${literal(sharedStateFunctions)}
      and (p.proacl is null or exists (select from pg_catalog.aclexplode(p.proacl) where grantee = 0))
  loop
    execute format('grant execute on function %s to %I', item.name, ${literal(names.owner)});
    execute format('revoke all on function %s from public', item.name);
  end loop;
end
$tenantry$;
`;

/** Closes the catalogues of the connected database. Returns whether it could. */
export async function hardenCatalogue(admin: pg.Client, names: DatabaseNames): Promise<boolean> {
  if (!(await isSuperuser(admin))) return false;
  await admin.query(statement(names));
  return true;
}
