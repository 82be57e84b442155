import type { PatternClause, Policy, Statement } from "../policy/policy.ts";
import { both, type Certainty, every, not, some } from "./certainty.ts";
import { isEverything, matchResourceArn } from "./match-arn.ts";
import { matchAction } from "./match-action.ts";
import { matchCondition } from "./match-condition.ts";
import type { Matching } from "./matching.ts";
import { fillVariables } from "./policy-variables.ts";
import type { AccessRequest } from "./request.ts";

/** Whether action, resource and conditions of the statement match; who acts is looked at elsewhere. */
export function matchStatement(
  statement: Statement,
  version: Policy["version"],
  request: AccessRequest,
  matching: Matching,
): Certainty {
  if (!matchAction(statement.actions, request.action)) return "no";
  const resource =
    statement.resources === null ? "yes" : matchResource(statement.resources, version, request, matching);
  if (resource === "no") return "no";
  const scope = { version, context: request.context, matching };
  return both(
    resource,
    every(statement.conditions, (condition) => matchCondition(condition, scope)),
  );
}

export function matchResource(
  clause: PatternClause,
  version: Policy["version"],
  { resource, context }: Pick<AccessRequest, "resource" | "context">,
  matching: Matching,
): Certainty {
  const found = some(clause.patterns, (text) => {
    const pattern = fillVariables(text, version, context, true);
    // Of a variable without a value AWS only says that the statement may not match.
    if (pattern === null) return clause.negated ? "maybe" : "no";
    if (isEverything(pattern)) return "yes";
    return resource === "*" ? "no" : matchResourceArn(pattern, resource, matching);
  });
  return clause.negated ? not(found) : found;
}
