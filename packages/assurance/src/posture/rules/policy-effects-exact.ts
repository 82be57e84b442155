import { unknownIn } from "../../artifacts/mark.ts";
import { refuted, unknown } from "../../rule.ts";
import { placeOf } from "../policy-statements.ts";
import { postureRule } from "../posture-rule.ts";
import { shown } from "../read-value.ts";

const effects = ["Allow", "Deny"];

/** Actions are a service and an operation, either with wildcards: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
const actionShape = /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i;

export const policyEffectsExact = postureRule({
  name: "policy-effects-exact",
  why: "AWS refuses a statement whose effect is misspelt, so that a deployment fails half way; other tools pass it over, and a Deny is not there.",
  fix: 'Write "Allow" or "Deny", and actions as "service:Operation".',
  things: "policies",
  find: ({ statements }) => statements,
  judge: (statement) => {
    const { resource, fields } = statement;
    const effect = fields["Effect"];
    if (typeof effect === "string" && unknownIn(effect) !== undefined)
      return [unknown(resource.key, `the Effect of ${placeOf(statement)}`)];
    const findings = [];
    if (!effects.includes(effect as string))
      findings.push(refuted(resource.key, `the Effect of ${placeOf(statement)} is ${shown(effect)}`));
    for (const field of ["Action", "NotAction"]) {
      const written = fields[field];
      const actions = Array.isArray(written) ? written : written === undefined ? [] : [written];
      const wrong = actions.filter((action) => typeof action !== "string" || !actionShape.test(action));
      if (wrong.length > 0)
        findings.push(refuted(resource.key, `${field} of ${placeOf(statement)} names ${shown(wrong[0])}`));
    }
    return findings;
  },
});
