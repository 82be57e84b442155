import type { NamedPolicy } from "./evaluate/authorize.ts";
import { delegation } from "./evaluate/delegation.ts";
import type { Matching } from "./evaluate/matching.ts";
import type { AnyTenant, Holder, IamModel, Role } from "./model/iam-model.ts";
import { anyTenantMatching } from "./worst-case/any-tenant-matching.ts";
import { findRequest, type FoundRequest } from "./worst-case/find-request.ts";
import { type Question, questionsOf } from "./worst-case/question.ts";
import { type Budget, questionIndex, questionsFor, type Reach, reachOf } from "./worst-case/reach.ts";
import { withIds } from "./worst-case/with-ids.ts";
import { worstCaseMatching } from "./worst-case/worst-case-matching.ts";

/** Something of another tenant that a role may reach. */
export interface Hit {
  readonly reach: Reach;
  /** A complete request that the plain evaluator allows; null where none was found, so that it is not certain. */
  readonly found: FoundRequest | null;
  /** The two ids with which it was found; null for concrete tenants. */
  readonly ids: readonly [string, string] | null;
}

/** What every rule of the theme looks at, computed once. */
export interface IamView {
  readonly model: IamModel;
  /** Between tenants of the placement. */
  readonly concrete: Survey;
  /** Between any two tenants. */
  readonly any: Survey;
  readonly keyPolicy: (arn: string) => NamedPolicy;
  readonly matchingOfAny: Matching;
}

export interface Survey {
  readonly hits: readonly Hit[];
  /** Why not everything was looked at; null where it was. */
  readonly unfinished: string | null;
}

/** Some seconds of work. Where each role may touch everything, so that every pair must be looked at, that is not enough. */
const evaluationsMax = 1_500_000;
/** So many holes are enough to be mended first. */
const hitsMax = 60;

export function surveyIam(model: IamModel): IamView {
  const keyPolicy = keyPolicies(model);
  const { lengthMax } = model;
  return {
    model,
    keyPolicy,
    concrete: surveyTenants(model, keyPolicy),
    any: surveyAny(model, keyPolicy),
    matchingOfAny: anyTenantMatching(lengthMax),
  };
}

/** The policy of a key; one that is not in the shipment is taken to leave everything to the account's policies. */
function keyPolicies({ tenants, shared, anyTenants, account }: IamModel): (arn: string) => NamedPolicy {
  const holders = [shared, ...tenants, ...anyTenants.flatMap(({ a, b }) => [a, b])];
  const known = new Map(
    holders.flatMap(({ targets }) =>
      targets.flatMap(({ type, arn, policy }) =>
        type.startsWith("AWS::KMS::") && policy !== null ? [[arn, policy] as const] : [],
      ),
    ),
  );
  return (arn) => known.get(arn) ?? delegation(account);
}

function surveyTenants({ tenants }: IamModel, keyPolicy: IamView["keyPolicy"]): Survey {
  const index = questionIndex(tenants.flatMap(questionsOf));
  const budget: Budget = { evaluations: evaluationsMax };
  const hits: Hit[] = [];
  for (const { roles } of tenants)
    for (const role of roles)
      for (const question of questionsFor(role, index)) {
        if (question.target.tenant === role.tenant) continue;
        const reach = reachOf(role, question, keyPolicy, worstCaseMatching, budget);
        if (budget.evaluations < 0) return { hits, unfinished: tooMany };
        if (reach !== null)
          hits.push({ reach, found: findRequest(reach.request, reach.policies), ids: null });
        if (hits.length >= hitsMax) return { hits, unfinished: null };
      }
  return { hits, unfinished: null };
}

const tooMany =
  "the policies leave too many pairs of roles and resources to look at; name the tenant's own resources in them";

function surveyAny({ anyTenants, lengthMax }: IamModel, keyPolicy: IamView["keyPolicy"]): Survey {
  const budget: Budget = { evaluations: evaluationsMax };
  const hits: Hit[] = [];
  for (const one of anyTenants)
    for (const other of anyTenants) {
      hits.push(...surveyPair(one, other, keyPolicy, lengthMax, budget));
      if (budget.evaluations < 0) return { hits, unfinished: tooMany };
    }
  return { hits, unfinished: null };
}

function surveyPair(
  one: AnyTenant,
  other: AnyTenant,
  keyPolicy: IamView["keyPolicy"],
  lengthMax: number,
  budget: Budget,
): readonly Hit[] {
  const questions = questionsOf(other.b);
  return one.a.roles.flatMap((role) =>
    questions.flatMap((question): readonly Hit[] => {
      const matching = anyTenantMatching(lengthMax);
      const reach = reachOf(role, question, keyPolicy, matching, budget);
      return reach === null ? [] : [confirm(role, question, reach, keyPolicy, matching.pairs())];
    }),
  );
}

/** Pairs that tell much: one id begins another, with and without a hyphen. */
const telling: readonly (readonly [string, string])[] = [
  ["acme", "acme-corp"],
  ["acme-corp", "acme"],
  ["acme", "acme2"],
  ["acme", "globex"],
];

/** Tries the pairs of ids that were met, with the plain evaluator. */
function confirm(
  role: Role,
  question: Question,
  reach: Reach,
  keyPolicy: IamView["keyPolicy"],
  pairs: readonly (readonly [string, string])[],
): Hit {
  for (const [a, b] of [...pairs.slice(0, 12), ...telling]) {
    const ids = { a, b };
    const budget: Budget = { evaluations: 1_000 };
    const policyOf = (arn: string) => withIds(keyPolicy(arn), ids);
    const concrete = reachOf(withIds(role, ids), withIds(question, ids), policyOf, worstCaseMatching, budget);
    const found = concrete === null ? null : findRequest(concrete.request, concrete.policies);
    if (concrete !== null && found !== null) return { reach: concrete, found, ids: [a, b] };
  }
  return { reach, found: null, ids: null };
}

/** Everybody's roles, with those of any tenant. */
export function tenantHolders({ tenants, anyTenants }: IamModel): readonly Holder[] {
  return [...anyTenants.map(({ a }) => a), ...tenants];
}
