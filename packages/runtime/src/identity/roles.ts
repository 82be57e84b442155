/** What a token may do. A route names one permission; a role is a set of them. */
export type Permission =
  | "tenant:read"
  | "documents:read"
  | "documents:write"
  | "tenants:read"
  | "tenants:write";

/** The roles that people have inside their tenant. */
export const tenantRoles = ["owner", "admin", "member", "viewer"] as const;
export type TenantRole = (typeof tenantRoles)[number];

/** The roles of those who run the platform. They reach the control plane and no tenant's data. */
export const controlRoles = ["operator", "auditor"] as const;
export type ControlRole = (typeof controlRoles)[number];

const permissions: Readonly<Record<TenantRole | ControlRole, ReadonlySet<Permission>>> = {
  owner: new Set<Permission>(["tenant:read", "documents:read", "documents:write"]),
  admin: new Set<Permission>(["tenant:read", "documents:read", "documents:write"]),
  member: new Set<Permission>(["tenant:read", "documents:read", "documents:write"]),
  viewer: new Set<Permission>(["tenant:read", "documents:read"]),
  operator: new Set<Permission>(["tenants:read", "tenants:write"]),
  auditor: new Set<Permission>(["tenants:read"]),
};

export function roleAllows(role: TenantRole | ControlRole, permission: Permission): boolean {
  return permissions[role].has(permission);
}
