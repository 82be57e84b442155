import type pg from "pg";
import { type DatabaseNames, platformSchema, poolSchema } from "./database-names.ts";
import { type DatabaseSecrets, rolePassword } from "./database-secrets.ts";
import { isSqlError } from "./sql-error.ts";
import { identifier, literal } from "./sql-text.ts";

/** What no role of the platform may ever do. */
const powerless = "nocreatedb nocreaterole";
/** The same; only a superuser may even say so. New roles have none of it. */
const powerlessBySuperuser = "nosuperuser noreplication nobypassrls";

/** How long a tenant's query waits for a lock. */
export const lockTimeout = "5s";

/**
 * Settings of the roles that run tenants' queries. The search path finds nothing but the
 * catalogue, so an unqualified name fails instead of finding another tenant's table; activity is
 * not tracked, so no session can read the text of another's query; the timeouts bound what an
 * abandoned transaction can hold. Every index leads with the tenant, so one plan serves all of them;
 * left alone, PostgreSQL plans pages anew each time, which costs more than the row-level security.
 */
const tenantRoleSettings: readonly (readonly [string, string])[] = [
  ["search_path", "pg_catalog, pg_temp"],
  ["row_security", "on"],
  ["statement_timeout", "15s"],
  ["lock_timeout", lockTimeout],
  ["idle_in_transaction_session_timeout", "15s"],
  ["jit", "off"],
  ["plan_cache_mode", "force_generic_plan"],
  ["track_activities", "off"],
  ["client_connection_check_interval", "2s"],
];

/** Settings that a managed service or an operating system may not let us make. */
const optionalSettings = new Set(["track_activities", "client_connection_check_interval"]);

/** What the auditor insists on where it can be had. */
export function requiredTenantRoleSettings(can: "hide-activity" | "not-hide-activity") {
  return tenantRoleSettings
    .filter(
      ([name]) => !optionalSettings.has(name) || (name === "track_activities" && can === "hide-activity"),
    )
    .map(([name, value]) => ({ name, value }));
}

export async function createPlatformRoles(
  admin: pg.Client,
  names: DatabaseNames,
  secrets: DatabaseSecrets,
): Promise<void> {
  const login = (role: string) => `login password ${literal(rolePassword(secrets, role))}`;
  await ensureRole(admin, names.owner, `inherit ${login(names.owner)}`);
  await ensureRole(admin, names.app, `noinherit ${login(names.app)}`);
  await ensureRole(admin, names.control, `noinherit ${login(names.control)}`);
  await ensureRole(admin, names.operator, `noinherit ${login(names.operator)}`);
  await ensureRole(admin, names.tenants, "noinherit nologin");
  await letOperatorSeeAll(admin, names.operator);
  await setTenantRoleSettings(admin, names.app);
  await setRole(admin, names.control, "search_path", "pg_catalog, pg_temp");
  await setRole(admin, names.control, "statement_timeout", "5s");
  await setRole(admin, names.operator, "default_transaction_read_only", "on");
  await setRole(admin, names.operator, "search_path", "pg_catalog, pg_temp");
  await setRole(admin, names.operator, "statement_timeout", "60s");
  await joinOwner(admin, names.owner);
}

/** Where the administrator may not give this away, operators see what row-level security shows: nothing. */
async function letOperatorSeeAll(admin: pg.Client, operator: string): Promise<void> {
  try {
    await admin.query(`alter role ${identifier(operator)} bypassrls`);
  } catch (error) {
    if (!isSqlError(error) || error.code !== "42501") throw error;
  }
}

/** Whoever is no superuser must be a member of the owner to give it databases and schemas. */
async function joinOwner(admin: pg.Client, owner: string): Promise<void> {
  if (await isSuperuser(admin)) return;
  const options = (await serverVersionNumber(admin)) < 160_000 ? "" : " with inherit true, set true";
  await admin.query(`grant ${identifier(owner)} to current_user${options}`);
}

export async function isSuperuser(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ rolsuper: boolean }>(
    "select rolsuper from pg_catalog.pg_roles where rolname = current_user",
  );
  return rows[0]?.rolsuper === true;
}

