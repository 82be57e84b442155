import type { PrincipalClause, PrincipalPattern } from "../policy/policy.ts";
import { type Certainty } from "./certainty.ts";
import type { Principal } from "./request.ts";

/**
 * How a statement names who acts. A grant to the account only lets the account's own policies decide; one to the role is
 * still bounded by the permissions boundary and the session's policies; one to the session or the user is not; of one to
 * everyone nothing is said.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export interface PrincipalMatch {
  readonly as: Named;
  readonly match: Certainty;
}

export function matchPrincipal(
  { negated, principals }: PrincipalClause,
  principal: Principal,
): PrincipalMatch {
  const found = principals.map((pattern) => matchOne(pattern, principal));
  if (negated) return { as: "everyone", match: matchNone(found, principal) };
  const as = (["direct", "everyone", "role", "account"] as const).find((each) => found.includes(each));
  return as === undefined ? { as: "direct", match: "no" } : { as, match: "yes" };
}

/**
 * AWS "might validate the account first, then the role, and then the assumed-role user", so that who is exempted must
 * name all of them; what happens to a part of them is not certain.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function matchNone(found: readonly (Named | null)[], { kind }: Principal): Certainty {
  if (found.includes("everyone")) return "no";
  const needed: readonly Named[] =
    kind === "role-session"
      ? ["direct", "role", "account"]
      : kind === "user" || kind === "federated-user"
        ? ["direct", "account"]
        : kind === "root"
          ? ["account"]
          : ["direct"];
  const named = needed.filter((each) => found.includes(each));
  return named.length === 0 ? "yes" : named.length === needed.length ? "no" : "maybe";
}

type Named = "account" | "role" | "direct" | "everyone";

function matchOne(pattern: PrincipalPattern, principal: Principal): Named | null {
  switch (pattern.kind) {
    case "everyone":
      return "everyone";
    case "account":
      return "account" in principal && principal.account === pattern.account ? "account" : null;
    case "arn":
      if (principal.kind === "role-session" && principal.roleArn === pattern.arn) return "role";
      return ownArns(principal).includes(pattern.arn) ? "direct" : null;
    case "service":
      return principal.kind === "service" && principal.service === pattern.service ? "direct" : null;
    case "federated":
      return principal.kind === "federated" && principal.provider === pattern.provider ? "direct" : null;
    case "unique-id":
      return null;
  }
}

function ownArns(principal: Principal): readonly string[] {
  if (principal.kind === "role-session") return [principal.sessionArn];
  return "arn" in principal ? [principal.arn] : [];
}
