import { adminDatabase } from "../database/bootstrap-database.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { identifier } from "../database/sql-text.ts";
import { unforced } from "./remove-place.ts";
import { placeTables } from "./place-tables.ts";
import { locationOf, type Place } from "./tenant-place.ts";

/** Whether the schema, or the database with the schema, is there. */
export async function placeExists(access: DatabaseAccess, place: Place): Promise<boolean> {
  const { database, schema } = locationOf(access, place);
  if (place.isolation === "silo" && !(await exists(access, adminDatabase, databaseText, database)))
    return false;
  return exists(access, database, schemaText, schema);
}

const databaseText = "select from pg_catalog.pg_database where datname = $1";
const schemaText = "select from pg_catalog.pg_namespace where nspname = $1";
const roleText = "select from pg_catalog.pg_roles where rolname = $1";

/** What is left of a tenant in a place that was removed: rows in the pool; schema, database or role elsewhere. */
export async function placeRemains(access: DatabaseAccess, place: Place): Promise<readonly string[]> {
  const { database, schema, role } = locationOf(access, place);
  if (place.isolation === "pool") return pooledRemains(access, place);
  const remains: string[] = [];
  if (place.isolation === "bridge" && (await exists(access, database, schemaText, schema)))
    remains.push(`schema ${schema}`);
  if (place.isolation === "silo" && (await exists(access, adminDatabase, databaseText, database)))
    remains.push(`database ${database}`);
  if (await exists(access, adminDatabase, roleText, role)) remains.push(`role ${role}`);
  return remains;
}

/** As the owner and past row-level security: nobody else could tell absence from being shut out. */
async function pooledRemains(access: DatabaseAccess, place: Place): Promise<readonly string[]> {
  const { database, schema } = locationOf(access, place);
  const remains: string[] = [];
  await asOwner(access, database, async (owner) => {
    for (const { name } of await placeTables(owner, schema)) {
      const { rows } = await unforced(owner, schema, name, () =>
        owner.query(`select from ${identifier(schema)}.${identifier(name)} where tenant_id = $1 limit 1`, [
          place.tenant,
        ]),
      );
      if (rows.length > 0) remains.push(`rows in ${schema}.${name}`);
    }
  });
  return remains;
}

function exists(access: DatabaseAccess, database: string, text: string, name: string): Promise<boolean> {
  return asAdmin(access, database, async (admin) => {
    const { rowCount } = await admin.query(text, [name]);
    return rowCount !== 0;
  });
}
