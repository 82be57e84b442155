import { auditCatalogue, type DatabaseExpectations, type Verdict } from "@tenantry/assurance";
import type pg from "pg";
import { bridgeSchemas, expectShared, expectSiloNamed, siloDatabases } from "./audit-database.ts";
import { readCatalogue } from "./catalogue.ts";
import { type DatabaseNames, databaseNames } from "./database-names.ts";
import { type DatabaseSecrets, rolePassword } from "./database-secrets.ts";
import { type DatabaseCredentials, type DatabaseServer, withClient } from "./database-server.ts";
import { isSuperuser } from "./roles.ts";
import { identifier } from "./sql-text.ts";

export interface AuditOptions {
  readonly server: DatabaseServer;
  /** The administrator, or the owner role itself. */
  readonly credentials: DatabaseCredentials;
  readonly platformName: string;
  /** Whether a superuser set the server up; without it, whether the credentials are one's. */
  readonly systemCatalogue?: DatabaseExpectations["systemCatalogue"];
}

type Expect = (
  owner: pg.Client,
  systemCatalogue: DatabaseExpectations["systemCatalogue"],
) => Promise<DatabaseExpectations>;

/**
 * Judges the shared database and every silo's without the platform's secrets, and changes nothing: neither migrations
 * nor roles, as a start would.
 *
 * @throws RUNTIME_DATABASE_UNAVAILABLE, RUNTIME_DATABASE_CREDENTIALS
 */
export async function auditFromOutside(options: AuditOptions): Promise<readonly Verdict[]> {
  const names = databaseNames(options.platformName);
  const silos: (readonly [tenant: Parameters<typeof expectSiloNamed>[1], database: string])[] = [];
  const shared = await auditOne(options, names, names.database, async (owner, systemCatalogue) => {
    silos.push(...(await siloDatabases(owner)));
    return expectShared({ names }, await bridgeSchemas(owner), systemCatalogue);
  });
  const verdicts = [...shared];
  for (const [tenant, database] of silos) {
    const expect: Expect = async (_, systemCatalogue) =>
      expectSiloNamed({ names }, tenant, systemCatalogue, database);
    verdicts.push(...(await auditOne(options, names, database, expect)));
  }
  return verdicts;
}

async function auditOne(
  { server, credentials, systemCatalogue }: AuditOptions,
  names: DatabaseNames,
  database: string,
  expect: Expect,
): Promise<readonly Verdict[]> {
  return withClient(server, credentials, database, async (client) => {
    const setUpBy = systemCatalogue ?? ((await isSuperuser(client)) ? "closed" : "cannot-be-closed");
    // The catalogue is read as by the owner role, whose view of it is what the auditor knows.
    await client.query(`set role ${identifier(names.owner)}`);
    const expectations = await expect(client, setUpBy);
    return auditCatalogue(await readCatalogue(client), expectations);
  });
}

/** The owner role of a platform's databases, for whoever has the platform's secrets. */
export function databaseOwner(platformName: string, secrets: DatabaseSecrets): DatabaseCredentials {
  const { owner } = databaseNames(platformName);
  return { user: owner, password: rolePassword(secrets, owner) };
}
