import type pg from "pg";
import { tenantFunctionName, tenantViewName } from "./current-tenant.ts";
import { platformSchema } from "./database-names.ts";
import { identifier, literal } from "./sql-text.ts";

/** Whose rows a schema holds, and which role works on them. */
export interface Confinement {
  readonly schema: string;
  readonly role: string;
  readonly operator: string;
  /** The one tenant of a bridge schema or silo database; null in the pool. */
  readonly tenant: string | null;
}

/** Grants: lets the role see rows at all. */
export const grantPolicy = "tenant_access";
/** Confines: restrictive, so a further permissive policy opens nothing. */
export const confinePolicy = "tenant_confinement";
export const onlyTenantConstraint = "tenant_only";
/** Evaluated once per statement because it is a sub-select. */
const tenantPredicate = `(tenant_id = (select c.tenant_id from ${platformSchema}.${tenantViewName} c))`;

interface TableRow {
  readonly name: string;
  readonly is_partition: boolean;
  readonly is_only_tenant: boolean;
}

/**
 * Confines every table of the schema to the tenant of the transaction: forced row-level security,
 * one policy that grants and one that confines, no right that row-level security does not
 * govern. A migration cannot forget it, because the runner calls it after each.
 *
 * @param appendOnly names of tables whose rows the role can add and read, and never change or delete
 */
export async function confineSchema(
  owner: pg.Client,
  confinement: Confinement,
  appendOnly: ReadonlySet<string>,
): Promise<void> {
  const { schema, role, operator } = confinement;
  const tables = await tablesOf(owner, schema);
  const parts = [
    `grant usage on schema ${identifier(schema)} to ${identifier(role)}, ${identifier(operator)}`,
    ...tables.flatMap((table) => confineTable(table, confinement, appendOnly.has(table.name))),
  ];
  await owner.query(parts.join(";\n"));
}

/** Lets the owner see rows while a migration moves data; the transaction holds the tables until they are confined again. */
export async function releaseSchema(owner: pg.Client, schema: string): Promise<void> {
  const tables = await tablesOf(owner, schema);
  const parts = tables.map(
    ({ name }) => `alter table ${qualified(schema, name)} no force row level security`,
  );
  if (parts.length > 0) await owner.query(parts.join(";\n"));
}

async function tablesOf(owner: pg.Client, schema: string): Promise<readonly TableRow[]> {
  const { rows } = await owner.query<TableRow>(
    `select c.relname as name, c.relispartition as is_partition,
       exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.conname = $2) as is_only_tenant
     from pg_catalog.pg_class c
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')
     order by c.relispartition, c.relname`,
    [identifier(schema), onlyTenantConstraint],
  );
  return rows;
}

function confineTable(
  table: TableRow,
  { schema, role, operator, tenant }: Confinement,
  isAppendOnly: boolean,
): readonly string[] {
  const name = qualified(schema, table.name);
  const parts = [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    `alter table ${name} alter column tenant_id set default ${platformSchema}.${tenantFunctionName}()`,
    `drop policy if exists ${grantPolicy} on ${name}`,
    `drop policy if exists ${confinePolicy} on ${name}`,
    `create policy ${grantPolicy} on ${name} as permissive for all to ${identifier(role)} using (true) with check (true)`,
    `create policy ${confinePolicy} on ${name} as restrictive for all to public using ${tenantPredicate} with check ${tenantPredicate}`,
    `revoke all on table ${name} from public, ${identifier(role)}`,
    `grant select on table ${name} to ${identifier(operator)}`,
  ];
  // A partition is reached through its parent only; a right of its own would pass the parent's policies.
  if (!table.is_partition) {
    const rights = isAppendOnly ? "select, insert" : "select, insert, update, delete";
    parts.push(`grant ${rights} on table ${name} to ${identifier(role)}`);
  }
  if (tenant !== null && !table.is_partition && !table.is_only_tenant) {
    parts.push(
      `alter table ${name} add constraint ${onlyTenantConstraint} check (tenant_id = ${literal(tenant)})`,
    );
  }
  return parts;
}

const qualified = (schema: string, name: string) => `${identifier(schema)}.${identifier(name)}`;
