import { type Finding, notApplicable, refuted, unknown } from "../../../rule.ts";
import { describeHit, distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Hit, Survey } from "../survey.ts";

const why = "a role that reaches something of another tenant reads or changes what is theirs";
const fix =
  "name the tenant's own resources, with a delimiter before each wildcard, and confine shared keys to the tenant's own encryption context";

export const rolesReachOwnTenantOnly: IamRule = {
  id: "iam/roles-reach-own-tenant-only",
  why,
  fix,
  judge: ({ model, concrete }) => {
    const withRoles = model.tenants.filter(({ roles }) => roles.length > 0);
    if (withRoles.length === 0)
      return [notApplicable("tenants", "no tenant of the placement has a role of its own")];
    return findingsOf(concrete);
  },
};

export const anyTwoTenantsApart: IamRule = {
  id: "iam/any-two-tenants-apart",
  why: `${why}, and tenants whose names begin alike come with time`,
  fix,
  judge: ({ model, any }) => {
    if (model.anyTenants.every(({ a }) => a.roles.length === 0))
      return [notApplicable("tiers", "no tier gives its tenants roles of their own")];
    return findingsOf(any);
  },
};

/** One line is not enough: what a policy of a role opens must not be closed by that of the resource alone. */
export const rolesNameOwnResources: IamRule = {
  id: "iam/roles-name-own-resources",
  why: "a role that only the policies of others' resources hold back has them all where one of those is changed",
  fix,
  judge: ({ model, concrete, any }) => {
    if ([...model.tenants, ...model.anyTenants.map(({ a }) => a)].every(({ roles }) => roles.length === 0))
      return [notApplicable("tenants", "no tenant has a role of its own")];
    const stopped = [...concrete.hits, ...any.hits].filter(({ reach }) => reach.isStopped);
    return listed(
      distinct(
        stopped.map((hit) =>
          refuted(hit.reach.role.key, `but for the policy of the resource ${describeHit(hit)}`),
        ),
      ),
    );
  },
};

function findingsOf({ hits, unfinished }: Survey): readonly Finding[] {
  const found = distinct(hits.filter(({ reach }) => !reach.isStopped).map(findingOf));
  return [...listed(found), ...(unfinished === null ? [] : [unknown("tenants", unfinished)])];
}

function findingOf(hit: Hit): Finding {
  const { role } = hit.reach;
  if (hit.found !== null) return refuted(role.key, describeHit(hit));
  return unknown(role.key, `whether ${describeHit(hit)}: no context was found, and none could be ruled out`);
}
