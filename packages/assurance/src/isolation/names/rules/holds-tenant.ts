import { unknownIn } from "../../../artifacts/mark.ts";
import { type Finding, refuted, unknown } from "../../../rule.ts";
import { tenantsRule } from "../names-rule.ts";
import { fullName, type GivenName, holdsTenant, shownName } from "../read-names.ts";

export const holdsTenantRule = tenantsRule({
  id: "names/hold-the-tenant",
  why: "a name without the tenant's id is the same for every tenant: the second stack fails, or both use one thing",
  fix: "put {tenant} into the name, or leave it out, so that AWS makes one up",
  judge: ({ tiers }) => tiers.flatMap(({ a }) => a.names.flatMap(judgeName)),
});

function judgeName(name: GivenName): readonly Finding[] {
  const text = fullName(name);
  const why = unknownIn(text);
  if (why !== undefined) return [unknown(name.subject, `the name of the ${name.kind.what}: ${why}`)];
  if (holdsTenant(text, "a")) return [];
  return [refuted(name.subject, `the ${name.kind.what} of every tenant is called ${shownName(name.name)}`)];
}
