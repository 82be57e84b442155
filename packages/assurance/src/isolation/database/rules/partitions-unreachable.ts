import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const partitionsUnreachable: DatabaseRule = {
  id: "partitions-unreachable",
  why: "the policies of a parent do not apply to a query that names its partition or child",
  fix: "revoke all on the partition, and keep it in its parent's schema",
  judge: ({ relations }, expectations) => {
    const homes = new Set(expectations.tenantSchemas.map(({ schema }) => schema));
    const findings: Finding[] = [];
    for (const { schema, name, parents, grants } of relations) {
      for (const parent of parents) {
        const parentSchema = parent.slice(0, parent.indexOf("."));
        if (!homes.has(parentSchema) && !homes.has(schema)) continue;
        if (parentSchema !== schema) findings.push(refuted(`${schema}.${name}`, `is a child of ${parent}`));
      }
      if (parents.length === 0) continue;
      for (const { grantee, privilege } of grants) {
        if (isExposed(expectations, grantee))
          findings.push(refuted(`${schema}.${name}`, `${grantee} has ${privilege} on a partition`));
      }
    }
    return findings;
  },
};
