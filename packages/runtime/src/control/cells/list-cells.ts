import { z } from "zod";
import { platformSchema } from "../../database/database-names.ts";
import type { ApiScope } from "../../http/api-scope.ts";
import { apiSchemas } from "../../http/schemas.ts";
import type { ControlContext } from "../control-context.ts";
import { controlListRoute } from "../control-list-route.ts";

export const cellSchema = z
  .strictObject({
    cell: z.int().min(1),
    capacity: z.int(),
    used: z.int().min(0),
    free: z.int().min(0),
    tenantsByTier: z.record(z.string(), z.int()),
  })
  .register(apiSchemas, {
    id: "Cell",
    description:
      "A slice of a region that holds many tenants. A new tenant takes the lowest free slot of the first cell that has one.",
    examples: [{ cell: 1, capacity: 90, used: 12, free: 78, tenantsByTier: { pool: 10, silo: 2 } }],
  });

interface CellRow {
  readonly cell: number;
  readonly tenants: Readonly<Record<string, number>>;
}

// Also those that are empty below the last one in use: the next tenant goes there.
const cellsStatement = `
with numbers as (
  select cell from generate_series(
    $1::integer + 1, (select greatest(1, coalesce(max(cell), 1)) from ${platformSchema}.tenants)) as cell
  order by cell limit $2
), counted as (
  select cell, tier, count(*)::integer as count
  from ${platformSchema}.tenants where cell in (select cell from numbers) group by cell, tier
)
select numbers.cell, coalesce(json_object_agg(tier, count) filter (where tier is not null), '{}') as tenants
from numbers left join counted on counted.cell = numbers.cell group by numbers.cell order by numbers.cell`;

/** `GET /control/v1/cells`. */
export function listCellsRoute(scope: ApiScope, context: ControlContext): void {
  const { capacity } = context.platform.cells;
  controlListRoute<CellRow, z.infer<typeof cellSchema>>(scope, context, {
    path: "cells",
    operationId: "listCells",
    tag: "platform",
    summary: "List the cells",
    description: "Cells up to the last one in use, and what room they have.",
    permission: "platform:read",
    filter: { shape: {}, documents: {} },
    component: "Cell",
    item: cellSchema,
    read: (_filter, { after, limit }) =>
      context.control.query<CellRow>(cellsStatement, [Number(after ?? 0), limit]),
    keyOf: ({ cell }) => String(cell),
    views: (rows) =>
      rows.map(({ cell, tenants }) => {
        const used = Object.values(tenants).reduce((sum, count) => sum + count, 0);
        return { cell, capacity, used, free: Math.max(0, capacity - used), tenantsByTier: tenants };
      }),
  });
}
