import type { PolicyDocument, Statement } from "../../src/policy/policy-document.ts";

/** A request as far as the policies under test look at it. */
export interface TestRequest {
  readonly action: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** Whether policies allow a request, as IAM decides it: what the tests need of its rules, and an assertion for the rest. */
export function isAllowed(policies: readonly PolicyDocument[], request: TestRequest): boolean {
  const matching = policies.flatMap(({ Statement: all }) => all).filter((one) => matches(one, request));
  if (matching.some(({ Effect }) => Effect === "Deny")) return false;
  return matching.some(({ Effect }) => Effect === "Allow");
}

function matches(statement: Statement, { action, resource = "*", context = {} }: TestRequest): boolean {
  const { Action, Condition = {}, NotAction, Resource } = statement;
  const named = Action !== undefined ? list(Action).some((one) => like(one, action)) : true;
  const excepted = NotAction !== undefined && list(NotAction).some((one) => like(one, action));
  const onResource = list(Resource ?? "*").some((one) => one === "*" || like(one, resource));
  return (
    named &&
    !excepted &&
    onResource &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, context[key], list(values))),
    )
  );
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  const one = value ?? "";
  switch (operator) {
    case "StringEquals":
    case "Bool":
    case "ForAnyValue:StringEquals":
      return value !== undefined && wanted.includes(one);
    case "BoolIfExists":
      return value === undefined || wanted.includes(one);
    case "StringNotEquals":
    case "ForAllValues:StringNotEquals":
      return value === undefined || !wanted.includes(one);
    case "ArnLike":
    case "StringLike":
      return value !== undefined && wanted.some((pattern) => like(pattern, one));
    default:
      throw new Error(`the test does not know the operator ${operator}`);
  }
}

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;

function like(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(text);
}
