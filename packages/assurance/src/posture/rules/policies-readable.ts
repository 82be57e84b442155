import { unknown } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";

export const policiesReadable = postureRule({
  name: "policies-readable",
  why: "A policy that cannot be read may allow anything.",
  fix: "Write the policy as an object of the template, or as JSON without parameters.",
  things: "policies",
  find: (posture) => [...posture.statements.slice(0, 1), ...posture.unreadPolicies],
  judge: (policy) =>
    "why" in policy ? [unknown(policy.resource.key, `the policy in ${policy.path}: ${policy.why}`)] : [],
});
