import { sql } from "kysely";
import type { ReadQueries, TenantStore } from "../tenant-store/tenant-store.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { ApiKeyGrant, SignInGrant } from "./grants.ts";
import { type TenantPermission, tenantPermissions } from "./permissions.ts";

/** A sign-in together with the member whose it is. */
export function signInOf(db: ReadQueries, tenant: Tenant, id: string) {
  return db
    .selectFrom("sign_ins")
    .innerJoin("members", (join) =>
      join
        .onRef("members.tenant_id", "=", "sign_ins.tenant_id")
        .onRef("members.id", "=", "sign_ins.member_id"),
    )
    .where("sign_ins.tenant_id", "=", tenant.id)
    .where("sign_ins.id", "=", id);
}

/** Who has signed in; null where either does not hold any more. */
export async function findSignIn(
  store: TenantStore,
  tenant: Tenant,
  id: string,
): Promise<SignInGrant | null> {
  const rows = await store.read(tenant, (db) =>
    signInOf(db, tenant, id)
      .select(["members.id", "members.email", "members.role"])
      .where("sign_ins.revoked_at", "is", null)
      .where("members.status", "=", "active"),
  );
  const row = rows[0];
  return row === undefined ? null : { member: row.id, email: row.email, role: row.role };
}

export async function findApiKey(
  store: TenantStore,
  tenant: Tenant,
  prefix: string,
): Promise<ApiKeyGrant | null> {
  const rows = await store.read(tenant, (db) =>
    db
      .selectFrom("api_keys")
      .select(["id", "secret_hash", "permissions", "expires_at", "revoked_at"])
      .where("tenant_id", "=", tenant.id)
      .where("prefix", "=", prefix),
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    secretHash: row.secret_hash,
    permissions: knownPermissions(row.permissions),
    expiresAtMs: row.expires_at?.getTime() ?? null,
    isRevoked: row.revoked_at !== null,
  };
}

/** What a tenant's own role allows. */
export async function findRole(
  store: TenantStore,
  tenant: Tenant,
  name: string,
): Promise<ReadonlySet<TenantPermission> | null> {
  const rows = await store.read(tenant, (db) =>
    db
      .selectFrom("roles")
      .select(["permissions"])
      .where("tenant_id", "=", tenant.id)
      .where("name", "=", name),
  );
  return rows[0] === undefined ? null : knownPermissions(rows[0].permissions);
}

/** Says when a key was used last, unless that was said less than a minute ago by any process. */
export async function touchApiKey(store: TenantStore, tenant: Tenant, id: string): Promise<void> {
  await store.transact(tenant, (db) =>
    db
      .updateTable("api_keys")
      .set({ last_used_at: sql<Date>`now()` })
      .where("tenant_id", "=", tenant.id)
      .where("id", "=", id)
      .where((eb) =>
        eb.or([
          eb("last_used_at", "is", null),
          eb("last_used_at", "<", sql<Date>`now() - interval '1 minute'`),
        ]),
      ),
  );
}

/** A release that no longer knows a permission does not grant it. */
function knownPermissions(names: readonly string[]): ReadonlySet<TenantPermission> {
  const granted = new Set(names);
  return new Set(tenantPermissions.filter((permission) => granted.has(permission)));
}
