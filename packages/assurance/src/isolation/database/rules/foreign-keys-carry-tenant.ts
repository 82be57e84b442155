import type { CatalogueForeignKey } from "../database-catalogue.ts";
import { refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { byTable, tenantTables } from "../tenant-tables.ts";

export const foreignKeysCarryTenant: DatabaseRule = {
  id: "foreign-keys-carry-tenant",
  why: "PostgreSQL checks references past row-level security: a key without the tenant finds, and by a cascade deletes, rows of others",
  fix: "reference (tenant_id, …) from (tenant_id, …)",
  judge: (catalogue, expectations) => {
    const keysOf = byTable(catalogue.foreignKeys);
    const homes = new Set(expectations.tenantSchemas.map(({ schema }) => schema));
    const fromTenants = tenantTables(catalogue, expectations).flatMap((table) =>
      keysOf(table)
        .filter((key) => !carriesTenant(key) || key.targetSchema !== key.schema)
        .map((key) => refuted(table.subject, printKey(key))),
    );
    const intoTenants = catalogue.foreignKeys
      .filter((key) => homes.has(key.targetSchema) && !homes.has(key.schema))
      .map((key) => refuted(`${key.schema}.${key.relation}`, printKey(key)));
    return [...fromTenants, ...intoTenants];
  },
};

function carriesTenant({ columns, targetColumns }: CatalogueForeignKey): boolean {
  const position = columns.indexOf("tenant_id");
  return position !== -1 && targetColumns[position] === "tenant_id";
}

function printKey({
  name,
  columns,
  targetSchema,
  targetRelation,
  targetColumns,
}: CatalogueForeignKey): string {
  return `${name} references ${targetSchema}.${targetRelation} (${targetColumns.join(", ")}) from (${columns.join(", ")})`;
}
