import type { DatabaseCatalogue } from "@tenantry/assurance";
import { sharedStateFunctions } from "./catalogue-hardening.ts";
import { literal } from "./sql-text.ts";

/** A sorted array of the rows, as JSON; empty rather than null. */
const list = (select: string) =>
  `select coalesce(json_agg(item order by item::text collate "C"), '[]') from (${select}) as item`;
/** A sorted array of the values in the only column. */
const values = (select: string) =>
  `select coalesce(json_agg(item.value order by item.value), '[]') from (${select}) as item(value)`;
const nested = (select: string) => `(${list(select)})`;
const namedArray = (select: string) =>
  `(select coalesce(json_agg(v.value order by v.position), '[]') from (${select}) as v(value, position))`;

const grantee = "case acl.grantee when 0 then 'public' else pg_get_userbyid(acl.grantee) end";
/** The rights in an access list, or in the default one of the kind where there is none. */
const grants = (column: string, kind: string, owner: string) =>
  nested(
    `select ${grantee} as grantee, acl.privilege_type as privilege, acl.is_grantable as grantable
     from aclexplode(coalesce(${column}, acldefault('${kind}', ${owner}))) acl where acl.grantee <> ${owner}`,
  );
const oneGrant = `json_build_object('grantee', ${grantee}, 'privilege', acl.privilege_type, 'grantable', acl.is_grantable) as grant`;

const isOurs = (oid: string) =>
  `${oid} in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')`;
const columnNames = (table: string, numbers: string) =>
  namedArray(
    `select a.attname, u.ordinal from unnest(${numbers}) with ordinality u(number, ordinal)
     left join pg_attribute a on a.attrelid = ${table} and a.attnum = u.number`,
  );

const relationKind =
  "case c.relkind when 'r' then 'table' when 'p' then 'partitioned-table' when 'v' then 'view'" +
  " when 'm' then 'materialized-view' when 'f' then 'foreign-table' else 'sequence' end";

