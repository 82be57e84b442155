import { assert } from "@tenantry/base";
import { sql } from "kysely";
import { ProblemError } from "../../http/problems.ts";
import type { TenantPrincipal } from "../../identity/principal.ts";
import type { Execute, StoreOptions, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { JsonObject } from "../../tenant-store/tenant-tables.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import { keepAuditEvent } from "../audit-events/audit-event.ts";
import type { Change } from "../change.ts";
import { requireVersion } from "../item-versions.ts";
import { permissionsOfGivenRole, requireOwnPermissions } from "../roles/given-permissions.ts";
import { memberColumns } from "./member-queries.ts";
import type { MemberPatch, StoredMember } from "./member-schema.ts";

/*
 * Who may change whom:
 *
 * - Only an owner changes or removes an owner, or makes one.
 * - The last active owner stays one. Whoever changes a member locks that member and all active
 *   owners first, in the order of their ids, so that of two changes that would each leave the
 *   other owner, the second sees what the first has done.
 * - Nobody gives a role, or access to somebody who had none, that allows more than they may do.
 * - Whoever is suspended or removed is signed out everywhere in the same transaction.
 */

type Target = Pick<StoredMember, "id" | "name" | "role" | "status">;

/** @throws ProblemError MEMBER_NOT_FOUND, OWNER_REQUIRED, LAST_OWNER, PERMISSIONS_EXCEEDED, INVALID_BODY, PRECONDITION_FAILED */
export function patchMember(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  patch: MemberPatch,
  change: Change,
  options: StoreOptions,
): Promise<StoredMember> {
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const { member, hasOtherOwner } = await lockMember(db, execute, tenant, id);
      requireVersion("member", member.version, change.condition);
      const { name = member.name, role = member.role, status = member.status } = patch;
      const next: Target = { id, name, role, status };
      const details = differences(member, next);
      if (details === null) return member;
      requireOwnerForOwners(change.principal, member.role, role);
      if (isActiveOwner(member) && !isActiveOwner(next) && !hasOtherOwner)
        throw new ProblemError("LAST_OWNER");
      const isGivenAccess = status === "active" && member.status === "suspended";
      if (role !== member.role || isGivenAccess) {
        const permissions = await requireRole(db, execute, tenant, role);
        requireOwnPermissions(change.principal, permissions);
      }
      const [changed] = await execute(
        db
          .updateTable("members")
          .set({ name, role, status, version: member.version + 1, updated_at: sql<Date>`now()` })
          .where("tenant_id", "=", tenant.id)
          .where("id", "=", id)
          .returning(memberColumns),
      );
      assert(changed !== undefined, "a locked member was not updated");
      if (status === "suspended") await endSignIns(db, execute, tenant, id);
      const event = change.eventOf({ action: "member.updated", target: id, details });
      await execute(keepAuditEvent(db, tenant, event, context));
      return changed;
    },
    options,
  );
}

/** @throws ProblemError MEMBER_NOT_FOUND, OWNER_REQUIRED, LAST_OWNER, PRECONDITION_FAILED */
export function removeMember(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  change: Change,
  options: StoreOptions,
): Promise<void> {
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const { member, hasOtherOwner } = await lockMember(db, execute, tenant, id);
      requireVersion("member", member.version, change.condition);
      requireOwnerForOwners(change.principal, member.role);
      if (isActiveOwner(member) && !hasOtherOwner) throw new ProblemError("LAST_OWNER");
      // The sign-ins of a member go with the member.
      await execute(db.deleteFrom("members").where("tenant_id", "=", tenant.id).where("id", "=", id));
      const { email, role } = member;
      const event = change.eventOf({ action: "member.removed", target: id, details: { email, role } });
      await execute(keepAuditEvent(db, tenant, event, context));
    },
    options,
  );
}

/** Locks the member and all active owners. @throws ProblemError MEMBER_NOT_FOUND */
async function lockMember(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  id: string,
): Promise<{ readonly member: StoredMember; readonly hasOtherOwner: boolean }> {
  const rows = await execute(
    db
      .selectFrom("members")
      .select(memberColumns)
      .where("tenant_id", "=", tenant.id)
      .where((eb) =>
        eb.or([eb("id", "=", id), eb.and([eb("role", "=", "owner"), eb("status", "=", "active")])]),
      )
      .orderBy("id")
      .forUpdate(),
  );
  const member = rows.find((row) => row.id === id);
  if (member === undefined) throw new ProblemError("MEMBER_NOT_FOUND");
  return { member, hasOtherOwner: rows.some((row) => row.id !== id) };
}

function isActiveOwner({ role, status }: Target): boolean {
  return role === "owner" && status === "active";
}

/** @throws ProblemError OWNER_REQUIRED */
function requireOwnerForOwners(principal: TenantPrincipal, ...roles: readonly string[]): void {
  if (roles.includes("owner") && principal.role !== "owner") throw new ProblemError("OWNER_REQUIRED");
}

/** @throws ProblemError INVALID_BODY */
async function requireRole(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  role: string,
): Promise<Iterable<string>> {
  const permissions = await permissionsOfGivenRole(db, execute, tenant, role);
  if (permissions !== undefined) return permissions;
  throw new ProblemError("INVALID_BODY", {
    errors: [{ pointer: "/role", message: "is no role of this tenant" }],
  });
}

async function endSignIns(db: WriteQueries, execute: Execute, tenant: Tenant, member: string): Promise<void> {
  await execute(
    db
      .updateTable("sign_ins")
      .set({ revoked_at: sql<Date>`now()` })
      .where("tenant_id", "=", tenant.id)
      .where("member_id", "=", member)
      .where("revoked_at", "is", null),
  );
}

/** Before and after of what changes, for the audit trail; null where nothing does. */
function differences(before: Target, after: Target): JsonObject | null {
  const changed = (["name", "role", "status"] as const).filter((key) => before[key] !== after[key]);
  if (changed.length === 0) return null;
  const pick = (of: Target) => Object.fromEntries(changed.map((key) => [key, of[key]]));
  return { before: pick(before), after: pick(after) };
}
