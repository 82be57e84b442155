import { boundaries, keys, resourcePolicies, written } from "./iam-policy-mutants.ts";
import { access, attributes, trust, wideReach } from "./iam-role-mutants.ts";
import type { Mutant } from "./mutant.ts";

/** What would let one tenant's role in to another's things, each by its own mistake. */
export const iamMutants: readonly Mutant[] = [
  ...wideReach,
  ...attributes,
  ...access,
  ...trust,
  ...boundaries,
  ...keys,
  ...resourcePolicies,
  ...written.map((each) =>
    each.name === "a misspelt effect in a trust policy" ? { ...each, rule: "iam/policies-parse" } : each,
  ),
];