/** One query for each part of the catalogue; each gives one JSON value. */
export const catalogueQueries: Readonly<Record<Exclude<keyof DatabaseCatalogue, "kind">, string>> = {
  database: "select to_json(current_database())",
  serverVersion: "select to_json(current_setting('server_version_num')::integer)",
  roles: list(
    `select rolname as name, rolsuper as superuser, rolbypassrls as "bypassesRowSecurity", rolcreaterole as "createsRoles",
       rolcreatedb as "createsDatabases", rolreplication as replicates, rolinherit as inherits, rolcanlogin as "logsIn"
     from pg_roles where rolname !~ '^pg_'`,
  ),
  // The options of a membership are newer than the oldest server; to_jsonb answers null for what is not there.
  memberships: list(
    `select pg_get_userbyid(m.roleid) as group, pg_get_userbyid(m.member) as member,
       coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit) as inherits,
       coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) as sets, m.admin_option as administers
     from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname !~ '^pg_'`,
  ),
  roleSettings: list(
    `select case s.setrole when 0 then '' else pg_get_userbyid(s.setrole) end as role, d.datname as database,
       split_part(c.value, '=', 1) as name, substr(c.value, strpos(c.value, '=') + 1) as value
     from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) c(value)`,
  ),
  databases: list(
    `select d.datname as name, pg_get_userbyid(d.datdba) as owner, ${grants("d.datacl", "d", "d.datdba")} as grants
     from pg_database d where not d.datistemplate and d.datallowconn`,
  ),
  schemas: list(
    `select n.nspname as name, pg_get_userbyid(n.nspowner) as owner, ${grants("n.nspacl", "n", "n.nspowner")} as grants
     from pg_namespace n where ${isOurs("n.oid")}`,
  ),
  relations: list(
    `select n.nspname as schema, c.relname as name, ${relationKind} as kind, pg_get_userbyid(c.relowner) as owner,
       case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid, false) end as definition,
       c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "rowSecurityForced",
       (${values("select pn.nspname || '.' || p.relname from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace where i.inhrelid = c.oid")}) as parents,
       coalesce(to_json(c.reloptions), '[]') as options,
       (${values("select r.rulename from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'")}) as rules,
       ${nested(
         `select ${grantee} as grantee, acl.privilege_type as privilege, acl.is_grantable as grantable
          from aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) acl
          where acl.grantee <> c.relowner
          union select ${grantee}, acl.privilege_type, acl.is_grantable
          from pg_attribute a, aclexplode(a.attacl) acl
          where a.attrelid = c.oid and a.attacl is not null and acl.grantee <> c.relowner`,
       )} as grants
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${isOurs("n.oid")}`,
  ),
  columns: list(
    `select n.nspname as schema, c.relname as relation, a.attname as name, a.attnotnull as "notNull",
       pg_get_expr(d.adbin, d.adrelid) as expression,
       (${values("select pn.nspname || '.' || p.proname from pg_depend dep join pg_proc p on p.oid = dep.refobjid join pg_namespace pn on pn.oid = p.pronamespace where dep.classid = 'pg_attrdef'::regclass and dep.objid = d.oid and dep.refclassid = 'pg_proc'::regclass and pn.nspname !~ '^pg_'")}) as calls
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and ${isOurs("n.oid")}`,
  ),
  policies: list(
    `select n.nspname as schema, c.relname as relation, p.polname as name,
       case when p.polpermissive then 'permissive' else 'restrictive' end as kind,
       case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end as command,
       (${values("select case r when 0 then 'public' else pg_get_userbyid(r) end from unnest(p.polroles) r")}) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
     from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
     where ${isOurs("n.oid")}`,
  ),
  uniqueIndexes: list(
    `select n.nspname as schema, c.relname as relation, x.relname as name,
       ${columnNames("i.indrelid", "i.indkey::smallint[]")} as columns
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
     join pg_namespace n on n.oid = c.relnamespace
     where (i.indisunique or i.indisexclusion) and ${isOurs("n.oid")}`,
  ),
  foreignKeys: list(
    `select n.nspname as schema, c.relname as relation, k.conname as name, ${columnNames("k.conrelid", "k.conkey")} as columns,
       tn.nspname as "targetSchema", t.relname as "targetRelation", ${columnNames("k.confrelid", "k.confkey")} as "targetColumns"
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
     where k.contype = 'f' and ${isOurs("n.oid")}`,
  ),
  checks: list(
    `select n.nspname as schema, c.relname as relation, k.conname as name,
       pg_get_expr(k.conbin, k.conrelid) as expression, k.convalidated as valid
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'c' and ${isOurs("n.oid")}`,
  ),
  functions: list(
    `select n.nspname as schema, p.proname as name, pg_get_function_arguments(p.oid) as arguments,
       pg_get_userbyid(p.proowner) as owner, l.lanname as language,
       case p.prokind when 'f' then 'function' when 'p' then 'procedure' when 'a' then 'aggregate' else 'window' end as kind,
       p.prosecdef as definer,
       case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
       case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
       coalesce(to_json(p.proconfig), '[]') as settings,
       encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') as "bodyHash", ${grants("p.proacl", "f", "p.proowner")} as grants
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where ${isOurs("n.oid")}
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`,
  ),
  triggers: list(
    `select n.nspname as schema, c.relname as relation, t.tgname as name,
       pn.nspname || '.' || p.proname as function, p.prosecdef as definer
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_proc p on p.oid = t.tgfoid join pg_namespace pn on pn.oid = p.pronamespace
     where not t.tgisinternal and ${isOurs("n.oid")}`,
  ),
  eventTriggers: values("select evtname from pg_event_trigger"),
  extensions: values("select extname from pg_extension"),
  foreignServers: values("select srvname from pg_foreign_server"),
  publications: values("select pubname from pg_publication"),
  defaultPrivileges: list(
    `select pg_get_userbyid(d.defaclrole) as role, n.nspname as schema,
       case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end as objects,
       ${oneGrant}
     from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) acl
     where acl.grantee <> d.defaclrole`,
  ),
  closedFunctionDefaults: values(
    `select pg_get_userbyid(d.defaclrole) from pg_default_acl d
     where d.defaclnamespace = 0 and d.defaclobjtype = 'f' and not exists (select from aclexplode(d.defaclacl) where grantee = 0)`,
  ),
  parameterGrants: list(
    `select p.parname as parameter, ${oneGrant} from pg_parameter_acl p, aclexplode(p.paracl) acl where acl.grantee <> 10`,
  ),
  largeObjectGrants: list(
    `select distinct ${grantee} as grantee, acl.privilege_type as privilege, acl.is_grantable as grantable
     from pg_largeobject_metadata m, aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) acl`,
  ),
  systemRelationGrants: list(
    `select n.nspname || '.' || c.relname as relation, ${oneGrant}
     from pg_class c join pg_namespace n on n.oid = c.relnamespace,
       lateral (
         select * from aclexplode(c.relacl)
         union select x.* from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and a.attacl is not null
       ) acl
     where n.nspname in ('pg_catalog', 'information_schema') and acl.grantee <> c.relowner`,
  ),
  sharedStateGrants: list(
    `select p.oid::regprocedure::text as function, ${oneGrant}
     from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
     where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and p.proname ~ ${literal(sharedStateFunctions)}
       and acl.grantee <> p.proowner`,
  ),
};
