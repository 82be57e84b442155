import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { exposedRoles } from "../reach.ts";

export const roleAttributes: DatabaseRule = {
  id: "role-attributes",
  why: "a superuser or a role that bypasses row-level security sees every tenant; a role that makes roles makes itself one that does",
  fix: "alter role … nosuperuser nobypassrls nocreaterole nocreatedb noreplication; noinherit for the role that logs in",
  judge: ({ roles }, expectations) => {
    const findings: Finding[] = [];
    const { owner, operator, login, tenants } = expectations.roles;
    const bridgeRoles = expectations.tenantSchemas.map(({ role }) => role).filter((role) => role !== login);
    for (const name of [...exposedRoles(expectations), owner, operator]) {
      const role = roles.find((candidate) => candidate.name === name);
      if (role === undefined) {
        findings.push(unknown(name, "the role is not in the catalogue"));
        continue;
      }
      if (role.superuser) findings.push(refuted(name, "is a superuser"));
      if (role.bypassesRowSecurity && name !== operator)
        findings.push(refuted(name, "bypasses row-level security"));
      if (role.createsRoles) findings.push(refuted(name, "creates roles"));
      if (role.createsDatabases) findings.push(refuted(name, "creates databases"));
      if (role.replicates) findings.push(refuted(name, "replicates"));
      const mayInherit = name === owner || bridgeRoles.includes(name);
      if (role.inherits && !mayInherit) findings.push(refuted(name, "inherits the rights of its groups"));
      if (role.logsIn && (name === tenants || bridgeRoles.includes(name)))
        findings.push(refuted(name, "can log in"));
    }
    return findings;
  },
};
