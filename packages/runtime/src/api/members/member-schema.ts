import type { Selectable } from "kysely";
import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import type { MembersTable } from "../../tenant-store/tenant-tables.ts";
import { roleNameSchema } from "../roles/role-schema.ts";

const memberIdSchema = z.string().regex(uuidPattern, "must be a UUID in lower case");
const nameSchema = z.string().max(200, "must be at most 200 characters");
const statusSchema = z.enum(["active", "suspended"], "must be active or suspended");

export const memberParams = z.strictObject({ id: memberIdSchema });

export const memberPatchSchema = z
  .strictObject({
    name: nameSchema.optional(),
    role: roleNameSchema.optional(),
    status: statusSchema.optional(),
  })
  .register(apiSchemas, {
    id: "MemberPatch",
    description: "What changes of a member; what is left out stays as it is. No member of it can be removed.",
    examples: [{ role: "admin" }],
  });
export type MemberPatch = z.infer<typeof memberPatchSchema>;

export const memberSchema = z
  .strictObject({
    id: memberIdSchema,
    email: z.string(),
    name: nameSchema,
    role: roleNameSchema,
    status: statusSchema,
    version: z.int().min(1),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .register(apiSchemas, {
    id: "Member",
    description: "A person who belongs to the tenant, with a role.",
    examples: [
      {
        id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
        email: "ada@example.com",
        name: "Ada",
        role: "admin",
        status: "active",
        version: 1,
        createdAt: "2026-01-31T12:00:00.000Z",
        updatedAt: "2026-01-31T12:00:00.000Z",
      },
    ],
  });
export type MemberView = z.infer<typeof memberSchema>;

/** A member as queries of the API read it: never with the password's hash. */
export type StoredMember = Omit<Selectable<MembersTable>, "tenant_id" | "password_hash">;

export function memberView(row: StoredMember): MemberView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    status: row.status,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
