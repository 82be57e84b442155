import { ProblemError } from "../../http/problems.ts";
import type { TenantPrincipal } from "../../identity/principal.ts";
import { isBuiltInRole, tenantRolePermissions } from "../../identity/roles.ts";
import type { Execute, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";

/**
 * Nobody gives more than they have: neither to a role, nor through one to a member, nor to a key.
 *
 * @throws ProblemError PERMISSIONS_EXCEEDED
 */
export function requireOwnPermissions(principal: TenantPrincipal, given: Iterable<string>): void {
  const own: ReadonlySet<string> = principal.permissions;
  const missing = [...given].filter((permission) => !own.has(permission));
  if (missing.length === 0) return;
  throw new ProblemError("PERMISSIONS_EXCEEDED", {
    detail: `you cannot give ${missing.join(", ")}, which you do not have yourself`,
  });
}

/**
 * What a role allows that is about to be given to somebody; undefined where the tenant has none of
 * this name. A role of the tenant's own is locked, so that it stays until the transaction ends:
 * whoever deletes it waits, and then sees who has it.
 */
export async function permissionsOfGivenRole(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  name: string,
): Promise<Iterable<string> | undefined> {
  if (isBuiltInRole(name)) return tenantRolePermissions[name];
  const [role] = await execute(
    db
      .selectFrom("roles")
      .select("permissions")
      .where("tenant_id", "=", tenant.id)
      .where("name", "=", name)
      .forShare(),
  );
  return role?.permissions;
}
