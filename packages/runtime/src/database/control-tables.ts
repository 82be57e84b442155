import type pg from "pg";
import { type DatabaseNames, platformSchema } from "./database-names.ts";
import { eventTables } from "./migrations/platform-events.ts";
import { limitTables } from "./migrations/platform-limits.ts";
import { operationTables } from "./migrations/platform-operations.ts";
import { identifier } from "./sql-text.ts";

/**
 * What the control role may do in the platform's schema, by table, beside reading the registry.
 * The bootstrap grants exactly this, and the auditor refuses anything else.
 */
export const controlTables: Readonly<Record<string, readonly string[]>> = Object.freeze({
  ...eventTables,
  ...limitTables,
  ...operationTables,
});

/** In one go, so that a control plane that runs meanwhile is never without its rights. */
export async function grantControlTables(owner: pg.Client, { control }: DatabaseNames): Promise<void> {
  const role = identifier(control);
  const statements = Object.entries(controlTables).map(([table, privileges]) => {
    const name = `${platformSchema}.${identifier(table)}`;
    return `revoke all on ${name} from ${role}; grant ${privileges.join(", ")} on ${name} to ${role};`;
  });
  await owner.query(statements.join("\n"));
}
