import type { ReadQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { keyedRows } from "../keyed-rows.ts";

/** All but the password's hash, which is nobody's to read. */
export const memberColumns = [
  "id",
  "email",
  "name",
  "role",
  "status",
  "version",
  "created_at",
  "updated_at",
] as const;

const membersOf = (db: ReadQueries, tenant: Tenant) =>
  db.selectFrom("members").select(memberColumns).where("tenant_id", "=", tenant.id);

export const storedMembers = keyedRows("id", membersOf);
