import { refuted, unknown } from "../../../rule.ts";
import { distinct, type IamRule, listed } from "../iam-rule.ts";

export const policiesParse: IamRule = {
  id: "iam/policies-parse",
  why: "what is not exactly what AWS documents is refused at deployment, or says something else than it seems to",
  fix: "write the element as the grammar of IAM policies has it, and generate the template again",
  judge: ({ model }) =>
    listed(
      distinct(
        model.problems.map(({ kind, subject, where, what }) =>
          kind === "refuted" ? refuted(subject, `${where}: ${what}`) : unknown(subject, `${where}: ${what}`),
        ),
      ),
    ),
};
