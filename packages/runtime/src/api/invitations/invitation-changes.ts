import { assert } from "@tenantry/base";
import { ProblemError } from "../../http/problems.ts";
import { uuidV7 } from "../../http/uuid-v7.ts";
import { hashOfSecret } from "../../identity/api-key.ts";
import { newPassword } from "../../identity/password.ts";
import type { TenantPrincipal } from "../../identity/principal.ts";
import type { Execute, StoreOptions, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import { keepAuditEvent } from "../audit-events/audit-event.ts";
import type { Change } from "../change.ts";
import { memberColumns } from "../members/member-queries.ts";
import type { StoredMember } from "../members/member-schema.ts";
import { permissionsOfGivenRole, requireOwnPermissions } from "../roles/given-permissions.ts";
import { invitationColumns, type StoredInvitation } from "./invitation-schema.ts";
import { lockSeats, memberLimitReached, takenSeats } from "./seats.ts";

const invitationMs = 7 * 86_400_000;
const tokenBytes = 32;
const tokenPattern = /^ti_[A-Za-z0-9_-]{43}$/;

/**
 * Invites somebody. An address that has an open invitation gets a new one in its place, and the old
 * token ends.
 *
 * @throws ProblemError INVALID_BODY, OWNER_REQUIRED, PERMISSIONS_EXCEEDED, MEMBER_EXISTS, MEMBER_LIMIT_REACHED
 */
export async function invite(
  context: ApiContext,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  wanted: { readonly email: string; readonly role: string },
  change: Pick<Change, "principal" | "eventOf">,
): Promise<{ readonly row: StoredInvitation; readonly token: string }> {
  const { email, role } = wanted;
  const { principal } = change;
  await requireGivable(db, execute, tenant, role, principal);
  const max = context.membersMax(tenant);
  if (max !== null) await lockSeats(db, execute, tenant);
  const isReplaced = await clearInvitations(context, db, execute, tenant, email);
  if (await isMember(db, execute, tenant, email)) throw new ProblemError("MEMBER_EXISTS");
  if (max !== null) {
    const taken = await takenSeats(db, execute, tenant);
    if (taken.members + taken.invitations >= max) throw memberLimitReached(max, taken);
  }
  const made = await insertInvitation(context, db, execute, tenant, {
    ...wanted,
    invitedBy: principal.subject,
  });
  const details = { email, role, replaced: isReplaced };
  const event = change.eventOf({ action: "invitation.created", target: made.row.id, details });
  await execute(keepAuditEvent(db, tenant, event, context));
  return made;
}

/** @throws ProblemError INVALID_BODY, OWNER_REQUIRED, PERMISSIONS_EXCEEDED */
async function requireGivable(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  role: string,
  principal: TenantPrincipal,
): Promise<void> {
  if (role === "owner" && principal.role !== "owner") throw new ProblemError("OWNER_REQUIRED");
  const permissions = await permissionsOfGivenRole(db, execute, tenant, role);
  if (permissions === undefined) {
    const message = "is no role of this tenant";
    throw new ProblemError("INVALID_BODY", { errors: [{ pointer: "/role", message }] });
  }
  requireOwnPermissions(principal, permissions);
}

/** Removes what has expired, and the open invitation of the address. @returns whether it had one */
async function clearInvitations(
  { clock }: Pick<ApiContext, "clock">,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  email: string,
): Promise<boolean> {
  const now = new Date(clock.nowMs());
  const removed = await execute(
    db
      .deleteFrom("invitations")
      .where("tenant_id", "=", tenant.id)
      .where((eb) => eb.or([eb("expires_at", "<=", now), eb("email", "=", email)]))
      .returning(["email", "expires_at"]),
  );
  return removed.some((row) => row.email === email && row.expires_at > now);
}

async function isMember(db: WriteQueries, execute: Execute, tenant: Tenant, email: string): Promise<boolean> {
  const rows = await execute(
    db.selectFrom("members").select(["id"]).where("tenant_id", "=", tenant.id).where("email", "=", email),
  );
  return rows.length > 0;
}

async function insertInvitation(
  { clock, random }: Pick<ApiContext, "clock" | "random">,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  wanted: { readonly email: string; readonly role: string; readonly invitedBy: string },
): Promise<{ readonly row: StoredInvitation; readonly token: string }> {
  const nowMs = clock.nowMs();
  const token = `ti_${Buffer.from(random.bytes(tokenBytes)).toString("base64url")}`;
  const values = {
    id: uuidV7(nowMs, random),
    role: wanted.role,
    token_hash: hashOfSecret(token),
    invited_by: wanted.invitedBy,
    expires_at: new Date(nowMs + invitationMs),
  };
  const [row] = await execute(
    db
      .insertInto("invitations")
      .values({ tenant_id: tenant.id, email: wanted.email, ...values })
      // Of two who invite the same address at once, the later one's invitation is there in the end.
      .onConflict((conflict) => conflict.columns(["tenant_id", "email"]).doUpdateSet(values))
      .returning(invitationColumns),
  );
  assert(row !== undefined, "an insert returned no row");
  return { row, token };
}

/** @throws ProblemError INVITATION_NOT_FOUND */
export function withdrawInvitation(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  change: Pick<Change, "eventOf">,
  options: StoreOptions,
): Promise<void> {
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const [removed] = await execute(
        db
          .deleteFrom("invitations")
          .where("tenant_id", "=", tenant.id)
          .where("id", "=", id)
          .returning(["email", "role", "expires_at"]),
      );
      if (removed === undefined) throw new ProblemError("INVITATION_NOT_FOUND");
      const details = { email: removed.email, role: removed.role };
      const event = change.eventOf({ action: "invitation.withdrawn", target: id, details });
      await execute(keepAuditEvent(db, tenant, event, context));
    },
    options,
  );
}

