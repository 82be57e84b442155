import type { Selectable } from "kysely";
import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { type TenantPermission, tenantPermissions } from "../../identity/permissions.ts";
import { type TenantRole, tenantRolePermissions } from "../../identity/roles.ts";
import type { RolesTable } from "../../tenant-store/tenant-tables.ts";

/** The grammar of a role's name, built in or not. */
export const roleNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    "must be 1 to 32 lower-case letters, digits and hyphens, the first a letter",
  );

export const roleParams = z.strictObject({ name: roleNameSchema });

/** What a role or an API key allows: some of the permissions that there are, each once. */
export const permissionsSchema = z
  .array(z.enum(tenantPermissions, `must be one of ${tenantPermissions.join(", ")}`))
  .min(1, "must name at least one permission")
  .max(tenantPermissions.length, `must name at most ${tenantPermissions.length} permissions`)
  .refine((given) => new Set(given).size === given.length, "must name each permission once");

const descriptionSchema = z.string().max(500, "must be at most 500 characters");

export const roleInputSchema = z
  .strictObject({ description: descriptionSchema.optional(), permissions: permissionsSchema })
  .register(apiSchemas, {
    id: "RoleContent",
    description:
      "What a role is created with or replaced by. Nobody can give it more than they have themselves.",
    examples: [{ description: "Reads everything.", permissions: ["documents:read", "files:read"] }],
  });
export type RoleInput = z.infer<typeof roleInputSchema>;

const builtInRoleSchema = z.strictObject({
  kind: z.literal("built-in"),
  name: roleNameSchema,
  description: descriptionSchema,
  permissions: z.array(z.enum(tenantPermissions)),
});

const customRoleSchema = z.strictObject({
  kind: z.literal("custom"),
  name: roleNameSchema,
  description: descriptionSchema,
  permissions: z.array(z.enum(tenantPermissions)),
  version: z.int().min(1),
  createdAt: timestamp,
  updatedAt: timestamp,
});

const customRoleExample = {
  kind: "custom" as const,
  name: "site-manager",
  description: "Keeps the inspections of a site.",
  permissions: ["documents:read" as const, "documents:write" as const],
  version: 1,
  createdAt: "2026-01-31T12:00:00.000Z",
  updatedAt: "2026-01-31T12:00:00.000Z",
};

export const roleSchema = z
  .discriminatedUnion("kind", [builtInRoleSchema, customRoleSchema])
  .register(apiSchemas, {
    id: "Role",
    description: "A set of permissions under a name: one that every tenant has, or one of the tenant's own.",
    examples: [customRoleExample],
  });
export type RoleView = z.infer<typeof roleSchema>;
export type CustomRoleView = z.infer<typeof customRoleSchema>;

/** A role of the tenant's own as it is stored. */
export type StoredRole = Omit<Selectable<RolesTable>, "tenant_id">;

export function roleView(row: StoredRole): CustomRoleView {
  return {
    kind: "custom",
    name: row.name,
    description: row.description,
    permissions: knownPermissions(row.permissions),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

const builtInDescriptions: Readonly<Record<TenantRole, string>> = {
  owner: "May do everything, and alone makes and removes owners.",
  admin: "May do everything except make, change and remove owners.",
  member: "Works with documents and files, and sees members and roles.",
  viewer: "Reads documents and files.",
};

export function builtInRoleView(name: TenantRole): RoleView {
  return {
    kind: "built-in",
    name,
    description: builtInDescriptions[name],
    permissions: [...tenantRolePermissions[name]],
  };
}

/** The stored permissions that still exist, in the order in which they are listed everywhere. */
export function knownPermissions(stored: readonly string[]): TenantPermission[] {
  return tenantPermissions.filter((permission) => stored.includes(permission));
}
