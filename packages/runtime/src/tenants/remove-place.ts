import type pg from "pg";
import { adminDatabase } from "../database/bootstrap-database.ts";
import { tenantSetting } from "../database/current-tenant.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema, poolSchema } from "../database/database-names.ts";
import { rolePassword } from "../database/database-secrets.ts";
import { inTransaction, withClient } from "../database/database-server.ts";
import { appendOnlyTables } from "../database/migration.ts";
import { identifier } from "../database/sql-text.ts";
import { placeTables } from "./place-tables.ts";
import { migrationTargetOf, type Place } from "./tenant-place.ts";

/** Rows of one tenant that are deleted at once: few enough that nobody else notices. */
const batchRows = 2_000;

export interface RemovalPorts {
  /** Opens the tenant's rows in the pool. */
  readonly seal: string;
  readonly pulse: () => Promise<void>;
}

/**
 * Removes all that a tenant has in a place. Running it again removes what is left. Its seal in the
 * shared database stays: another place of the tenant may need it.
 */
export async function removePlace(access: DatabaseAccess, place: Place, ports: RemovalPorts): Promise<void> {
  if (place.isolation === "pool") await removePooledRows(access, place, ports);
  else if (place.isolation === "bridge") await removeBridge(access, place);
  else await removeSilo(access, place);
}

/**
 * Schema, role and what knows of them go in one transaction: whoever judges the catalogue
 * meanwhile finds all of it or nothing.
 */
async function removeBridge(access: DatabaseAccess, { tenant, objectName }: Place): Promise<void> {
  const { names } = access;
  const name = identifier(objectName ?? "");
  await asAdmin(access, names.database, (admin) =>
    inTransaction(admin, async () => {
      await admin.query(`drop schema if exists ${name} cascade`);
      await admin.query(`delete from ${platformSchema}.migrations where target = $1`, [
        migrationTargetOf(tenant),
      ]);
      await admin.query(
        `update ${platformSchema}.tenants set schema_version = case when object_name = $2 then 0 else schema_version end,
           other_isolation = case when other_object_name = $2 then null else other_isolation end,
           other_object_name = case when other_object_name = $2 then null else other_object_name end
         where tenant_id = $1 and (object_name = $2 or other_object_name = $2)`,
        [tenant, objectName],
      );
      await dropRole(admin, objectName ?? "");
    }),
  );
}

async function removeSilo(access: DatabaseAccess, { objectName }: Place): Promise<void> {
  const name = identifier(objectName ?? "");
  await asAdmin(access, adminDatabase, async (admin) => {
    await admin.query(`drop database if exists ${name} with (force)`);
    await dropRole(admin, objectName ?? "");
  });
}

async function dropRole(admin: pg.Client, role: string): Promise<void> {
  await admin.query(`drop role if exists ${identifier(role)}`);
}

/** As the role that serves the pool, which sees this tenant's rows and no others. */
async function removePooledRows(access: DatabaseAccess, place: Place, ports: RemovalPorts): Promise<void> {
  const { names } = access;
  const appendOnly = appendOnlyTables(access.migrations);
  const tables = await asOwner(access, names.database, (owner) => placeTables(owner, poolSchema));
  // Those that refer to others first.
  for (const { name } of tables.toReversed()) {
    const remove = appendOnly.has(name) ? removeAsOwner : removeAsTenant;
    await remove(access, place, name, ports);
  }
}

async function removeAsTenant(
  access: DatabaseAccess,
  { tenant }: Place,
  table: string,
  { seal, pulse }: RemovalPorts,
): Promise<void> {
  const { server, names, secrets } = access;
  const app = { user: names.app, password: rolePassword(secrets, names.app) };
  await withClient(server, app, names.database, async (client) => {
    for (let removed = batchRows; removed === batchRows;) {
      await pulse();
      removed = await inTransaction(client, async () => {
        await client.query("select set_config($1, $2, true)", [tenantSetting, seal]);
        return deleteBatch(client, table, tenant);
      });
    }
  });
}

/**
 * Rows that no role may delete, such as those of the audit trail: as the owner, for whom row-level
 * security is switched off for a moment, in a transaction that holds the table so that nobody else sees it.
 */
async function removeAsOwner(
  access: DatabaseAccess,
  { tenant }: Place,
  table: string,
  { pulse }: RemovalPorts,
): Promise<void> {
  await asOwner(access, access.names.database, async (owner) => {
    for (let removed = batchRows; removed === batchRows;) {
      await pulse();
      removed = await unforced(owner, poolSchema, table, () => deleteBatch(owner, table, tenant));
    }
  });
}

async function deleteBatch(client: pg.Client, table: string, tenant: string): Promise<number> {
  const name = `${identifier(poolSchema)}.${identifier(table)}`;
  const { rowCount } = await client.query(
    `delete from ${name} where tenant_id = $1 and ctid = any (array(
       select ctid from ${name} where tenant_id = $1 limit ${batchRows}))`,
    [tenant],
  );
  return rowCount ?? 0;
}

/** How long others may wait behind the wish for a table, in milliseconds. */
const lockWaitMs = 500;

/** Runs the function as an owner who sees every row of the table. Others wait for the table meanwhile. */
export async function unforced<Result>(
  owner: pg.Client,
  schema: string,
  table: string,
  fn: () => Promise<Result>,
): Promise<Result> {
  const name = `${identifier(schema)}.${identifier(table)}`;
  return inTransaction(owner, async () => {
    await owner.query(`set local lock_timeout = ${lockWaitMs}`);
    await owner.query(`alter table ${name} no force row level security`);
    const result = await fn();
    await owner.query(`alter table ${name} force row level security`);
    return result;
  });
}
