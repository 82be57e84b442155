import { sql } from "kysely";
import { ProblemError } from "../../http/problems.ts";
import type { Execute, WriteQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";

/**
 * Makes the transactions of a tenant that take a seat come one after the other: each locks the
 * owners, of whom there is always one once there was one, and the open invitations. Without that
 * two could both see the last free seat.
 */
export async function lockSeats(db: WriteQueries, execute: Execute, tenant: Tenant): Promise<void> {
  await execute(
    db
      .selectFrom("members")
      .select(["id"])
      .where("tenant_id", "=", tenant.id)
      .where("role", "=", "owner")
      .orderBy("id")
      .forUpdate(),
  );
  await execute(
    db.selectFrom("invitations").select(["id"]).where("tenant_id", "=", tenant.id).orderBy("id").forUpdate(),
  );
}

/** What takes seats: members, and invitations, which will be members. */
export async function takenSeats(
  db: WriteQueries,
  execute: Execute,
  tenant: Tenant,
): Promise<{ readonly members: number; readonly invitations: number }> {
  const count = sql<number>`count(*)::integer`.as("count");
  const [members] = await execute(db.selectFrom("members").select(count).where("tenant_id", "=", tenant.id));
  const [invitations] = await execute(
    db.selectFrom("invitations").select(count).where("tenant_id", "=", tenant.id),
  );
  return { members: members?.count ?? 0, invitations: invitations?.count ?? 0 };
}

export function memberLimitReached(
  max: number,
  taken: { readonly members: number; readonly invitations: number },
): ProblemError {
  return new ProblemError("MEMBER_LIMIT_REACHED", {
    detail: `the tenant's tier allows ${max} members; there are ${taken.members}, and ${taken.invitations} open invitations`,
  });
}
