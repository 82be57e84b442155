import type { Isolation, TenantId } from "@tenantry/model";
import { adminDatabase, createOwnedDatabase } from "../database/bootstrap-database.ts";
import { hardenCatalogue } from "../database/catalogue-hardening.ts";
import { asAdmin, asOwner, type DatabaseAccess } from "../database/database-access.ts";
import { platformSchema, poolSchema, siloSchema, tenantObjectName } from "../database/database-names.ts";
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
import type { TenantRow } from "./tenant-rows.ts";

/** Where a tenant's rows are, or will be. */
export interface Place {
  readonly tenant: TenantId;
  readonly isolation: Isolation;
  /** Null in the pool. */
  readonly objectName: string | null;
  readonly life: number;
}

/** The place that the registry names. */
export function placeOfRow(row: TenantRow): Place {
  const { tenant_id, isolation, object_name, life } = row;
  return { tenant: tenant_id as TenantId, isolation, objectName: object_name, life };
}

/** The other place of a tenant that moves. */
export function otherPlaceOfRow(row: TenantRow): Place | null {
  const { other_isolation: isolation, other_object_name: objectName } = row;
  return isolation === null ? null : { ...placeOfRow(row), isolation, objectName };
}

/** What is made for one tenant: a name for its role and its schema or database. Null in the pool. */
export function objectNameOf(
  access: DatabaseAccess,
  id: TenantId,
  isolation: Isolation,
  place?: string,
): string | null {
  return isolation === "pool" ? null : tenantObjectName(access.names, access.nameKey, id, place);
}

/** The database that the place is in, and its schema there. */
export function locationOf(access: DatabaseAccess, { isolation, objectName }: Place) {
  const { names } = access;
  if (isolation === "pool") return { database: names.database, schema: poolSchema, role: names.app };
  const name = objectName ?? "";
  return isolation === "bridge"
    ? { database: names.database, schema: name, role: name }
    : { database: name, schema: siloSchema, role: name };
}

/**
 * Makes sure that the tenant's place exists and its tables are at the latest version, which it
 * returns. Each step looks at what is there, so a crash anywhere is mended by running it again.
 */
export async function ensureTenantPlace(access: DatabaseAccess, place: Place): Promise<number> {
  await createTenantPlace(access, place);
  return migrateTenantPlace(access, place);
}

/** Roles, database and schema, and what lets the tenant in; no tables. */
export async function createTenantPlace(access: DatabaseAccess, place: Place): Promise<void> {
  const { names, secrets } = access;
  const { database, schema, role } = locationOf(access, place);
  if (place.isolation === "bridge") {
    await asAdmin(access, database, async (admin) => {
      await createBridgeRole(admin, names, role);
      await createSchema(admin, names, schema);
    });
  }
  if (place.isolation === "silo") {
    await asAdmin(access, adminDatabase, async (admin) => {
      await createSiloRole(admin, secrets, role);
      await createOwnedDatabase(admin, names, database);
      await restrictDatabase(admin, names, database, [role]);
    });
    await asAdmin(access, database, async (admin) => {
      await prepareDatabase(admin, names, [platformSchema, siloSchema]);
      await hardenCatalogue(admin, names);
    });
  }
  await asOwner(access, database, async (owner) => {
    if (place.isolation === "silo") await installCurrentTenant(owner, names, [role]);
    await keepSeal(owner, place.tenant, new Sealer(secrets, database).seal(place.tenant, place.life));
  });
}

/** Brings the tables of a place that exists to the latest version. In the pool they are there. */
export async function migrateTenantPlace(access: DatabaseAccess, place: Place): Promise<number> {
  const { migrations } = access;
  if (place.isolation === "pool") return latestVersion(migrations);
  const { database } = locationOf(access, place);
  return asOwner(access, database, (owner) => migrate(owner, tenantTarget(access, place), migrations));
}

/** Stands in the migrations table of the database that the place is in. */
export const migrationTargetOf = (tenant: TenantId) => `tenant:${tenant}`;

function tenantTarget(access: DatabaseAccess, place: Place): MigrationTarget {
  const { schema, role } = locationOf(access, place);
  const confinement = { schema, role, operator: access.names.operator, tenant: place.tenant };
  return { name: migrationTargetOf(place.tenant), schema, confinement };
}
