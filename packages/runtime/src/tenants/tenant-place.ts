import type { Isolation, TenantId } from "@tenantry/model";
import { adminDatabase, createOwnedDatabase } from "../database/bootstrap-database.ts";
import { hardenCatalogue } from "../database/catalogue-hardening.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema, siloSchema, tenantObjectName } from "../database/database-names.ts";
import { Sealer } from "../database/database-secrets.ts";
import { migrate, type MigrationTarget } from "../database/migrate.ts";
import { latestVersion } from "../database/migration.ts";
import { createBridgeRole, createSchemas, createSiloRole, restrictDatabase } from "../database/roles.ts";
import { installCurrentTenant } from "../database/current-tenant.ts";

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
  if (isolation === "pool") return latestVersion(access.migrations);
  const name = tenantObjectName(access.names, access.nameKey, id);
  return isolation === "bridge" ? ensureBridge(access, id, name) : ensureSilo(access, id, name);
}

async function ensureBridge(access: DatabaseAccess, id: TenantId, name: string): Promise<number> {
  const { names, migrations } = access;
  await asAdmin(access, names.database, async (admin) => {
    await createBridgeRole(admin, names, name);
    await createSchemas(admin, names, [name]);
  });
  return asOwner(access, names.database, (owner) => migrate(owner, tenantTarget(access, id, name, name), migrations));
}

async function ensureSilo(access: DatabaseAccess, id: TenantId, name: string): Promise<number> {
  const { names, secrets, migrations } = access;
  await asAdmin(access, adminDatabase, async (admin) => {
    await createSiloRole(admin, secrets, name);
    await createOwnedDatabase(admin, names, name);
    await restrictDatabase(admin, names, name, [name]);
  });
  await asAdmin(access, name, async (admin) => {
    await createSchemas(admin, names, [platformSchema, siloSchema]);
    await hardenCatalogue(admin, names);
  });
  return asOwner(access, name, async (owner) => {
    await installCurrentTenant(owner, names, new Sealer(secrets, name), [name]);
    return migrate(owner, tenantTarget(access, id, siloSchema, name), migrations);
  });
}

function tenantTarget(access: DatabaseAccess, id: TenantId, schema: string, role: string): MigrationTarget {
  const confinement = { schema, role, operator: access.names.operator, tenant: id };
  return { name: `tenant:${id}`, schema, confinement };
}

