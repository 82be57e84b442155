import type { Data } from "../../../artifacts/shipment.ts";
import type { PolicyProblem, PrincipalClause, PrincipalPattern } from "./policy.ts";
import { type DataObject, isObject, textsOf, unreadable } from "./policy-data.ts";
import { unknownIn } from "../../../artifacts/mark.ts";

type Report = (problem: PolicyProblem) => void;

export function parsePrincipals(
  statement: DataObject,
  where: string,
  report: Report,
): PrincipalClause | null {
  const { Principal: positive, NotPrincipal: negative } = statement;
  if ((positive === undefined) === (negative === undefined)) {
    report({ kind: "refuted", where, what: "there must be either Principal or NotPrincipal" });
    return null;
  }
  const written = positive ?? negative;
  const negated = positive === undefined;
  if (written === "*") return { negated, principals: [{ kind: "everyone" }] };
  if (!isObject(written) || Object.keys(written).length === 0) {
    report(unreadable(where, negated ? "NotPrincipal" : "Principal", written));
    return null;
  }
  const principals = Object.entries(written).flatMap(([type, value]) =>
    principalsOfType(type, value, where, report),
  );
  return { negated, principals };
}

function principalsOfType(
  type: string,
  value: Data,
  where: string,
  report: Report,
): readonly PrincipalPattern[] {
  const texts = textsOf(value);
  if (texts === null) {
    report(unreadable(where, `the principal's ${type}`, value));
    return [];
  }
  return texts.flatMap((text) => {
    const pattern = unknownIn(text) === undefined ? principalPattern(type, text) : null;
    if (pattern === null) report(unreadable(where, `a principal of ${type}`, text));
    return pattern === null ? [] : [pattern];
  });
}

const account = /^(\d{12}|⟨account⟩)$/u;
const root = /^arn:[a-z-]+:iam::(\d{12}|⟨account⟩):root$/u;
/** Wildcards are not allowed within it: AWS refuses them at deployment. */
const named =
  /^arn:[a-z-]+:(iam::(\d{12}|⟨account⟩):(user|role)\/|sts::(\d{12}|⟨account⟩):(assumed-role|federated-user)\/)[^*?]+$/u;

function principalPattern(type: string, text: string): PrincipalPattern | null {
  if (type === "AWS") {
    if (text === "*") return { kind: "everyone" };
    const number = account.exec(text)?.[1] ?? root.exec(text)?.[1];
    if (number !== undefined) return { kind: "account", account: number };
    if (named.test(text)) return { kind: "arn", arn: text };
    return /^A[A-Z]{3}[A-Z0-9]{12,}$/u.test(text) ? { kind: "unique-id", id: text } : null;
  }
  if (type === "Service")
    return /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/u.test(text) ? { kind: "service", service: text } : null;
  if (type === "Federated") return /[*?]/u.test(text) ? null : { kind: "federated", provider: text };
  return type === "CanonicalUser" && /^[0-9a-f]{64}$/u.test(text) ? { kind: "unique-id", id: text } : null;
}
