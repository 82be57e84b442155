import type { CatalogueRelation, DatabaseCatalogue } from "./database-catalogue.ts";
import type { DatabaseExpectations, TenantSchema } from "./database-expectations.ts";

export interface TenantTable {
  readonly subject: string;
  readonly relation: CatalogueRelation;
  readonly home: TenantSchema;
}

/** Every table that holds tenants' rows, partitions included. */
export function tenantTables(
  { relations }: DatabaseCatalogue,
  { tenantSchemas }: DatabaseExpectations,
): readonly TenantTable[] {
  const homes = new Map(tenantSchemas.map((home) => [home.schema, home]));
  return relations.flatMap((relation) => {
    const home = homes.get(relation.schema);
    if (home === undefined || (relation.kind !== "table" && relation.kind !== "partitioned-table")) return [];
    return [{ subject: `${relation.schema}.${relation.name}`, relation, home }];
  });
}

/** Splits a list by the table that each item belongs to, once, so that a rule does not search it per table. */
export function byTable<Item extends { readonly schema: string; readonly relation: string }>(
  items: readonly Item[],
): (table: TenantTable) => readonly Item[] {
  const groups = Map.groupBy(items, ({ schema, relation }) => `${schema}.${relation}`);
  return ({ subject }) => groups.get(subject) ?? [];
}
