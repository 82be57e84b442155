import type { QueryResultRow } from "pg";
import type { ControlDatabase } from "../database/control-database.ts";
import { platformSchema } from "../database/database-names.ts";

/** Conditions by their left side, such as `tenant_id =`; those without a value do not count. */
export type Conditions = readonly (readonly [string, unknown])[];

/** A page of a table whose rows have a position, the newest first. The key is the position. */
export function newestFirst<Row extends QueryResultRow & { readonly position: string }>(
  database: ControlDatabase,
  table: { readonly name: string; readonly columns: string },
  conditions: Conditions,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly Row[]> {
  const all = [...conditions, ["position <", page.after ?? undefined] as const];
  const given = all.filter(([, value]) => value !== undefined);
  const where = given.map(([condition], index) => `${condition} $${index + 2}`).join(" and ");
  return database.query<Row>(
    `select ${table.columns} from ${platformSchema}.${table.name}
     ${where === "" ? "" : `where ${where}`} order by position desc limit $1`,
    [page.limit, ...given.map(([, value]) => value)],
  );
}
