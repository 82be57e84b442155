import { refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { byTable, tenantTables } from "../tenant-tables.ts";

export const keysLeadWithTenant: DatabaseRule = {
  id: "keys-lead-with-tenant",
  why: "a key over all tenants tells one tenant by its refusal that another has the value",
  fix: "make tenant_id the first column of the key or unique index",
  judge: (catalogue, expectations) => {
    const indexesOf = byTable(catalogue.uniqueIndexes);
    return tenantTables(catalogue, expectations).flatMap((table) =>
      indexesOf(table)
        .filter(({ columns }) => columns[0] !== "tenant_id")
        .map(({ name, columns }) =>
          refuted(
            table.subject,
            `${name} is unique over (${columns.map((column) => column ?? "an expression").join(", ")})`,
          ),
        ),
    );
  },
};
