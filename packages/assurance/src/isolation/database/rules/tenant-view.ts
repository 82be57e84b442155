import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const tenantView: DatabaseRule = {
  id: "tenant-view",
  why: "every policy believes this view: if it did not verify the seal, whoever sets the tenant's setting would be that tenant",
  fix: "run the bootstrap again, which writes the view as it was",
  judge: ({ relations }, { tenantView: expected, roles }) => {
    const subject = `${expected.schema}.${expected.name}`;
    const found = relations.find(({ schema, name }) => schema === expected.schema && name === expected.name);
    if (found === undefined) return [unknown(subject, "the view is not in the catalogue")];
    const findings: Finding[] = [];
    if (found.kind !== "view") findings.push(refuted(subject, `is a ${found.kind}`));
    if (found.owner !== roles.owner) findings.push(refuted(subject, `is owned by ${found.owner}`));
    if (found.definition === null || !expected.definitions.includes(found.definition)) {
      findings.push(refuted(subject, "does not verify the seal as the platform wrote it"));
    }
    if (found.options.join() !== "security_barrier=true") {
      findings.push(refuted(subject, `has the options ${found.options.join(", ") || "(none)"}`));
    }
    return findings;
  },
};
