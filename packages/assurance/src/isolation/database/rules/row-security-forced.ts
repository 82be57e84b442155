import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { tenantTables } from "../tenant-tables.ts";

export const rowSecurityForced: DatabaseRule = {
  id: "row-security-forced",
  why: "without row-level security every tenant sees every row; unless it is forced, whatever runs as the owner does",
  fix: "alter table … enable row level security; alter table … force row level security",
  judge: (catalogue, expectations) => {
    const findings: Finding[] = [];
    for (const { subject, relation } of tenantTables(catalogue, expectations)) {
      if (!relation.rowSecurity) findings.push(refuted(subject, "row-level security is not enabled"));
      if (!relation.rowSecurityForced) findings.push(refuted(subject, "row-level security is not forced"));
    }
    return findings;
  },
};
