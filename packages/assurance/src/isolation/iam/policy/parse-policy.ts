import type { Data } from "../../../artifacts/shipment.ts";
import { parseConditions } from "./parse-conditions.ts";
import { parseActions, parseResources } from "./parse-patterns.ts";
import { parsePrincipals } from "./parse-principals.ts";
import type { Policy, PolicyKind, PolicyProblem, PrincipalClause, Statement } from "./policy.ts";
import { isObject, unreadable } from "./policy-data.ts";

export interface ParsedPolicy {
  /** What could be read. A statement with a problem is left out, so a policy with problems must not pass. */
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
}

const withPrincipals: ReadonlySet<PolicyKind> = new Set([
  "resource",
  "repository",
  "trust",
  "key",
  "vpc-endpoint",
]);

/**
 * Reads a policy document strictly: whatever is not exactly what AWS documents is a problem. AWS refuses most of it at
 * deployment; the rest would say something else than it seems to.
 */
export function parsePolicy(document: Data | undefined, kind: PolicyKind): ParsedPolicy {
  const problems: PolicyProblem[] = [];
  const report = (problem: PolicyProblem) => void problems.push(problem);
  const empty: Policy = { version: "2012-10-17", statements: [] };
  if (!isObject(document)) {
    report(unreadable("document", "the policy", document));
    return { policy: empty, problems };
  }
  for (const element of Object.keys(document))
    if (!["Version", "Id", "Statement"].includes(element))
      report({ kind: "refuted", where: "document", what: `${element} is no element of a policy` });
  const version = document["Version"] ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17")
    report(unreadable("document", "Version (2012-10-17 or 2008-10-17)", version));
  const written = document["Statement"];
  const list = Array.isArray(written) ? (written as readonly Data[]) : written === undefined ? [] : [written];
  if (list.length === 0) report({ kind: "refuted", where: "document", what: "the policy has no statements" });
  const statements = list.flatMap((statement, index) => parseStatement(statement, index, kind, report));
  reportRepeatedSids(statements, report);
  return {
    policy: { version: version === "2008-10-17" ? version : "2012-10-17", statements },
    problems,
  };
}

const elements: ReadonlySet<string> = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

function parseStatement(
  statement: Data,
  index: number,
  kind: PolicyKind,
  reportOut: (problem: PolicyProblem) => void,
): readonly Statement[] {
  const sid = isObject(statement) && typeof statement["Sid"] === "string" ? statement["Sid"] : null;
  const where = sid === null ? `statement ${index}` : `statement ${index} (${sid})`;
  let sound = true;
  const report = (problem: PolicyProblem) => {
    sound = false;
    reportOut(problem);
  };
  if (!isObject(statement)) {
    report(unreadable(where, "the statement", statement));
    return [];
  }
  for (const element of Object.keys(statement))
    if (!elements.has(element))
      report({ kind: "refuted", where, what: `${element} is no element of a statement` });
  if (statement["Sid"] !== undefined && sid === null) report(unreadable(where, "Sid", statement["Sid"]));
  const effect = statement["Effect"];
  if (effect !== "Allow" && effect !== "Deny") report(unreadable(where, "Effect (Allow or Deny)", effect));
  const principals = principalsOf(statement, where, kind, report);
  const actions = parseActions(statement, where, report);
  const resources = parseResources(statement, where, kind, report);
  const conditions = parseConditions(statement["Condition"], where, report);
  if (!sound || actions === null || (effect !== "Allow" && effect !== "Deny")) return [];
  return [{ index, sid, effect, principals, actions, resources, conditions }];
}

function principalsOf(
  statement: { readonly [key: string]: Data },
  where: string,
  kind: PolicyKind,
  report: (problem: PolicyProblem) => void,
): PrincipalClause | null {
  if (withPrincipals.has(kind)) return parsePrincipals(statement, where, report);
  for (const element of ["Principal", "NotPrincipal"])
    if (statement[element] !== undefined)
      report({ kind: "refuted", where, what: `${element} stands in a policy that is attached to who acts` });
  return null;
}

function reportRepeatedSids(
  statements: readonly Statement[],
  report: (problem: PolicyProblem) => void,
): void {
  const seen = new Set<string>();
  for (const { sid, index } of statements) {
    if (sid === null || sid === "") continue;
    if (seen.has(sid))
      report({ kind: "refuted", where: `statement ${index} (${sid})`, what: "the Sid is there twice" });
    seen.add(sid);
  }
}
