import { marksIn, unknownIn } from "../../../artifacts/mark.ts";
import type { PatternClause, PolicyKind, PolicyProblem } from "./policy.ts";
import { type DataObject, show, textsOf, unreadable } from "./policy-data.ts";

type Report = (problem: PolicyProblem) => void;

/** A service's prefix without wildcards, and a name of letters, digits and wildcards. */
const actionPattern = /^(\*|[a-z0-9-]+:[a-z0-9*?]+)$/iu;

export function parseActions(statement: DataObject, where: string, report: Report): PatternClause | null {
  const clause = parseClause(statement, "Action", where, report);
  if (clause === null) return null;
  for (const action of clause.patterns)
    if (!actionPattern.test(action))
      report(unreadable(where, `an action (service:Name, with wildcards in the name only)`, action));
  return clause;
}

export function parseResources(
  statement: DataObject,
  where: string,
  kind: PolicyKind,
  report: Report,
): PatternClause | null {
  const isNamed = statement["Resource"] !== undefined || statement["NotResource"] !== undefined;
  if (kind === "repository" && !isNamed) return null;
  if (kind === "trust") {
    for (const element of ["Resource", "NotResource"])
      if (statement[element] !== undefined)
        report({ kind: "refuted", where, what: `${element} stands in a trust policy` });
    return null;
  }
  const clause = parseClause(statement, "Resource", where, report);
  for (const resource of clause?.patterns ?? []) reportResource(resource, where, report);
  return clause;
}

function reportResource(resource: string, where: string, report: Report): void {
  const why = unknownIn(resource);
  if (why !== undefined) return report({ kind: "unknown", where, what: `the resource ${resource}: ${why}` });
  // AWS also takes patterns that begin with a wildcard, and policy variables before the first colon, which nobody needs.
  if (resource === "*" || resource.startsWith("arn:") || /^[*?]/u.test(resource)) return;
  if (marksIn(resource).length > 0 && resource.startsWith("⟨") && !resource.includes(":"))
    return report({ kind: "unknown", where, what: `whether the resource ${resource} is an ARN` });
  report({ kind: "refuted", where, what: `the resource ${show(resource)} is no ARN` });
}

function parseClause(
  statement: DataObject,
  element: "Action" | "Resource",
  where: string,
  report: Report,
): PatternClause | null {
  const positive = statement[element];
  const negative = statement[`Not${element}`];
  if ((positive === undefined) === (negative === undefined)) {
    report({ kind: "refuted", where, what: `there must be either ${element} or Not${element}` });
    return null;
  }
  const patterns = textsOf(positive ?? negative);
  if (patterns !== null) return { negated: positive === undefined, patterns };
  report(unreadable(where, positive === undefined ? `Not${element}` : element, positive ?? negative));
  return null;
}
