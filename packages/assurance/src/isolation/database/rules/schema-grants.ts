import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const schemaGrants: DatabaseRule = {
  id: "schema-grants",
  why: "who may create in a schema plants functions and tables there; who may use another tenant's schema reaches its tables",
  fix: "revoke it; each tenant role uses its own schema and the platform's, and creates nowhere",
  judge: ({ schemas }, expectations) => {
    const { platformSchema, tenantSchemas, roles } = expectations;
    const findings: Finding[] = [];
    for (const { name, grants } of schemas) {
      const home = tenantSchemas.find(({ schema }) => schema === name);
      const isOurs = home !== undefined || name === platformSchema;
      const users: readonly (string | null)[] =
        name === platformSchema
          ? [roles.login, roles.control, roles.operator, roles.tenants]
          : home === undefined
            ? []
            : [home.role, roles.operator];
      for (const { grantee, privilege, grantable } of grants) {
        // Other schemas are nobody's business here unless tenants reach them.
        if (!isOurs && !isExposed(expectations, grantee)) continue;
        if (privilege === "USAGE" && users.includes(grantee) && !grantable) continue;
        findings.push(refuted(`schema ${name}`, `${grantee} has ${privilege}`));
      }
    }
    return findings;
  },
};
