import { refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { byTable, tenantTables } from "../tenant-tables.ts";

export const computedColumns: DatabaseRule = {
  id: "computed-columns",
  why: "the function in a default or generated column runs for whoever writes, and can read or keep what others wrote",
  fix: "use the system's functions and the tenant function only",
  judge: (catalogue, expectations) => {
    const { schema, name } = expectations.tenantFunction;
    const columnsOf = byTable(catalogue.columns);
    return tenantTables(catalogue, expectations).flatMap((table) =>
      columnsOf(table).flatMap((column) =>
        column.calls
          .filter((call) => call !== `${schema}.${name}`)
          .map((call) => refuted(table.subject, `${column.name} calls ${call}`)),
      ),
    );
  },
};
