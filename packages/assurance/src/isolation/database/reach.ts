import type { DatabaseExpectations } from "./database-expectations.ts";

/** Every role under which SQL of a tenant can run, before any membership is followed. */
export function tenantRoles({ roles, tenantSchemas }: DatabaseExpectations): readonly string[] {
  const group = roles.tenants === null ? [] : [roles.tenants];
  return [...new Set([roles.login, ...group, ...tenantSchemas.map(({ role }) => role)])].sort();
}

/** The roles that requests from outside can end up in: the tenants' and the gateway's. */
export function exposedRoles(expectations: DatabaseExpectations): readonly string[] {
  const { control } = expectations.roles;
  return control === null ? tenantRoles(expectations) : [...tenantRoles(expectations), control];
}

export function isExposed(expectations: DatabaseExpectations, grantee: string): boolean {
  return grantee === "public" || exposedRoles(expectations).includes(grantee);
}
