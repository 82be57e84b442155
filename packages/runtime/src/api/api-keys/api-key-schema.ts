import type { Selectable } from "kysely";
import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import { tenantPermissions } from "../../identity/permissions.ts";
import type { ApiKeysTable } from "../../tenant-store/tenant-tables.ts";
import { knownPermissions, permissionsSchema } from "../roles/role-schema.ts";

/** How long a key lives when nobody says, and at most. */
export const apiKeyDaysDefault = 90;
export const apiKeyDaysMax = 365;
/** Keys of one tenant that are not revoked. */
export const apiKeysMax = 100;

const apiKeyIdSchema = z.string().regex(uuidPattern, "must be a UUID in lower case");
const nameSchema = z
  .string()
  .min(1, "must have at least one character")
  .max(100, "must be at most 100 characters");

export const apiKeyParams = z.strictObject({ id: apiKeyIdSchema });

export const newApiKeySchema = z
  .strictObject({
    name: nameSchema,
    permissions: permissionsSchema,
    expiresAt: z.iso
      .datetime({ offset: true, error: "must be a time such as 2026-01-31T12:00:00Z" })
      .optional(),
  })
  .register(apiSchemas, {
    id: "NewApiKey",
    description: `A key to create. It expires after ${apiKeyDaysDefault} days unless said, and after ${apiKeyDaysMax} days at the latest.`,
    examples: [{ name: "nightly import", permissions: ["documents:write"] }],
  });

const members = {
  id: apiKeyIdSchema,
  name: nameSchema,
  prefix: z.string(),
  permissions: z.array(z.enum(tenantPermissions)),
  status: z.enum(["active", "expired", "revoked"]),
  createdBy: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  revokedAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable(),
};

const example = {
  id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
  name: "nightly import",
  prefix: "tk_4fQ9aZ1xYb",
  permissions: ["documents:write" as const],
  status: "active" as const,
  createdBy: "ada@example.com",
  createdAt: "2026-01-31T12:00:00.000Z",
  expiresAt: "2026-05-01T12:00:00.000Z",
  revokedAt: null,
  lastUsedAt: null,
};

export const apiKeySchema = z.strictObject(members).register(apiSchemas, {
  id: "ApiKey",
  description: "A key with which a program asks. The key itself is shown once, when it is created.",
  examples: [example],
});
export type ApiKeyView = z.infer<typeof apiKeySchema>;

export const createdApiKeySchema = z.strictObject({ ...members, key: z.string() }).register(apiSchemas, {
  id: "CreatedApiKey",
  description: "A key that was created just now. Keep the key: it is not shown again.",
  examples: [{ ...example, key: "tk_4fQ9aZ1xYb_0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5pQRSTUV" }],
});

/** A key as queries of the API read it: never with the hash of its secret. */
export type StoredApiKey = Omit<Selectable<ApiKeysTable>, "tenant_id" | "secret_hash">;

export function apiKeyView(row: StoredApiKey, nowMs: number): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    permissions: knownPermissions(row.permissions),
    status: statusOf(row, nowMs),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}

function statusOf(row: StoredApiKey, nowMs: number): ApiKeyView["status"] {
  if (row.revoked_at !== null) return "revoked";
  return row.expires_at !== null && row.expires_at.getTime() <= nowMs ? "expired" : "active";
}
