/** How values are compared. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export type Comparison =
  | "string"
  | "string-ignore-case"
  | "string-like"
  | "numeric"
  | "date"
  | "bool"
  | "binary"
  | "ip"
  | "arn"
  | "null";

export type Order = "equal" | "less" | "less-or-equal" | "greater" | "greater-or-equal";

export interface ConditionOperator {
  /** As it is written, with its prefix and suffix. */
  readonly name: string;
  readonly comparison: Comparison;
  readonly order: Order;
  readonly negated: boolean;
  /** ForAllValues: or ForAnyValue:. */
  readonly quantifier: "all" | "any" | null;
  readonly ifExists: boolean;
}

type Row = readonly [name: string, comparison: Comparison, negated?: "negated" | undefined, order?: Order];

const rows: readonly Row[] = [
  ["StringEquals", "string"],
  ["StringNotEquals", "string", "negated"],
  ["StringEqualsIgnoreCase", "string-ignore-case"],
  ["StringNotEqualsIgnoreCase", "string-ignore-case", "negated"],
  ["StringLike", "string-like"],
  ["StringNotLike", "string-like", "negated"],
  ["NumericEquals", "numeric"],
  ["NumericNotEquals", "numeric", "negated"],
  ["NumericLessThan", "numeric", undefined, "less"],
  ["NumericLessThanEquals", "numeric", undefined, "less-or-equal"],
  ["NumericGreaterThan", "numeric", undefined, "greater"],
  ["NumericGreaterThanEquals", "numeric", undefined, "greater-or-equal"],
  ["DateEquals", "date"],
  ["DateNotEquals", "date", "negated"],
  ["DateLessThan", "date", undefined, "less"],
  ["DateLessThanEquals", "date", undefined, "less-or-equal"],
  ["DateGreaterThan", "date", undefined, "greater"],
  ["DateGreaterThanEquals", "date", undefined, "greater-or-equal"],
  ["Bool", "bool"],
  ["BinaryEquals", "binary"],
  ["IpAddress", "ip"],
  ["NotIpAddress", "ip", "negated"],
  ["ArnEquals", "arn"],
  ["ArnLike", "arn"],
  ["ArnNotEquals", "arn", "negated"],
  ["ArnNotLike", "arn", "negated"],
  ["Null", "null"],
];

const known: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row[0], row]));

/** The operator of that name; null where AWS knows none. */
export function conditionOperator(name: string): ConditionOperator | null {
  const [, prefix, rest = ""] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/su.exec(name) ?? [];
  const ifExists = rest.endsWith("IfExists");
  const row = known.get(ifExists ? rest.slice(0, -"IfExists".length) : rest);
  if (row === undefined) return null;
  const [, comparison, negated, order = "equal"] = row;
  if (comparison === "null" && ifExists) return null;
  return {
    name,
    comparison,
    order,
    negated: negated !== undefined,
    quantifier: prefix === undefined ? null : prefix === "ForAllValues" ? "all" : "any",
    ifExists,
  };
}
