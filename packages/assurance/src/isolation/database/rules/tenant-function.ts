import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const tenantFunction: DatabaseRule = {
  id: "tenant-function",
  why: "it gives rows their tenant when the writer names none; written otherwise it could name another, and volatile it would run for each row",
  fix: "run the bootstrap again, which writes the function as it was",
  judge: ({ functions }, { tenantFunction: expected, roles }) => {
    const subject = `${expected.schema}.${expected.name}()`;
    const namesakes = functions.filter(
      (item) => item.schema === expected.schema && item.name === expected.name,
    );
    const found = namesakes.find((item) => item.arguments === "");
    if (found === undefined) return [unknown(subject, "the function is not in the catalogue")];
    const findings: Finding[] = namesakes
      .filter((item) => item !== found)
      .map((item) => refuted(subject, `has a namesake with the arguments ${item.arguments}`));
    const expectedFacts = {
      body: expected.bodyHash,
      owner: roles.owner,
      language: "sql",
      definer: "false",
      volatility: "stable",
      parallel: "safe",
    };
    const facts: Readonly<Record<string, string>> = {
      body: found.bodyHash,
      owner: found.owner,
      language: found.language,
      definer: String(found.definer),
      volatility: found.volatility,
      parallel: found.parallel,
    };
    for (const [name, value] of Object.entries(expectedFacts)) {
      if (facts[name] !== value) findings.push(refuted(subject, `${name} is ${facts[name]}, not ${value}`));
    }
    if (found.settings.join() !== expected.settings.join()) {
      findings.push(
        refuted(
          subject,
          `settings are ${found.settings.join(", ") || "(none)"}, not ${expected.settings.join(", ")}`,
        ),
      );
    }
    return findings;
  },
};
