import { createHash, createHmac } from "node:crypto";
import { isTenantId, type TenantId } from "@tenantry/model";
import { errors } from "../errors.ts";

/** The names of one platform's roles and databases on a PostgreSQL server. */
export interface DatabaseNames {
  readonly prefix: string;
  /** The database that all pool and bridge tenants share, and that holds the registry. */
  readonly database: string;
  /** The database of the engine that runs operations; no tenant's, and closed to all but the owner. */
  readonly workflows: string;
  /** Owns databases, schemas and tables; runs migrations. */
  readonly owner: string;
  /** Serves pool tenants, and may become the role of a bridge tenant. */
  readonly app: string;
  /** Reads and writes the registry, nothing else. */
  readonly control: string;
  /** Reads across tenants for audited operations. */
  readonly operator: string;
  /** What every bridge role is a member of; it may ask for the tenant of the transaction. */
  readonly tenants: string;
}

/** The registry, the seals and the tenant view. In every database of the platform. */
export const platformSchema = "tenantry";
/** The tables of all pool tenants, in the shared database. */
export const poolSchema = "pool";
/** The tables of a silo tenant, in its own database. */
export const siloSchema = "app";

const platformNamePattern = /^[a-z][a-z0-9-]{0,23}$/;

export function databaseNames(platformName: string): DatabaseNames {
  if (!platformNamePattern.test(platformName)) throw errors.RUNTIME_PLATFORM_NAME({ name: platformName });
  const prefix = platformName.replaceAll("-", "_");
  return Object.freeze({
    prefix,
    database: prefix,
    workflows: `${prefix}_workflows`,
    owner: `${prefix}_owner`,
    app: `${prefix}_app`,
    control: `${prefix}_control`,
    operator: `${prefix}_operator`,
    tenants: `${prefix}_tenants`,
  });
}

/**
 * The name of a bridge tenant's schema and role, and of a silo tenant's database and role.
 *
 * Everyone who can connect can turn object ids into names (`oid::regnamespace`) and tell a
 * missing schema from a forbidden one, whatever is revoked. So the name says nothing: it is a
 * keyed hash of the tenant id. The registry keeps it beside the id, for people.
 */
export function tenantObjectName(
  names: DatabaseNames,
  nameKey: Uint8Array,
  tenant: TenantId,
  /** Sets a place apart from another one of the same tenant, while it moves. */
  place = "",
): string {
  if (!isTenantId(tenant)) throw errors.RUNTIME_TENANT_ID({ id: String(tenant) });
  const text = place === "" ? tenant : `${tenant}#${place}`;
  const digest = createHmac("sha256", nameKey).update(text).digest("hex");
  return `${names.prefix}_t_${digest.slice(0, 24)}`;
}

/** What a notification about the tenant carries instead of its id; the registry's trigger computes the same. */
export function changeToken(nameKey: Uint8Array, tenant: string): string {
  const inner = createHash("sha256").update(nameKey).update(tenant).digest();
  return createHash("sha256").update(nameKey).update(inner).digest("hex").slice(0, 32);
}
