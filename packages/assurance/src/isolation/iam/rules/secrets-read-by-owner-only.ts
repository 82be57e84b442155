import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { describeHit, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Role } from "../model/iam-model.ts";
import type { IamView } from "../survey.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";
import { reachOf } from "../worst-case/reach.ts";

export const secretsReadByOwnerOnly: IamRule = {
  id: "iam/secrets-read-by-owner-only",
  why: "who reads the secret of a tenant signs in to its database as that tenant",
  fix: "name the tenant's own secrets by their ARN in its roles' policies, and none of the platform's",
  judge: (view) => {
    const { model, concrete, any } = view;
    const holders = [...model.tenants, ...model.anyTenants.map(({ a }) => a)];
    if (holders.every(({ targets }) => targets.every(({ type }) => type !== "AWS::SecretsManager::Secret")))
      return [notApplicable("secrets", "no tenant has a secret of its own")];
    const ofOthers = [...concrete.hits, ...any.hits]
      .filter(({ reach }) => !reach.isStopped && reach.question.target.type === "AWS::SecretsManager::Secret")
      .map((hit) => refuted(hit.reach.role.key, describeHit(hit)));
    return listed(distinct([...ofOthers, ...ofPlatform(view)]));
  },
};

/** What the platform itself signs in with; in a tier that has a store in common with others its own service needs it. */
function ofPlatform({ model, keyPolicy }: IamView): readonly Finding[] {
  const secrets = model.shared.targets.filter(({ type }) => type === "AWS::SecretsManager::Secret");
  const budget = { evaluations: 200_000 };
  return model.anyTenants
    .filter(({ tier }) => !model.sharedStoreTiers.has(tier))
    .flatMap(({ a, tier }) => [a, ...model.tenants.filter((holder) => holder.tier === tier)])
    .flatMap(({ roles }) =>
      roles.filter(namesSecrets).flatMap((role) =>
        secrets.flatMap((target) => {
          const question = { target, resource: target.arn, known: new Map(), context: null };
          const reach = reachOf(role, question, keyPolicy, worstCaseMatching, budget);
          return reach === null ? [] : [refuted(role.key, describeHit({ reach, found: null, ids: null }))];
        }),
      ),
    );
}

const namesSecrets = ({ identity }: Role): boolean =>
  identity.some(({ policy }) =>
    policy.statements.some(
      ({ effect, actions: { negated, patterns } }) =>
        effect === "Allow" &&
        (negated || patterns.some((each) => each === "*" || /^secretsmanager:/iu.test(each))),
    ),
  );
