import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const definerFunctions: DatabaseRule = {
  id: "definer-functions",
  why: "a function that runs with its owner's rights does for anyone what only the owner may",
  fix: "drop it, or make it security invoker; the platform's own have a pinned search path and a known body",
  judge: ({ functions }, { tenantFunction, definers }) => {
    const known = new Map([tenantFunction, ...definers].map((item) => [`${item.schema}.${item.name}`, item]));
    const findings: Finding[] = [];
    for (const item of functions) {
      if (!item.definer) continue;
      const subject = `${item.schema}.${item.name}(${item.arguments})`;
      const expected = item.arguments === "" ? known.get(`${item.schema}.${item.name}`) : undefined;
      if (expected === undefined)
        findings.push(refuted(subject, "runs with its owner's rights and is not the platform's"));
      else {
        if (item.bodyHash !== expected.bodyHash) findings.push(refuted(subject, "has another body"));
        if (item.settings.join() !== expected.settings.join()) {
          findings.push(refuted(subject, `has the settings ${item.settings.join(", ") || "(none)"}`));
        }
      }
    }
    return findings;
  },
};
