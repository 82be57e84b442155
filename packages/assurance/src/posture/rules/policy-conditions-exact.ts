import { type Finding, refuted } from "../../rule.ts";
import { conditionOperators, type ConditionTerm, conditionTerms } from "../condition-terms.ts";
import { placeOf, type PolicyStatement } from "../policy-statements.ts";
import { postureRule } from "../posture-rule.ts";
import { shown } from "../read-value.ts";
import { globalConditionKeys } from "../global-condition-keys.ts";

const known = new Set(conditionOperators);
const globals = new Set(globalConditionKeys.map((key) => key.toLowerCase()));

export const policyConditionsExact = postureRule({
  name: "policy-conditions-exact",
  why: "A condition on a key that does not exist never holds, or with IfExists always: the guard that it looks like is not there.",
  fix: "Use an operator and a global condition key of the IAM user guide, spelt as there.",
  things: "policies",
  find: ({ statements }) => statements,
  judge: (statement) => {
    const terms = conditionTerms(statement);
    if (terms === null)
      return [
        refuted(
          statement.resource.key,
          `the Condition of ${placeOf(statement)} is ${shown(statement.fields["Condition"])}`,
        ),
      ];
    return terms.flatMap((term) => judgeTerm(statement, term));
  },
});

function judgeTerm(statement: PolicyStatement, term: ConditionTerm): readonly Finding[] {
  const findings: Finding[] = [];
  const { key } = statement.resource;
  if (!known.has(term.operator) || (term.operator === "Null" && term.ifExists))
    findings.push(
      refuted(key, `${placeOf(statement)} has the operator ${term.written}, which IAM does not know`),
    );
  if (term.key.startsWith("aws:") && !globals.has(term.key.split("/")[0] ?? ""))
    findings.push(refuted(key, `${placeOf(statement)} has the key ${term.key}, which IAM does not know`));
  if (!term.key.includes(":"))
    findings.push(refuted(key, `${placeOf(statement)} has the key ${term.key}, which names no service`));
  return findings;
}
