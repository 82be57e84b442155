import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { byTable, tenantTables } from "../tenant-tables.ts";

export const tenantColumn: DatabaseRule = {
  id: "tenant-column",
  why: "a row without a tenant belongs to nobody, and a unique key treats two nulls as different",
  fix: "alter table … alter column tenant_id set not null",
  judge: (catalogue, expectations) => {
    const columnsOf = byTable(catalogue.columns);
    const findings: Finding[] = [];
    for (const table of tenantTables(catalogue, expectations)) {
      const column = columnsOf(table).find(({ name }) => name === "tenant_id");
      if (column === undefined) findings.push(refuted(table.subject, "has no column tenant_id"));
      else if (!column.notNull) findings.push(refuted(table.subject, "tenant_id may be null"));
    }
    return findings;
  },
};
