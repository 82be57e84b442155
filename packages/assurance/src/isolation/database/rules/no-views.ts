import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const noViews: DatabaseRule = {
  id: "no-views",
  why: "a view reads with its owner's rights, a materialized view and a foreign table have no row-level security at all, a rule rewrites a query into another",
  fix: "drop it; a view of tenants' tables needs security_invoker, and a materialized view or foreign table has no place beside them",
  judge: ({ relations }, expectations) => {
    const homes = new Set(expectations.tenantSchemas.map(({ schema }) => schema));
    const { tenantView } = expectations;
    const findings: Finding[] = [];
    for (const relation of relations) {
      const subject = `${relation.schema}.${relation.name}`;
      const isReached =
        homes.has(relation.schema) || relation.grants.some(({ grantee }) => isExposed(expectations, grantee));
      const isTenantView = relation.schema === tenantView.schema && relation.name === tenantView.name;
      if (!isReached || (isTenantView && relation.rules.length === 0)) continue;
      const invokes = relation.options.some((option) => /^security_invoker=(true|on|1|yes)$/i.test(option));
      if (relation.kind === "view" && !invokes)
        findings.push(refuted(subject, "is a view with its owner's rights"));
      if (relation.kind === "materialized-view") findings.push(refuted(subject, "is a materialized view"));
      if (relation.kind === "foreign-table") findings.push(refuted(subject, "is a foreign table"));
      for (const rule of relation.rules) findings.push(refuted(subject, `has the rule ${rule}`));
    }
    return findings;
  },
};
