import { refuted } from "../../rule.ts";
import { conditionTerms } from "../condition-terms.ts";
import { placeOf } from "../policy-statements.ts";
import { postureRule } from "../posture-rule.ts";
import { isFlag } from "../read-value.ts";

export const allowGuardsAbsentKeys = postureRule({
  name: "allow-guards-absent-keys",
  why: "ForAllValues holds when the request has no such key: an Allow that rests on it lets a request without the key through, such as a Scan.",
  fix: 'Use ForAnyValue or the plain operator, or add "Null": {"the key": "false"}.',
  things: "policies",
  find: ({ statements }) => statements,
  judge: (statement) => {
    const terms = conditionTerms(statement);
    if (terms === null || statement.fields["Effect"] !== "Allow") return [];
    const guarded = new Set(
      terms
        .filter(
          ({ operator, values }) => operator === "Null" && values.every((value) => isFlag(value, false)),
        )
        .map(({ key }) => key),
    );
    return terms
      .filter(({ quantifier, key }) => quantifier === "ForAllValues" && !guarded.has(key))
      .map(({ written, key }) =>
        refuted(
          statement.resource.key,
          `${placeOf(statement)} allows by ${written} on ${key}, and says nothing of requests without ${key}`,
        ),
      );
  },
});
