import type pg from "pg";
import { type DatabaseNames, databaseNames, platformSchema } from "./database-names.ts";
import { type DatabaseSecrets, rolePassword } from "./database-secrets.ts";
import { type DatabaseCredentials, type DatabaseServer, withClient } from "./database-server.ts";
import type { Migration } from "./migration.ts";

/** What the parts that create and migrate need to reach the databases of one platform. */
export interface DatabaseAccess {
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
  readonly secrets: DatabaseSecrets;
  readonly names: DatabaseNames;
  /** See tenantObjectName. */
  readonly nameKey: Uint8Array;
  readonly migrations: readonly Migration[];
}

export async function openAccess(options: {
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
  readonly secrets: DatabaseSecrets;
  readonly platformName: string;
  readonly migrations: readonly Migration[];
}): Promise<DatabaseAccess> {
  const names = databaseNames(options.platformName);
  const owner = { user: names.owner, password: rolePassword(options.secrets, names.owner) };
  const nameKey = await withClient(options.server, owner, names.database, async (client) => {
    const { rows } = await client.query<{ key: Buffer }>(`select key from ${platformSchema}.name_key`);
    return rows[0]?.key ?? Buffer.alloc(0);
  });
  const { server, admin, secrets, migrations } = options;
  return Object.freeze({ server, admin, secrets, names, nameKey, migrations });
}

export function asAdmin<Result>(
  { server, admin }: DatabaseAccess,
  database: string,
  fn: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  return withClient(server, admin, database, fn);
}

export function asOwner<Result>(
  { server, names, secrets }: DatabaseAccess,
  database: string,
  fn: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  return withClient(
    server,
    { user: names.owner, password: rolePassword(secrets, names.owner) },
    database,
    fn,
  );
}