/**
 * Makes whoever holds the token of an invitation a member. The password is hashed before the
 * transaction, which then looks again at everything that may have changed meanwhile.
 *
 * @throws ProblemError INVITATION_NOT_FOUND, INVALID_BODY, MEMBER_EXISTS, MEMBER_LIMIT_REACHED, OVERLOADED
 */
export async function acceptInvitation(
  context: ApiContext,
  tenant: Tenant,
  acceptance: {
    readonly token: string;
    readonly name: string;
    readonly password: string;
    readonly requestId: string;
  },
  options: StoreOptions,
): Promise<StoredMember> {
  const { token, name, requestId } = acceptance;
  const tokenHash = tokenPattern.test(token) ? hashOfSecret(token) : null;
  const open = tokenHash === null ? undefined : await findOpen(context, tenant, tokenHash, options);
  if (tokenHash === null || open === undefined) throw new ProblemError("INVITATION_NOT_FOUND");
  const chosen = newPassword(acceptance.password, open.email);
  if (chosen.kind === "refused") {
    throw new ProblemError("INVALID_BODY", { errors: [{ pointer: "/password", message: chosen.reason }] });
  }
  const passwordHash = await context.passwords.whenThereIsRoom(tenant, ({ hash }) => hash(chosen.password));
  return context.store.transact(
    tenant,
    async (db, execute) => {
      const max = context.membersMax(tenant);
      if (max !== null) await lockSeats(db, execute, tenant);
      const invitation = await takeInvitation(context, db, execute, tenant, tokenHash);
      const role = await permissionsOfGivenRole(db, execute, tenant, invitation.role);
      if (role === undefined) throw new ProblemError("INVITATION_NOT_FOUND", { reason: "its role is gone" });
      if (max !== null) {
        const taken = await takenSeats(db, execute, tenant);
        if (taken.members >= max) throw memberLimitReached(max, taken);
      }
      const member = await insertMember(context, db, execute, tenant, {
        email: invitation.email,
        role: invitation.role,
        name,
        passwordHash,
      });
      const event = {
        actorKind: "member",
        actor: member.email,
        action: "member.joined",
        target: member.id,
        requestId,
        details: { invitation: invitation.id, invitedBy: invitation.invited_by, role: member.role },
      } as const;
      await execute(keepAuditEvent(db, tenant, event, context));
      return member;
    },
    options,
  );
}

async function findOpen(
  { store, clock }: Pick<ApiContext, "store" | "clock">,
  tenant: Tenant,
  tokenHash: string,
  options: StoreOptions,
): Promise<{ readonly email: string } | undefined> {
  const rows = await store.read(
    tenant,
    (db) =>
      db
        .selectFrom("invitations")
        .select(["email"])
        .where("tenant_id", "=", tenant.id)
        .where("token_hash", "=", tokenHash)
        .where("expires_at", ">", new Date(clock.nowMs())),
    options,
  );
  return rows[0];
}

/** Removes the invitation: of two who accept it at once, one finds none. @throws ProblemError INVITATION_NOT_FOUND */
async function takeInvitation(
  { clock }: Pick<ApiContext, "clock">,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  tokenHash: string,
): Promise<StoredInvitation> {
  const [invitation] = await execute(
    db
      .deleteFrom("invitations")
      .where("tenant_id", "=", tenant.id)
      .where("token_hash", "=", tokenHash)
      .where("expires_at", ">", new Date(clock.nowMs()))
      .returning(invitationColumns),
  );
  if (invitation === undefined) throw new ProblemError("INVITATION_NOT_FOUND");
  return invitation;
}

/** @throws ProblemError MEMBER_EXISTS */
async function insertMember(
  { clock, random }: Pick<ApiContext, "clock" | "random">,
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
  member: {
    readonly email: string;
    readonly role: string;
    readonly name: string;
    readonly passwordHash: string;
  },
): Promise<StoredMember> {
  const { email, role, name, passwordHash } = member;
  const id = uuidV7(clock.nowMs(), random);
  const [row] = await execute(
    db
      .insertInto("members")
      .values({ tenant_id: tenant.id, id, email, role, name, password_hash: passwordHash })
      .onConflict((conflict) => conflict.columns(["tenant_id", "email"]).doNothing())
      .returning(memberColumns),
  );
  if (row === undefined) throw new ProblemError("MEMBER_EXISTS");
  return row;
}
