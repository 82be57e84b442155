import { type Finding, refuted } from "../../../rule.ts";
import { tenantStacks } from "../read-routing.ts";
import { routingRule, ruleType } from "../routing-rule.ts";

export const loadBalancersAnswerTheEdgeOnly = routingRule({
  id: "routing/load-balancers-answer-the-edge-only",
  why: "who reaches the load balancer past the distribution, or by a distribution of its own, passes by its firewall and says any Host",
  fix: "let every rule ask for the secret header that the distribution sends to its origin",
  reads: [ruleType, "AWS::CloudFront::Distribution"],
  idle: ({ shared }) =>
    shared.some(({ distributions }) => distributions.length > 0)
      ? null
      : "no distribution stands before the load balancers",
  *judge(model) {
    const secrets = new Set(
      model.shared
        .flatMap(({ distributions }) => distributions.flatMap(({ origins }) => origins))
        .filter(({ protocol }) => protocol !== null)
        .flatMap(({ headers }) => headers.map(({ name, value }) => `${name}: ${value}`)),
    );
    for (const { rules } of [...model.shared, ...tenantStacks(model)]) {
      for (const { action, headers, key } of rules) {
        if (!action.types.includes("forward")) continue;
        yield* judgeHeaders(key, headers, secrets);
      }
    }
  },
});

function judgeHeaders(
  key: string,
  headers: readonly { readonly name: string; readonly values: readonly string[] }[],
  secrets: ReadonlySet<string>,
): readonly Finding[] {
  const asked = headers.filter(({ name, values }) =>
    values.every((value) => secrets.has(`${name}: ${value}`)),
  );
  if (asked.length === 0)
    return [refuted(key, "it forwards without asking for the header that the distribution sends")];
  // Nobody can guess a secret; what stands in a template anybody can read.
  const written = asked.flatMap(({ values }) => values).find((value) => !value.startsWith("{{resolve:"));
  return written === undefined ? [] : [refuted(key, "the value of the header stands in the template")];
}
