import { errors } from "../errors.ts";
import { adminDatabase, oldestServerVersion } from "./bootstrap-database.ts";
import { type DatabaseCredentials, type DatabaseServer, withClient } from "./database-server.ts";

/**
 * Looks whether a server can carry a platform, and changes nothing on it.
 *
 * @throws CodedError RUNTIME_DATABASE_UNAVAILABLE, RUNTIME_DATABASE_CREDENTIALS, RUNTIME_DATABASE_VERSION,
 *   RUNTIME_DATABASE_RIGHTS
 */
export async function checkDatabaseServer(
  server: DatabaseServer,
  admin: DatabaseCredentials,
): Promise<{ readonly version: string }> {
  const facts = await withClient(server, admin, adminDatabase, async (client) => {
    const { rows } = await client.query<{ version: string; number: number; able: boolean }>(
      `select current_setting('server_version') as version,
              current_setting('server_version_num')::int as number,
              rolsuper or (rolcreaterole and rolcreatedb) as able
         from pg_catalog.pg_roles where rolname = current_user`,
    );
    return rows[0] ?? { version: "unknown", number: 0, able: false };
  });
  const { version } = facts;
  if (facts.number < oldestServerVersion) throw errors.RUNTIME_DATABASE_VERSION({ version });
  if (!facts.able) throw errors.RUNTIME_DATABASE_RIGHTS({ user: admin.user, ...addressOf(server) });
  return { version };
}

function addressOf({ host, port }: DatabaseServer): { readonly host: string; readonly port: number } {
  return { host, port };
}
