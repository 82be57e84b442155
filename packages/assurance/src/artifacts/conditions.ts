import { compile, evaluate, noValue, type Scope, type Surroundings, type Value } from "./intrinsics.ts";
import { marksIn } from "./mark.ts";

/** Whether a condition holds; null where that cannot be decided, which is reported. */
export type CompiledCondition = (scope: Scope) => boolean | null;

type Compile = (argument: unknown, around: Surroundings) => CompiledCondition;

export function compileCondition(condition: unknown, around: Surroundings): CompiledCondition {
  if (typeof condition === "object" && condition !== null && !Array.isArray(condition)) {
    const [first, ...others] = Object.entries(condition);
    if (first !== undefined && others.length === 0 && Object.hasOwn(operators, first[0])) {
      return operators[first[0]]?.(first[1], around) ?? undecided;
    }
  }
  return undecided;
}

const undecided: CompiledCondition = (scope) => {
  scope.unknown("a condition that nobody knows");
  return null;
};

const operators: Readonly<Record<string, Compile>> = {
  Condition: (name, around) =>
    typeof name === "string" && around.conditions.has(name) ? (scope) => scope.condition(name) : undecided,
  "Fn::Equals": (argument, around) => {
    if (!Array.isArray(argument) || argument.length !== 2) return undecided;
    const [one, other] = argument.map((value) => compile(value, around));
    if (one === undefined || other === undefined) return undecided;
    return (scope) => equals(evaluate(one, scope), evaluate(other, scope), scope);
  },
  "Fn::Not": (argument, around) => {
    const [only] = conditionsOf(argument, around);
    if (only === undefined) return undecided;
    return (scope) => {
      const holds = only(scope);
      return holds === null ? null : !holds;
    };
  },
  "Fn::And": (argument, around) => combined(conditionsOf(argument, around), false),
  "Fn::Or": (argument, around) => combined(conditionsOf(argument, around), true),
};

function conditionsOf(argument: unknown, around: Surroundings): readonly CompiledCondition[] {
  return Array.isArray(argument) ? argument.map((one) => compileCondition(one, around)) : [];
}

/** One that is `decisive` decides for all; without one, an undecided one leaves it open. */
function combined(conditions: readonly CompiledCondition[], decisive: boolean): CompiledCondition {
  if (conditions.length === 0) return undecided;
  return (scope) => {
    const all = conditions.map((condition) => condition(scope));
    if (all.includes(decisive)) return decisive;
    return all.includes(null) ? null : !decisive;
  };
}

/** What AWS makes up may be equal to any text, so only two values without marks can be told apart. */
function equals(one: Value, other: Value, scope: Scope): boolean | null {
  const [left, right] = [written(one), written(other)];
  const marks = [...marksIn(left), ...marksIn(right)];
  if (left === right && !marks.some((content) => content.startsWith("unknown:"))) return true;
  if (marks.length === 0) return false;
  scope.unknown(`whether ${left} is ${right}`);
  return null;
}

function written(value: Value): string {
  if (value === noValue) return "AWS::NoValue";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
