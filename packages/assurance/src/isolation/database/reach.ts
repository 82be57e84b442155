import type { DatabaseCatalogue } from "./database-catalogue.ts";
import type { DatabaseExpectations } from "./database-expectations.ts";

/** Every role under which SQL of a tenant can run, before any membership is followed. */
export function tenantRoles({ roles, tenantSchemas }: DatabaseExpectations): readonly string[] {
  return [...new Set([roles.login, roles.tenants, ...tenantSchemas.map(({ role }) => role)])].sort();
}

/** The roles that requests from outside can end up in: the tenants' and the gateway's. */
export function exposedRoles(expectations: DatabaseExpectations): readonly string[] {
  const { control } = expectations.roles;
  return control === null ? tenantRoles(expectations) : [...tenantRoles(expectations), control];
}

export function isExposed(expectations: DatabaseExpectations, grantee: string): boolean {
  return grantee === "public" || exposedRoles(expectations).includes(grantee);
}

/** Whether the platform made this role; others on the same server are none of its business. */
export function isPlatformRole(expectations: DatabaseExpectations, role: string): boolean {
  const { owner, operator } = expectations.roles;
  return role === owner || role === operator || isExposed(expectations, role);
}

/** The groups that a role is a member of, directly or through others. */
export function groupsOf({ memberships }: DatabaseCatalogue, role: string): readonly string[] {
  const seen = new Set<string>();
  const queue = [role];
  for (let member = queue.shift(); member !== undefined; member = queue.shift()) {
    for (const membership of memberships) {
      if (membership.member !== member || seen.has(membership.group)) continue;
      seen.add(membership.group);
      queue.push(membership.group);
    }
  }
  return [...seen].sort();
}
