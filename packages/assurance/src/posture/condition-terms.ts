import type { Data } from "../artifacts/shipment.ts";
import type { PolicyStatement } from "./policy-statements.ts";
import { isFields } from "./read-value.ts";

/** One line of a condition: an operator, a key and the values that it is held against. */
export interface ConditionTerm {
  /** As it is written, such as "ForAllValues:StringEquals". */
  readonly written: string;
  readonly quantifier: "ForAllValues" | "ForAnyValue" | null;
  /** Without quantifier and IfExists. */
  readonly operator: string;
  readonly ifExists: boolean;
  /** In lower case: IAM does not tell them apart. */
  readonly key: string;
  readonly values: readonly Data[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export const conditionOperators: readonly string[] = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Null",
];

/** The lines of a statement's condition; null where it is no condition at all. */
export function conditionTerms({ fields }: PolicyStatement): readonly ConditionTerm[] | null {
  const condition = fields["Condition"];
  if (condition === undefined) return [];
  if (!isFields(condition)) return null;
  const terms: ConditionTerm[] = [];
  for (const [written, keys] of Object.entries(condition)) {
    if (!isFields(keys)) return null;
    const quantifier = /^(ForAllValues|ForAnyValue):/.exec(written)?.[1] ?? null;
    const bare = quantifier === null ? written : written.slice(quantifier.length + 1);
    const ifExists = bare.endsWith("IfExists");
    for (const [key, values] of Object.entries(keys)) {
      terms.push({
        written,
        quantifier: quantifier as ConditionTerm["quantifier"],
        operator: ifExists ? bare.slice(0, -"IfExists".length) : bare,
        ifExists,
        key: key.toLowerCase(),
        values: Array.isArray(values) ? (values as readonly Data[]) : [values],
      });
    }
  }
  return terms;
}
