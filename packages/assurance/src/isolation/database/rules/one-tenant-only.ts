import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { byTable, tenantTables } from "../tenant-tables.ts";

export const oneTenantOnly: DatabaseRule = {
  id: "one-tenant-only",
  why: "a schema or database of one tenant must not take in another's rows, whatever sends them there",
  fix: "run the migrations, which add the constraint again",
  judge: (catalogue, expectations) => {
    const checksOf = byTable(catalogue.checks);
    const findings: Finding[] = [];
    for (const table of tenantTables(catalogue, expectations)) {
      const { tenant } = table.home;
      if (tenant === null) continue;
      const check = checksOf(table).find(({ name }) => name === expectations.policies.onlyTenant);
      const expected = `(tenant_id = '${tenant}'::text)`;
      if (check === undefined) findings.push(refuted(table.subject, "takes in any tenant's rows"));
      else if (check.expression !== expected)
        findings.push(refuted(table.subject, `takes in rows with ${check.expression}`));
      else if (!check.valid)
        findings.push(refuted(table.subject, "was never checked for other tenants' rows"));
    }
    return findings;
  },
};
