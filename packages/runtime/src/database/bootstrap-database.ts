import type pg from "pg";
import { errors } from "../errors.ts";
import { hardenCatalogue } from "./catalogue-hardening.ts";
import { grantControlTables } from "./control-tables.ts";
import { type DatabaseNames, databaseNames, platformSchema, poolSchema } from "./database-names.ts";
import { type DatabaseSecrets, rolePassword } from "./database-secrets.ts";
import { type DatabaseCredentials, type DatabaseServer, withClient } from "./database-server.ts";
import { migrate, type MigrationTarget } from "./migrate.ts";
import type { Migration } from "./migration.ts";
import { platformMigrations } from "./migrations/platform-migrations.ts";
import { tenantMigrations } from "./migrations/tenant-migrations.ts";
import {
  closeDatabase,
  createPlatformRoles,
  prepareDatabase,
  restrictDatabase,
  serverVersionNumber,
  sharedSchemas,
} from "./roles.ts";
import { identifier } from "./sql-text.ts";
import { installCurrentTenant } from "./current-tenant.ts";

export interface BootstrapOptions {
  readonly server: DatabaseServer;
  /** A superuser, or who may create roles and databases. Used for that only. */
  readonly admin: DatabaseCredentials;
  readonly platformName: string;
  readonly secrets: DatabaseSecrets;
  /** What tenants' tables go through; the release's own list unless a test brings another. */
  readonly migrations?: readonly Migration[];
}

/** The database in which an administrator can always begin. */
export const adminDatabase = "postgres";
/** As `server_version_num` counts: PostgreSQL 15. */
export const oldestServerVersion = 150_000;

/**
 * Creates or repairs roles, database, schemas and grants, and runs the shared migrations.
 * Running it again changes nothing that is right.
 */
export async function bootstrapDatabase(options: BootstrapOptions): Promise<void> {
  const { server, admin, secrets } = options;
  const names = databaseNames(options.platformName);
  await withClient(server, admin, adminDatabase, async (client) => {
    await requireVersion(client);
    // Two processes that start together take turns; the lock ends with the connection.
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", [
      `tenantry:bootstrap:${names.prefix}`,
    ]);
    await createPlatformRoles(client, names, secrets);
    await createOwnedDatabase(client, names, names.database);
    await restrictDatabase(client, names, names.database, [names.app, names.control]);
    await createOwnedDatabase(client, names, names.workflows);
    await closeDatabase(client, names, names.workflows);
    await withClient(server, admin, names.database, async (shared) => {
      await prepareDatabase(shared, names, sharedSchemas);
      await hardenCatalogue(shared, names);
    });
    const owner = { user: names.owner, password: rolePassword(secrets, names.owner) };
    await withClient(server, owner, names.database, (shared) =>
      migrateShared(shared, names, options.migrations ?? tenantMigrations),
    );
  });
}

async function requireVersion(client: pg.Client): Promise<void> {
  if ((await serverVersionNumber(client)) >= oldestServerVersion) return;
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  throw errors.RUNTIME_DATABASE_VERSION({ version: rows[0]?.server_version ?? "unknown" });
}

/** Creates the database, or makes sure that the one of this name is the platform's own. */
export async function createOwnedDatabase(
  admin: pg.Client,
  names: DatabaseNames,
  database: string,
): Promise<void> {
  const { rows } = await admin.query<{ owner: string }>(
    "select pg_catalog.pg_get_userbyid(datdba) as owner from pg_catalog.pg_database where datname = $1",
    [database],
  );
  const owner = rows[0]?.owner;
  if (owner === names.owner) return;
  if (owner !== undefined) throw errors.RUNTIME_DATABASE_FOREIGN({ database });
  // PostgreSQL lets everybody into a new database. Until that is taken back (restrictDatabase) nobody gets in.
  await admin.query(
    `create database ${identifier(database)} owner ${identifier(names.owner)} template template0 encoding 'UTF8' allow_connections false`,
  );
}

async function migrateShared(
  owner: pg.Client,
  names: DatabaseNames,
  migrations: readonly Migration[],
): Promise<void> {
  await installCurrentTenant(owner, names, [names.app, names.tenants]);
  await migrate(owner, { name: "platform", schema: platformSchema, confinement: null }, platformMigrations);
  const registry = `${platformSchema}.tenants`;
  await owner.query(`grant usage on schema ${platformSchema} to ${identifier(names.control)}`);
  await owner.query(
    `grant select on ${registry} to ${identifier(names.control)}, ${identifier(names.operator)}`,
  );
  await grantControlTables(owner, names);
  const version = await migrate(owner, poolTarget(names), migrations);
  await owner.query(
    `update ${registry} set schema_version = $1 where isolation = 'pool' and schema_version < $1`,
    [version],
  );
}

function poolTarget(names: DatabaseNames): MigrationTarget {
  const confinement = { schema: poolSchema, role: names.app, operator: names.operator, tenant: null };
  return { name: "pool", schema: poolSchema, confinement };
}