/** The role of a bridge tenant: it cannot log in; the app role may become it, and inherits nothing from it. */
export async function createBridgeRole(admin: pg.Client, names: DatabaseNames, role: string): Promise<void> {
  await ensureRole(admin, role, "inherit nologin");
  await grantMembership(admin, names.tenants, role, "inherit");
  await grantMembership(admin, role, names.app, "set");
}

/** The role of a silo tenant: a login of its own that knows one database. */
export async function createSiloRole(
  admin: pg.Client,
  secrets: DatabaseSecrets,
  role: string,
): Promise<void> {
  const password = literal(rolePassword(secrets, role));
  await ensureRole(admin, role, `noinherit login password ${password}`);
  await setTenantRoleSettings(admin, role);
}

async function ensureRole(admin: pg.Client, role: string, attributes: string): Promise<void> {
  const { rowCount } = await admin.query("select from pg_catalog.pg_roles where rolname = $1", [role]);
  const verb = rowCount === 0 ? "create" : "alter";
  const powers = (await isSuperuser(admin)) ? `${powerless} ${powerlessBySuperuser}` : powerless;
  await admin.query(`${verb} role ${identifier(role)} ${powers} ${attributes}`);
}

async function grantMembership(
  admin: pg.Client,
  group: string,
  member: string,
  how: "inherit" | "set",
): Promise<void> {
  const version = await serverVersionNumber(admin);
  // Before 16 a membership has no options of its own: the member's own attribute decides.
  const options =
    version < 160_000
      ? ""
      : how === "inherit"
        ? " with admin false, inherit true, set false"
        : " with admin false, inherit false, set true";
  await admin.query(`grant ${identifier(group)} to ${identifier(member)}${options}`);
}

export async function serverVersionNumber(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::integer as version",
  );
  return rows[0]?.version ?? 0;
}

async function setTenantRoleSettings(admin: pg.Client, role: string): Promise<void> {
  for (const [name, value] of tenantRoleSettings) await setRole(admin, role, name, value);
}

async function setRole(admin: pg.Client, role: string, name: string, value: string): Promise<void> {
  try {
    // A search path is a list of names; every other value is one string.
    const text = name === "search_path" ? value : literal(value);
    await admin.query(`alter role ${identifier(role)} set ${name} = ${text}`);
  } catch (error) {
    const refused = isSqlError(error) && (error.code === "42501" || error.code === "22023");
    if (!refused || !optionalSettings.has(name)) throw error;
  }
}

/** Who may enter a database at all. */
export async function restrictDatabase(
  admin: pg.Client,
  names: DatabaseNames,
  database: string,
  roles: readonly string[],
): Promise<void> {
  const entrants = [names.owner, names.operator, ...roles].map(identifier).join(", ");
  await admin.query(`revoke all on database ${identifier(database)} from public`);
  await admin.query(`grant connect on database ${identifier(database)} to ${entrants}`);
  await openDatabase(admin, database);
}

/** A new database is shut (createOwnedDatabase) until it says who may come in. */
async function openDatabase(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`alter database ${identifier(database)} allow_connections true`);
}

/** Only the owner, who may whatever is said here, enters the database. */
export async function closeDatabase(admin: pg.Client, names: DatabaseNames, database: string): Promise<void> {
  await admin.query(
    `revoke all on database ${identifier(database)} from public, ${identifier(names.operator)}`,
  );
  await openDatabase(admin, database);
}

/** What a database of the platform needs once: its schemas, and nothing that everyone may create or call. */
export async function prepareDatabase(
  admin: pg.Client,
  names: DatabaseNames,
  schemas: readonly string[],
): Promise<void> {
  const owner = identifier(names.owner);
  await admin.query("revoke all on schema public from public");
  await admin.query(`alter default privileges for role ${owner} revoke all on functions from public`);
  await admin.query(`alter default privileges for role ${owner} revoke all on types from public`);
  for (const schema of schemas) await createSchema(admin, names, schema);
}

/** A schema belongs to the owner. Touches nothing else, so that tenants can be onboarded side by side. */
export async function createSchema(admin: pg.Client, names: DatabaseNames, schema: string): Promise<void> {
  await admin.query(
    `create schema if not exists ${identifier(schema)} authorization ${identifier(names.owner)}`,
  );
  await admin.query(`revoke all on schema ${identifier(schema)} from public`);
}

export const sharedSchemas = [platformSchema, poolSchema] as const;
