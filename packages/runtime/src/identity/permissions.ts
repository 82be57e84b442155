/** What somebody inside a tenant may do. A route names one of them; roles and API keys are sets of them. */
export const tenantPermissions = [
  "tenant:read",
  "documents:read",
  "documents:write",
  "files:read",
  "files:write",
  "members:read",
  "members:write",
  "roles:read",
  "roles:write",
  "api-keys:read",
  "api-keys:write",
  "usage:read",
  "audit-events:read",
] as const;
export type TenantPermission = (typeof tenantPermissions)[number];

/** What those who run the platform may do. None of it reaches the data of a tenant. */
export const controlPermissions = [
  "tenants:read",
  "tenants:write",
  "operations:read",
  "operations:write",
  "platform:read",
  "platform-usage:read",
  "platform-audit:read",
  "webhooks:read",
  "webhooks:write",
  "exports:read",
] as const;
export type ControlPermission = (typeof controlPermissions)[number];
