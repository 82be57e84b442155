import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Holder } from "../model/iam-model.ts";
import { tenantHolders } from "../survey.ts";

const tag = "tenant_id";

export const tagsNameTheirTenant: IamRule = {
  id: "iam/tags-name-their-tenant",
  why: "policies tell tenants apart by their tags: a role with another tenant's tag is that tenant to them",
  fix: "tag what a tenant has with its own id, from the parameter that carries it",
  judge: ({ model }) => {
    const holders = tenantHolders(model).filter(({ roles, targets }) => roles.length + targets.length > 0);
    if (holders.length === 0) return [notApplicable("tenants", "no tenant has anything of its own")];
    return listed(distinct(holders.flatMap(judgeHolder)));
  },
};

function judgeHolder({ roles, targets, tenant }: Holder): readonly Finding[] {
  const wrong = [...roles, ...targets].flatMap(({ key, tags }) => {
    const value = tags.get(tag);
    return value === undefined || value === tenant
      ? []
      : [refuted(key, `its tag ${tag} is ${value}, not ${tenant}`)];
  });
  const untagged = roles.filter(({ tags }) => !tags.has(tag));
  return [...wrong, ...untagged.map(({ key }) => refuted(key, `it has no tag ${tag}`))];
}
