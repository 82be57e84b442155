import type { Finding, Rule } from "../../rule.ts";
import { refuted } from "../../rule.ts";
import type { Hit, IamView } from "./survey.ts";
import { statementName } from "./policy/policy.ts";
import type { Decider } from "./evaluate/authorize.ts";
import type { FoundRequest } from "./worst-case/find-request.ts";

export type IamRule = Rule<[IamView]>;

const listedMax = 20;

/** The first findings one by one, the others as one that counts them. What is refuted comes first. */
export function listed(findings: readonly Finding[]): readonly Finding[] {
  const ordered = [
    ...findings.filter(({ kind }) => kind === "refuted"),
    ...findings.filter(({ kind }) => kind !== "refuted"),
  ];
  const rest = ordered.slice(listedMax);
  const [first] = rest;
  if (first === undefined) return ordered;
  const more = `${rest.length} more of the same kind, such as at ${first.subject}`;
  return [...ordered.slice(0, listedMax), first.kind === "refuted" ? refuted(first.subject, more) : first];
}

/** One finding for each subject and witness. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

export function describeDeciders(by: readonly Decider[]): string {
  const names = by.slice(0, 3).map(({ policy, statement }) => `${statementName(statement)} of ${policy}`);
  return names.length === 0 ? "no statement" : names.join(", ");
}

/** What a person needs to see it: who, what, on what, by which statement, and in which context. */
export function describeHit({ reach, found, ids }: Hit): string {
  const { question, request, decision } = reach;
  const whose = question.target.tenant ?? "all tenants";
  const action = found?.request.action ?? request.action;
  const resource = found?.request.resource ?? request.resource;
  const data = question.context === null ? "" : `, the key of ${question.context.value}`;
  const pair = ids === null ? "" : `, for the tenants ${ids[0]} and ${ids[1]}`;
  return `it can ${action} ${resource}${data}, which is of ${whose}${pair}, by ${describeDeciders(found?.decision.by ?? decision.by)}${describeContext(found)}`;
}

function describeContext(found: FoundRequest | null): string {
  const chosen = Object.entries(found?.chosen ?? {}).filter(([, value]) => value !== null);
  if (chosen.length === 0) return "";
  return ` with ${chosen.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(", ")}`;
}
