import { isCodedError } from "@tenantry/base";
import type pg from "pg";
import { errors } from "../errors.ts";
import { type Confinement, confineSchema, releaseSchema } from "./confinement.ts";
import { platformSchema } from "./database-names.ts";
import { inTransaction } from "./database-server.ts";
import { appendOnlyTables, checksum, latestVersion, type Migration } from "./migration.ts";
import { identifier } from "./sql-text.ts";

/** A place with tables and a version of its own. */
export interface MigrationTarget {
  /** Stands in the migrations table: `platform`, `pool` or `tenant:<id>`. */
  readonly name: string;
  readonly schema: string;
  /** Null for the platform's own tables, which no tenant reaches. */
  readonly confinement: Confinement | null;
}

/**
 * Brings one target to the latest version; returns it. Each migration, its confinement and its
 * record commit together, so a crash leaves the target exactly at some version. Processes that
 * migrate the same target wait for each other.
 */
export async function migrate(
  owner: pg.Client,
  target: MigrationTarget,
  migrations: readonly Migration[],
): Promise<number> {
  const latest = latestVersion(migrations);
  const lock = `tenantry:migrate:${target.name}`;
  await owner.query("select pg_advisory_lock(hashtextextended($1, 0))", [lock]);
  try {
    const applied = await verifyApplied(owner, target, migrations, latest);
    const appendOnly = appendOnlyTables(migrations);
    for (const migration of migrations.slice(applied))
      await applyMigration(owner, target, migration, appendOnly);
    if (applied === latest && target.confinement !== null) {
      const { confinement } = target;
      await inTransaction(owner, () => confineSchema(owner, confinement, appendOnly));
    }
    return latest;
  } finally {
    await owner.query("select pg_advisory_unlock(hashtextextended($1, 0))", [lock]).catch(() => undefined);
  }
}

async function verifyApplied(
  owner: pg.Client,
  target: MigrationTarget,
  migrations: readonly Migration[],
  latest: number,
): Promise<number> {
  const { rows } = await owner.query<{ version: number; name: string; checksum: string }>(
    `select version, name, checksum from ${platformSchema}.migrations where target = $1 order by version`,
    [target.name],
  );
  for (const row of rows) {
    const known = migrations[row.version - 1];
    if (known === undefined) {
      throw errors.RUNTIME_MIGRATION_AHEAD({ target: target.name, version: row.version, known: latest });
    }
    if (checksum(known) !== row.checksum) {
      throw errors.RUNTIME_MIGRATION_CHANGED({ target: target.name, version: row.version, name: row.name });
    }
  }
  return rows.length;
}

async function applyMigration(
  owner: pg.Client,
  target: MigrationTarget,
  migration: Migration,
  appendOnly: ReadonlySet<string>,
): Promise<void> {
  try {
    await inTransaction(owner, async () => {
      if (target.confinement !== null) await releaseSchema(owner, target.schema);
      await owner.query(`set local search_path = ${identifier(target.schema)}, pg_temp`);
      await owner.query(migration.sql);
      await owner.query("set local search_path = pg_catalog, pg_temp");
      if (target.confinement !== null) await confineSchema(owner, target.confinement, appendOnly);
      await owner.query(
        `insert into ${platformSchema}.migrations (target, version, name, checksum) values ($1, $2, $3, $4)`,
        [target.name, migration.version, migration.name, checksum(migration)],
      );
    });
  } catch (cause) {
    if (isCodedError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.RUNTIME_MIGRATION_FAILED({ target: target.name, version: migration.version, reason }, cause);
  }
}
