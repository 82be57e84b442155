import type { Data } from "../../../artifacts/shipment.ts";
import { parseCidr } from "../evaluate/ip-range.ts";
import { splitArn } from "../evaluate/match-arn.ts";
import { isDate, numberOf } from "../evaluate/scalar-values.ts";
import { type ConditionOperator, conditionOperator } from "./condition-operators.ts";
import type { Condition, PolicyProblem } from "./policy.ts";
import { firstUnknown, isObject, show, unreadable } from "./policy-data.ts";

type Report = (problem: PolicyProblem) => void;

export function parseConditions(
  block: Data | undefined,
  where: string,
  report: Report,
): readonly Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) {
    report(unreadable(where, "Condition", block));
    return [];
  }
  return Object.entries(block).flatMap(([name, keys]) => {
    const operator = conditionOperator(name);
    if (operator === null) report(unreadable(where, "a condition operator", name));
    else if (!isObject(keys) || Object.keys(keys).length === 0) report(unreadable(where, name, keys));
    else
      return Object.entries(keys).flatMap(([key, value]) =>
        parseCondition(operator, key, value, where, report),
      );
    return [];
  });
}

/**
 * `service:key`, or `service:key/name` where the name is free, such as that of a tag or of an encryption context. The keys of
 * an identity provider begin with its address.
 */
const keyPattern = /^[a-z0-9-][a-z0-9./⟨⟩-]*:[^\s$*?]+$/iu;

function parseCondition(
  operator: ConditionOperator,
  key: string,
  value: Data,
  where: string,
  report: Report,
): readonly Condition[] {
  const what = `${operator.name} ${key}`;
  const values = valuesOf(value);
  if (firstUnknown([key, value]) !== undefined || values === null) report(unreadable(where, what, value));
  else if (!keyPattern.test(key)) report(unreadable(where, `a condition key`, key));
  else {
    const wrong = values.find((text) => !isValueOf(operator, text));
    if (wrong === undefined) return [{ operator, key: key.toLowerCase(), values }];
    report({ kind: "refuted", where, what: `${what} cannot be ${show(wrong)}` });
  }
  return [];
}

/** AWS takes true and 5 for "true" and "5". */
function valuesOf(value: Data): readonly string[] | null {
  const list = Array.isArray(value) ? (value as readonly Data[]) : [value];
  if (list.length === 0) return null;
  const texts: string[] = [];
  for (const each of list)
    if (typeof each === "string") texts.push(each);
    else if (typeof each === "number" || typeof each === "boolean") texts.push(String(each));
    else return null;
  return texts;
}

/** What is no number, date, … would match nothing, which is not what was meant. Variables are for texts only. */
function isValueOf({ comparison }: ConditionOperator, text: string): boolean {
  switch (comparison) {
    case "bool":
    case "null":
      return /^(true|false)$/iu.test(text);
    case "numeric":
      return numberOf(text) !== null;
    case "date":
      return isDate(text);
    case "ip":
      return parseCidr(text) !== null;
    case "binary":
      return /^[A-Za-z0-9+/]*={0,2}$/u.test(text);
    case "arn":
      return text === "*" || text.includes("${") || splitArn(text) !== null;
    default:
      return true;
  }
}
