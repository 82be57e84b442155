import type { Selectable } from "kysely";
import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import { mailAddressSchema } from "../../identity/mail-address.ts";
import { passwordLengthMax, passwordLengthMin } from "../../identity/password.ts";
import type { InvitationsTable } from "../../tenant-store/tenant-tables.ts";
import { roleNameSchema } from "../roles/role-schema.ts";

const idSchema = z.string().regex(uuidPattern, "must be a UUID in lower case");

export const invitationParams = z.strictObject({ id: idSchema });

export const invitationInputSchema = z
  .strictObject({ email: mailAddressSchema, role: roleNameSchema })
  .register(apiSchemas, {
    id: "InvitationContent",
    description: "Who is invited, and the role that they will have. Mail addresses are kept in lower case.",
    examples: [{ email: "ada@example.com", role: "member" }],
  });

const shape = {
  id: idSchema,
  email: z.string(),
  role: roleNameSchema,
  invitedBy: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
};
const example = {
  id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
  email: "ada@example.com",
  role: "member",
  invitedBy: "grace@example.com",
  createdAt: "2026-01-31T12:00:00.000Z",
  expiresAt: "2026-02-07T12:00:00.000Z",
};

export const invitationSchema = z.strictObject(shape).register(apiSchemas, {
  id: "Invitation",
  description: "Somebody who may become a member until it expires. A mail address has one at most.",
  examples: [example],
});
export type InvitationView = z.infer<typeof invitationSchema>;

export const newInvitationSchema = z.strictObject({ ...shape, token: z.string() }).register(apiSchemas, {
  id: "NewInvitation",
  description: "An invitation with its token, which is shown this once: send it to whom it invites.",
  examples: [{ ...example, token: "ti_5tVdXK0dJ7R1m0Tt2b6hZb4cWq1mE8nA9yLxU3sKpQw" }],
});

export const acceptanceSchema = z
  .strictObject({
    token: z.string().min(1, "must not be empty").max(256, "must be at most 256 characters"),
    name: z.string().min(1, "must not be empty").max(200, "must be at most 200 characters"),
    password: z.string().max(1_024, `must have ${passwordLengthMin} to ${passwordLengthMax} characters`),
  })
  .register(apiSchemas, {
    id: "InvitationAcceptance",
    description: `The token of the invitation, and the password that the member will sign in with: ${passwordLengthMin} to ${passwordLengthMax} characters of any kind, and not the mail address.`,
  });

export const invitationColumns = ["id", "email", "role", "invited_by", "created_at", "expires_at"] as const;
/** An invitation as the API shows it: never with the hash of its token. */
export type StoredInvitation = Pick<Selectable<InvitationsTable>, (typeof invitationColumns)[number]>;

export function invitationView(row: StoredInvitation): InvitationView {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
