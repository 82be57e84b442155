import type { PolicyDocument, PolicyStatement } from "./role-snapshot.ts";

/** One call to AWS. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys that are known; a key that is not here makes its condition one that nobody can tell. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * "cannot-tell" where it hangs on a condition that was not understood, or on a policy that was not read.
 * Only what is attached to a role is looked at: policies of resources and of the organization can allow or deny more.
 */
export type Access = "allowed" | "denied" | "not-allowed" | "cannot-tell";

/** An explicit deny wins; without an allow nothing is allowed (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). */
export function evaluate(documents: readonly (PolicyDocument | "unread")[], request: AccessRequest): Access {
  const statements = documents.flatMap((one) => (one === "unread" ? [] : one.statements));
  const applying = statements.map((one) => ({ effect: one.effect, applies: applies(one, request) }));
  const is = (effect: "Allow" | "Deny", answer: Applies) =>
    applying.some((one) => one.effect === effect && one.applies === answer);
  const isUnread = documents.includes("unread");
  if (is("Deny", "yes")) return "denied";
  if (is("Deny", "cannot-tell")) return "cannot-tell";
  if (is("Allow", "yes")) return isUnread ? "cannot-tell" : "allowed";
  return is("Allow", "cannot-tell") || isUnread ? "cannot-tell" : "not-allowed";
}

/** Whether the trust right lets somebody take the role. */
export function mayAssume(
  trust: PolicyDocument,
  principal: string,
  context: AccessRequest["context"],
): Access {
  const forPrincipal = trust.statements.filter(({ principals }) =>
    principals.some((one) => one === "*" || one === principal),
  );
  // A trust right names no resource: it is the role's own.
  const statements = forPrincipal.map((one) => ({ ...one, resources: ["*"] }));
  return evaluate([{ statements }], { action: "sts:AssumeRole", resource: "*", context });
}

type Applies = "yes" | "no" | "cannot-tell";

function applies(statement: PolicyStatement, { action, resource, context }: AccessRequest): Applies {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const isAction =
    actions === null
      ? !notActions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()))
      : actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  const isResource =
    resources === null
      ? !notResources.some((pattern) => matches(pattern, resource))
      : resources.some((pattern) => matches(pattern, resource));
  if (!isAction || !isResource) return "no";
  const answers = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => holds(operator, context[key.toLowerCase()], values)),
  );
  if (answers.includes("no")) return "no";
  return answers.includes("cannot-tell") ? "cannot-tell" : "yes";
}

const positive = new Set([
  "StringEquals",
  "StringLike",
  "ArnEquals",
  "ArnLike",
  "Bool",
  "StringEqualsIgnoreCase",
]);
const negative = new Set(["StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike"]);
const exact = new Set(["StringEquals", "StringNotEquals", "Bool"]);

function holds(operator: string, value: string | undefined, values: readonly string[]): Applies {
  const plain = operator.replace(/IfExists$/, "");
  const isNegative = negative.has(plain);
  if (value === undefined || (!isNegative && !positive.has(plain))) return "cannot-tell";
  const ignoresCase = plain === "StringEqualsIgnoreCase" || plain === "Bool";
  const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const isEqual = values.some((one) =>
    exact.has(plain) || ignoresCase ? fold(one) === fold(value) : matches(one, value),
  );
  return isEqual === isNegative ? "no" : "yes";
}

/**
 * Whether a text fits a pattern of IAM: * stands for any characters, ? for one. Without backtracking over more than
 * the last star, so that no pattern takes long.
 */
export function matches(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let from = 0;
  for (let t = 0; t < text.length;) {
    const one = pattern[p];
    if (one === "*") {
      star = p;
      from = t;
      p += 1;
    } else if (one === "?" || one === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      from += 1;
      t = from;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}
