import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

const rowVerbs: ReadonlySet<string> = new Set(["SELECT", "INSERT", "UPDATE", "DELETE"]);

export const tableGrants: DatabaseRule = {
  id: "table-grants",
  why: "row-level security does not govern TRUNCATE, REFERENCES and TRIGGER, and a table or partition outside of the list is not confined to its tenant",
  fix: "revoke it; the tenants' role has select, insert, update and delete on its own tables, not on partitions, and the operator has select",
  judge: ({ relations }, { platformSchema, tenantSchemas, roles }) => {
    const homes = new Map(tenantSchemas.map((home) => [home.schema, home]));
    const findings: Finding[] = [];
    for (const relation of relations) {
      if (relation.schema === platformSchema) continue;
      const home = homes.get(relation.schema);
      const isTable = relation.kind === "table" || relation.kind === "partitioned-table";
      const isPlainTable = isTable && relation.parents.length === 0;
      for (const { grantee, privilege, grantable } of relation.grants) {
        const isRole = home !== undefined && grantee === home.role && isPlainTable && rowVerbs.has(privilege);
        const isOperator = home !== undefined && grantee === roles.operator && privilege === "SELECT";
        if ((isRole || isOperator) && !grantable) continue;
        const what = grantable ? `${privilege} with grant option` : privilege;
        findings.push(refuted(`${relation.schema}.${relation.name}`, `${grantee} has ${what}`));
      }
    }
    return findings;
  },
};
