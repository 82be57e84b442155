import { assert } from "@tenantry/base";
import { sql } from "kysely";
import { ProblemError } from "../../http/problems.ts";
import type { Execute, ReadQueries, StoreOptions, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import { keepAuditEvent } from "../audit-events/audit-event.ts";
import type { Change } from "../change.ts";
import { requireVersion } from "../item-versions.ts";
import { keyedRows } from "../keyed-rows.ts";
import type { RoleInput, StoredRole } from "./role-schema.ts";

const columns = ["name", "description", "permissions", "version", "created_at", "updated_at"] as const;

const ownRoles = (db: ReadQueries, tenant: Tenant) =>
  db.selectFrom("roles").select(columns).where("tenant_id", "=", tenant.id);

export const storedRoles = keyedRows("name", ownRoles);

/** Creates the role, or replaces it where the condition lets it be replaced. */
export function putRole(
  context: ApiContext,
  tenant: Tenant,
  role: RoleInput & { readonly name: string },
  change: Change,
  options: StoreOptions,
): Promise<{ readonly kind: "created" | "replaced"; readonly role: StoredRole }> {
  const { condition, eventOf } = change;
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const audit = (action: string, details: JsonObject) =>
        execute(keepAuditEvent(db, tenant, eventOf({ action, target: role.name, details }), context));
      const { permissions } = role;
      // Whoever names a version means a role that exists.
      const created = condition.kind === "match" ? undefined : await insertRole(db, execute, tenant, role);
      if (created !== undefined) {
        await audit("role.created", { permissions });
        return { kind: "created", role: created } as const;
      }
      const current = await lockRole(db, execute, tenant, role.name);
      requireVersion("role", current.version, condition);
      const [replaced] = await execute(
        db
          .updateTable("roles")
          .set({
            description: role.description ?? "",
            permissions,
            version: current.version + 1,
            updated_at: sql<Date>`now()`,
          })
          .where("tenant_id", "=", tenant.id)
          .where("name", "=", role.name)
          .returning(columns),
      );
      assert(replaced !== undefined, "a locked role was not updated");
      await audit("role.replaced", { permissions, before: current.permissions });
      return { kind: "replaced", role: replaced } as const;
    },
    options,
  );
}

/** @throws ProblemError ROLE_NOT_FOUND, ROLE_IN_USE, PRECONDITION_FAILED */
export function deleteRole(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  change: Change,
  options: StoreOptions,
): Promise<void> {
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const { version, permissions } = await lockRole(db, execute, tenant, name);
      requireVersion("role", version, change.condition);
      await requireUnused(db, execute, tenant, name);
      await execute(db.deleteFrom("roles").where("tenant_id", "=", tenant.id).where("name", "=", name));
      const event = change.eventOf({ action: "role.deleted", target: name, details: { permissions } });
      await execute(keepAuditEvent(db, tenant, event, context));
    },
    options,
  );
}

async function insertRole(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  role: RoleInput & { readonly name: string },
): Promise<StoredRole | undefined> {
  const { name, description = "", permissions } = role;
  const [row] = await execute(
    db
      .insertInto("roles")
      .values({ tenant_id: tenant.id, name, description, permissions })
      .onConflict((conflict) => conflict.columns(["tenant_id", "name"]).doNothing())
      .returning(columns),
  );
  return row;
}

/** @throws ProblemError ROLE_NOT_FOUND */
async function lockRole(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  name: string,
): Promise<StoredRole> {
  const [role] = await execute(ownRoles(db, tenant).where("name", "=", name).forUpdate());
  if (role === undefined) throw new ProblemError("ROLE_NOT_FOUND");
  return role;
}

/** The role is locked, so nobody is given it meanwhile. @throws ProblemError ROLE_IN_USE */
async function requireUnused(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  name: string,
): Promise<void> {
  const count = sql<number>`count(*)::integer`.as("count");
  const [members] = await execute(
    db.selectFrom("members").select(count).where("tenant_id", "=", tenant.id).where("role", "=", name),
  );
  // An invitation that has run out can give the role to nobody.
  const [invitations] = await execute(
    db
      .selectFrom("invitations")
      .select(count)
      .where("tenant_id", "=", tenant.id)
      .where("role", "=", name)
      .where("expires_at", ">", sql<Date>`now()`),
  );
  const [holders, invited] = [members?.count ?? 0, invitations?.count ?? 0];
  if (holders + invited === 0) return;
  throw new ProblemError("ROLE_IN_USE", {
    detail: `members with the role ${name}: ${holders}, open invitations: ${invited}; give them another role first`,
  });
}
