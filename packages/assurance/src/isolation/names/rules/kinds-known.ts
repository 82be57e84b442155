import { unknown } from "../../../rule.ts";
import { tenantsRule } from "../names-rule.ts";

export const kindsKnown = tenantsRule({
  id: "names/kinds-known",
  why: "a name that nobody compares may be the same for two tenants",
  fix: "say in name-kinds.ts what names resources of the type, or leave the resource out",
  judge: ({ tiers }) =>
    tiers.flatMap(({ a }) =>
      a.unlisted.map(({ key, type }) => unknown(key, `what names a resource of the type ${type}`)),
    ),
});
