import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { exposedRoles } from "../reach.ts";

export const roleMemberships: DatabaseRule = {
  id: "role-memberships",
  why: "a member has its group's rights or can take its place: pg_read_all_data reads every table, the owner changes policies, another tenant's role opens its schema",
  fix: "revoke the membership; the role that logs in may only become bridge roles, and those belong to the tenants group only",
  judge: ({ memberships, roles }, expectations) => {
    const { login, owner, operator, tenants } = expectations.roles;
    const bridgeRoles = new Set(
      expectations.tenantSchemas.map(({ role }) => role).filter((role) => role !== login),
    );
    const watched = new Set([...exposedRoles(expectations), operator, owner]);
    // Before PostgreSQL 16 the member's own attribute decides, which another rule judges.
    const inheritsAnyway = new Set(roles.filter(({ inherits }) => inherits).map(({ name }) => name));
    const findings: Finding[] = [];
    for (const { member, group, inherits, sets, administers } of memberships) {
      // Whoever administers the server may belong to the owner; nobody else may belong to it or to a tenant.
      if (!watched.has(member)) continue;
      const subject = `${member} in ${group}`;
      const isBecoming = member === login && bridgeRoles.has(group);
      const isCalling = group === tenants && bridgeRoles.has(member);
      if (!isBecoming && !isCalling) findings.push(refuted(subject, `${member} is a member of ${group}`));
      else if (administers) findings.push(refuted(subject, `${member} can give ${group} to others`));
      else if (isBecoming && inherits && !inheritsAnyway.has(member))
        findings.push(refuted(subject, `${member} has the rights of ${group} without becoming it`));
      else if (isBecoming && !sets) findings.push(refuted(subject, `${member} cannot become ${group}`));
    }
    return findings;
  },
};
