import { createHash } from "node:crypto";
import { assert } from "@tenantry/base";

/**
 * One step forward. Its tables are named without a schema: the runner decides where they go, and
 * afterwards confines every table of the schema to its tenant (see confinement.ts).
 */
export interface Migration {
  /** 1, 2, 3, … without a gap. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** Tables of its own whose rows the application adds and reads, and can never change or delete. */
  readonly appendOnly?: readonly string[];
}

/** The tables that all these migrations together call append-only. */
export function appendOnlyTables(migrations: readonly Migration[]): ReadonlySet<string> {
  return new Set(migrations.flatMap((migration) => migration.appendOnly ?? []));
}

export function checksum(migration: Migration): string {
  return createHash("sha256").update(migration.sql).digest("hex");
}

export function latestVersion(migrations: readonly Migration[]): number {
  for (const [index, migration] of migrations.entries()) {
    assert(migration.version === index + 1, `migration ${migration.name} is out of order`);
  }
  return migrations.length;
}
