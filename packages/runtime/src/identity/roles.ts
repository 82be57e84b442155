import {
  type ControlPermission,
  controlPermissions,
  type TenantPermission,
  tenantPermissions,
} from "./permissions.ts";

/** The roles that every tenant has. A tenant can add its own. */
export const tenantRoles = ["owner", "admin", "member", "viewer"] as const;
export type TenantRole = (typeof tenantRoles)[number];

/** The roles of those who run the platform. They reach the control plane and no tenant's data. */
export const controlRoles = ["operator", "auditor"] as const;
export type ControlRole = (typeof controlRoles)[number];

/** Only an owner makes or removes an owner; in everything else an admin can do what an owner can. */
export const tenantRolePermissions: Readonly<Record<TenantRole, ReadonlySet<TenantPermission>>> = {
  owner: new Set(tenantPermissions),
  admin: new Set(tenantPermissions),
  member: new Set<TenantPermission>([
    "tenant:read",
    "documents:read",
    "documents:write",
    "files:read",
    "files:write",
    "members:read",
    "roles:read",
  ]),
  viewer: new Set<TenantPermission>(["tenant:read", "documents:read", "files:read"]),
};

/** An auditor reads, and changes nothing. What is in an export belongs to the tenant, and is no auditor's. */
export const controlRolePermissions: Readonly<Record<ControlRole, ReadonlySet<ControlPermission>>> = {
  operator: new Set(controlPermissions),
  auditor: new Set(
    controlPermissions.filter((permission) => permission.endsWith(":read") && permission !== "exports:read"),
  ),
};

/** How a role is named. */
export const roleNamePattern = /^[a-z][a-z0-9-]{0,31}$/;

/** Whether every tenant has a role of this name, so that no tenant can define another under it. */
export function isBuiltInRole(name: string): name is TenantRole {
  return (tenantRoles as readonly string[]).includes(name);
}
