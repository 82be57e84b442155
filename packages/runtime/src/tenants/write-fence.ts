import { createHash } from "node:crypto";
import type { Clock } from "@tenantry/base";
import type pg from "pg";
import { asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { inTransaction } from "../database/database-server.ts";
import { isSqlError } from "../database/sql-error.ts";
import { identifier, literal } from "../database/sql-text.ts";
import { errors } from "../errors.ts";
import { placeExists } from "./place-remains.ts";
import { placeTables } from "./place-tables.ts";
import { locationOf, type Place } from "./tenant-place.ts";

/**
 * Keeps a tenant from writing to a place, while its rows are copied from there.
 *
 * The gateway refuses writes of a tenant that moves, but it hears of the move a moment later, and
 * requests that it let in before are under way. So the database itself refuses them: three
 * restrictive policies per table, which only ever take rights away. Making them waits for every
 * transaction that has the table open, so that once the fence is there, nothing that was begun
 * before can still write, and nothing that begins later can.
 */
export async function raiseFence(
  access: DatabaseAccess,
  place: Place,
  clock: Clock,
  pulse: () => Promise<void>,
): Promise<void> {
  const { database, schema } = locationOf(access, place);
  await asOwner(access, database, async (owner) => {
    for (const { name } of await placeTables(owner, schema)) {
      await pulse();
      await insist(place.tenant, name, clock, () =>
        changeTable(owner, fenceStatements(place, `${identifier(schema)}.${identifier(name)}`)),
      );
    }
  });
}

/** Lets the tenant write again, or do some of it. Where the place is gone there is nothing to do. */
export async function lowerFence(
  access: DatabaseAccess,
  place: Place,
  clock: Clock,
  which: readonly FencedCommand[] = fencedCommands,
): Promise<void> {
  if (!(await placeExists(access, place))) return;
  const { database, schema } = locationOf(access, place);
  await asOwner(access, database, async (owner) => {
    for (const { name } of await placeTables(owner, schema)) {
      const statements = dropStatements(place, `${identifier(schema)}.${identifier(name)}`, which);
      await insist(place.tenant, name, clock, () => changeTable(owner, statements));
    }
  });
}

/** How long one attempt waits, and with it everybody who comes after it. */
const attemptMs = 300;
const pauseMs = 200;
const giveUpMs = 30_000;

async function changeTable(owner: pg.Client, statements: readonly string[]): Promise<void> {
  await inTransaction(owner, async () => {
    await owner.query(`set local lock_timeout = ${attemptMs}`);
    for (const statement of statements) await owner.query(statement);
  });
}

async function insist(tenant: string, table: string, clock: Clock, act: () => Promise<void>): Promise<void> {
  const startMs = clock.monotonicMs();
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isSqlError(error) || error.code !== "55P03") throw error;
      const waitedMs = Math.round(clock.monotonicMs() - startMs);
      if (waitedMs > giveUpMs) throw errors.RUNTIME_FENCE_BLOCKED({ tenant, table, waitedMs }, error);
      await clock.sleep(pauseMs);
    }
  }
}

/** The auditor knows policies of these names and exactly this form (policies-exact). */
const prefix = "write_fence_";
const clauses = { insert: "with check", update: "using", delete: "using" } as const;
type FencedCommand = keyof typeof clauses;
const fencedCommands = ["insert", "update", "delete"] as const satisfies readonly FencedCommand[];

function fenceStatements(place: Place, table: string): readonly string[] {
  const allowed = `(tenant_id <> ${literal(place.tenant)})`;
  return [
    ...dropStatements(place, table, fencedCommands),
    ...fencedCommands.map(
      (command) =>
        `create policy ${policyName(place, command)} on ${table} as restrictive for ${command} to public ${clauses[command]} ${allowed}`,
    ),
  ];
}

function dropStatements(place: Place, table: string, which: readonly FencedCommand[]): readonly string[] {
  return which.map((command) => `drop policy if exists ${policyName(place, command)} on ${table}`);
}

function policyName({ tenant }: Place, command: FencedCommand): string {
  return `${prefix}${command}_${createHash("sha256").update(tenant).digest("hex").slice(0, 16)}`;
}
