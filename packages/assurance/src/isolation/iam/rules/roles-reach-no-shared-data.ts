import { type Finding, notApplicable, refuted, unknown } from "../../../rule.ts";
import { describeHit, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Holder } from "../model/iam-model.ts";
import { type IamView, tenantHolders } from "../survey.ts";
import { findRequest } from "../worst-case/find-request.ts";
import { questionsOf } from "../worst-case/question.ts";
import { type Budget, questionIndex, questionsFor, reachOf } from "../worst-case/reach.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

export const rolesReachNoSharedData: IamRule = {
  id: "iam/roles-reach-no-shared-data",
  why: "what the platform keeps for all tenants holds every tenant's data, records and passwords",
  fix: "take the shared resource out of the policies of the tenant's role",
  judge: (view) => {
    const holders = tenantHolders(view.model).filter(({ roles }) => roles.length > 0);
    if (holders.length === 0) return [notApplicable("tenants", "no tenant has a role of its own")];
    const isOwn = ({ tier }: Holder) => tier === null || !view.model.sharedStoreTiers.has(tier);
    const noted = [...view.model.sharedStoreTiers]
      .filter((tier) => holders.some((holder) => holder.tier === tier))
      .map((tier) =>
        notApplicable(`tier ${tier}`, "its tenants share a store by design; the database keeps them apart"),
      );
    return [...listed(distinct(judgeShared(holders.filter(isOwn), view))), ...noted];
  },
};

const findingsMax = 60;

function judgeShared(holders: readonly Holder[], { model, keyPolicy }: IamView): readonly Finding[] {
  // Keys have a rule of their own, and images are for everybody to run.
  const questions = questionsOf(model.shared).filter(
    ({ target, context }) =>
      context !== null || !(target.type.startsWith("AWS::KMS::") || target.kind === "images"),
  );
  const index = questionIndex(questions);
  const budget: Budget = { evaluations: 500_000 };
  const findings: Finding[] = [];
  for (const { roles } of holders)
    for (const role of roles)
      for (const question of questionsFor(role, index)) {
        const reach = reachOf(role, question, keyPolicy, worstCaseMatching, budget);
        if (budget.evaluations < 0)
          return [
            ...findings,
            unknown("tenants", "whether their roles reach what is shared: there is too much of it"),
          ];
        if (reach === null) continue;
        const found = findRequest(reach.request, reach.policies);
        const text = describeHit({ reach, found, ids: null });
        findings.push(found === null ? unknown(role.key, `whether ${text}`) : refuted(role.key, text));
        if (findings.length >= findingsMax) return findings;
      }
  return findings;
}
