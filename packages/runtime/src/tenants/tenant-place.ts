import type { Isolation, TenantId } from "@tenantry/model";
import { adminDatabase, createOwnedDatabase } from "../database/bootstrap-database.ts";
import { hardenCatalogue } from "../database/catalogue-hardening.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema, siloSchema, tenantObjectName } from "../database/database-names.ts";
import { Sealer } from "../database/database-secrets.ts";
import { migrate, type MigrationTarget } from "../database/migrate.ts";
import { latestVersion } from "../database/migration.ts";
import {
  createBridgeRole,
  createSchema,
  prepareDatabase,
  createSiloRole,
  restrictDatabase,
} from "../database/roles.ts";
import { installCurrentTenant, keepSeal } from "../database/current-tenant.ts";

/** What is made for one tenant: a name for its role and its schema or database. Null in the pool. */
export function objectNameOf(access: DatabaseAccess, id: TenantId, isolation: Isolation): string | null {
  return isolation === "pool" ? null : tenantObjectName(access.names, access.nameKey, id);
}

/**
 * Makes sure that the tenant's place exists and its tables are at the latest version, which it
 * returns. Each step looks at what is there, so a crash anywhere is mended by running it again.
 */
export async function ensureTenantPlace(
  access: DatabaseAccess,
  id: TenantId,
  isolation: Isolation,
): Promise<number> {
  if (isolation === "pool") return ensurePooled(access, id);
  const name = tenantObjectName(access.names, access.nameKey, id);
  return isolation === "bridge" ? ensureBridge(access, id, name) : ensureSilo(access, id, name);
}

/** In the pool the tables are there; the tenant only has to be let in. */
async function ensurePooled(access: DatabaseAccess, id: TenantId): Promise<number> {
  const { database } = access.names;
  await asOwner(access, database, (owner) =>
    keepSeal(owner, id, new Sealer(access.secrets, database).seal(id)),
  );
  return latestVersion(access.migrations);
}

async function ensureBridge(access: DatabaseAccess, id: TenantId, name: string): Promise<number> {
  const { names, secrets, migrations } = access;
  await asAdmin(access, names.database, async (admin) => {
    await createBridgeRole(admin, names, name);
    await createSchema(admin, names, name);
  });
  return asOwner(access, names.database, async (owner) => {
    await keepSeal(owner, id, new Sealer(secrets, names.database).seal(id));
    return migrate(owner, tenantTarget(access, id, name, name), migrations);
  });
}

async function ensureSilo(access: DatabaseAccess, id: TenantId, name: string): Promise<number> {
  const { names, secrets, migrations } = access;
  await asAdmin(access, adminDatabase, async (admin) => {
    await createSiloRole(admin, secrets, name);
    await createOwnedDatabase(admin, names, name);
    await restrictDatabase(admin, names, name, [name]);
  });
  await asAdmin(access, name, async (admin) => {
    await prepareDatabase(admin, names, [platformSchema, siloSchema]);
    await hardenCatalogue(admin, names);
  });
  return asOwner(access, name, async (owner) => {
    await installCurrentTenant(owner, names, [name]);
    await keepSeal(owner, id, new Sealer(secrets, name).seal(id));
    return migrate(owner, tenantTarget(access, id, siloSchema, name), migrations);
  });
}

function tenantTarget(access: DatabaseAccess, id: TenantId, schema: string, role: string): MigrationTarget {
  const confinement = { schema, role, operator: access.names.operator, tenant: id };
  return { name: `tenant:${id}`, schema, confinement };
}
