import type { Condition, Policy } from "../policy/policy.ts";
import type { ConditionOperator, Order } from "../policy/condition-operators.ts";
import { matchArn } from "./match-arn.ts";
import { type Certainty, certainty, every, not, some } from "./certainty.ts";
import type { ContextLookup, ContextValue } from "./context.ts";
import { containsRange, parseCidr } from "./ip-range.ts";
import type { Matching } from "./matching.ts";
import { fillVariables } from "./policy-variables.ts";
import { dateOf, numberOf } from "./scalar-values.ts";
import { marksIn } from "../../../artifacts/mark.ts";

export interface ConditionScope {
  readonly version: Policy["version"];
  readonly context: ContextLookup;
  readonly matching: Matching;
}

/** Whether the condition holds. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
export function matchCondition(condition: Condition, scope: ConditionScope): Certainty {
  const { operator, key, values } = condition;
  const found = scope.context(key);
  if (operator.comparison === "null") return matchNull(values, found);
  if (found.kind === "any") return "maybe";
  if (found.kind === "absent" || (found.kind === "many" && found.values.length === 0))
    return holdsWithoutValue(operator);
  const texts = found.kind === "single" ? [found.value] : found.values;
  const holds = (text: string) => matchValue(condition, text, scope);
  if (operator.quantifier === "all") return every(texts, holds);
  if (operator.quantifier === "any" || found.kind === "single") return some(texts, holds);
  // Without a quantifier a key of many values is compared with none of them.
  return operator.negated ? "yes" : "no";
}

/**
 * ForAllValues holds for no values at all, which is why it fails open under Allow. Of ForAnyValue with IfExists the
 * documentation says both: the one is false, the other true.
 */
function holdsWithoutValue({ quantifier, ifExists, negated }: ConditionOperator): Certainty {
  if (quantifier === "any") return ifExists ? "maybe" : "no";
  return certainty(ifExists || quantifier === "all" || negated);
}

function matchNull(values: readonly string[], found: ContextValue): Certainty {
  return some(values, (value) => {
    if (found.kind === "any") return "maybe";
    const isAbsent = found.kind === "absent" || (found.kind === "many" && found.values.length === 0);
    return certainty(isAbsent === (value.toLowerCase() === "true"));
  });
}

/** One value of the context against all of the condition's: any of them for a positive operator, none for a negated. */
function matchValue({ operator, values }: Condition, text: string, scope: ConditionScope): Certainty {
  const found = some(
    values,
    (value) => compare(operator, value, text, scope) ?? (operator.negated ? "maybe" : "no"),
  );
  return operator.negated ? not(found) : found;
}

/** Null where a variable has no value, or the context no number, date or address: then nothing is equal to it, and what is unequal is not certain. */
function compare(
  operator: ConditionOperator,
  value: string,
  text: string,
  { version, context, matching }: ConditionScope,
): Certainty | null {
  const { comparison } = operator;
  if (comparison === "string" || comparison === "string-ignore-case" || comparison === "string-like") {
    const pattern = fillVariables(value, version, context, comparison === "string-like");
    if (pattern === null) return null;
    return matching.matches(pattern, text, { ignoreCase: comparison === "string-ignore-case" });
  }
  if (comparison === "arn") {
    const pattern = fillVariables(value, version, context, true);
    return pattern === null ? null : matchArn(pattern, text, matching);
  }
  // What AWS makes up, or nobody knows, may be any number, date or address.
  if (marksIn(text).length > 0) return "maybe";
  if (isMalformed(operator, text)) return null;
  return certainty(compareScalar(operator, value, text));
}

function isMalformed({ comparison }: ConditionOperator, text: string): boolean {
  if (comparison === "numeric") return numberOf(text) === null;
  if (comparison === "date") return dateOf(text) === null;
  return comparison === "ip" && parseCidr(text) === null;
}

function compareScalar({ comparison, order }: ConditionOperator, value: string, text: string): boolean {
  switch (comparison) {
    case "numeric":
      return inOrder(order, numberOf(text), numberOf(value));
    case "date":
      return inOrder(order, dateOf(text), dateOf(value));
    case "bool":
      return text.toLowerCase() === value.toLowerCase();
    case "ip": {
      const [outer, inner] = [parseCidr(value), parseCidr(text)];
      return outer !== null && inner !== null && containsRange(outer, inner);
    }
    default:
      return text === value;
  }
}

/** What is no number or date is in no order with anything. */
function inOrder(order: Order, left: number | null, right: number | null): boolean {
  if (left === null || right === null) return false;
  switch (order) {
    case "equal":
      return left === right;
    case "less":
      return left < right;
    case "less-or-equal":
      return left <= right;
    case "greater":
      return left > right;
    case "greater-or-equal":
      return left >= right;
  }
}
