import { zonesOf } from "@tenantry/model";
import { addressBlocks } from "./address-blocks.ts";
import { unknownIn } from "./mark.ts";
import type { Data } from "./shipment.ts";
import { splitText } from "./split-text.ts";

/** `AWS::NoValue`: the property or element is left out. */
export const noValue: unique symbol = Symbol("AWS::NoValue");
export type Value = Data | typeof noValue;

/** The stack that a value is resolved for. */
export interface Scope {
  readonly region: string;
  readonly pseudo: (name: string) => Value;
  readonly parameter: (name: string) => Data;
  readonly reference: (logicalId: string) => string;
  readonly attribute: (logicalId: string, name: string) => Data;
  /** Null where it cannot be decided; that is reported already. */
  readonly condition: (name: string) => boolean | null;
  /** Reports what cannot be resolved. The mark of it stands in the value's place. */
  readonly unknown: (missing: string) => string;
}

/** A value of a template: the same in every stack of it, or resolved for each. */
export type Compiled =
  | { readonly kind: "constant"; readonly value: Data }
  | { readonly kind: "computed"; readonly evaluate: (scope: Scope) => Value };

/** The template that a value stands in. */
export interface Surroundings {
  readonly parameters: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
  readonly mappings: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Data>>>;
  /** Called with each resource that the value needs. */
  readonly needs: (logicalId: string) => void;
}

type Evaluate = (scope: Scope) => Value;
type Compile = (argument: unknown, around: Surroundings) => Evaluate;

export const evaluate = (compiled: Compiled, scope: Scope): Value =>
  compiled.kind === "constant" ? compiled.value : compiled.evaluate(scope);

const constant = (value: Data): Compiled => ({ kind: "constant", value });
const computed = (run: Evaluate): Compiled => ({ kind: "computed", evaluate: run });

/**
 * Prepares a value of a template, so that ten thousand stacks of it need not look at every part of it again. A part without
 * functions is made once, frozen and shared.
 */
export function compile(value: unknown, around: Surroundings): Compiled {
  if (value === null || typeof value !== "object") return constant(value as Data);
  if (Array.isArray(value)) return compileList(value, around);
  const entries = Object.entries(value);
  const called = entries.find(([key]) => isFunction(key, entries.length));
  if (called !== undefined) return computed(compileFunction(called[0], called[1], entries.length, around));
  return compileRecord(entries, around);
}

function isFunction(name: string, keys: number): boolean {
  return name.startsWith("Fn::") || (name === "Ref" && keys === 1);
}

function compileList(list: readonly unknown[], around: Surroundings): Compiled {
  const parts = list.map((one) => compile(one, around));
  if (parts.every((part) => part.kind === "constant")) {
    return constant(Object.freeze(parts.map(({ value }) => value)));
  }
  return computed((scope) => {
    const made: Data[] = [];
    for (const part of parts) {
      const value = evaluate(part, scope);
      if (value !== noValue) made.push(value);
    }
    return made;
  });
}

function compileRecord(entries: readonly (readonly [string, unknown])[], around: Surroundings): Compiled {
  const parts = entries.map(([key, one]) => [key, compile(one, around)] as const);
  if (parts.every(([, part]) => part.kind === "constant")) {
    const made: Record<string, Data> = {};
    for (const [key, part] of parts) if (part.kind === "constant") made[key] = part.value;
    return constant(Object.freeze(made));
  }
  return computed((scope) => {
    const made: Record<string, Data> = {};
    for (const [key, part] of parts) {
      const value = evaluate(part, scope);
      if (value !== noValue) made[key] = value;
    }
    return made;
  });
}

function compileFunction(name: string, argument: unknown, keys: number, around: Surroundings): Evaluate {
  if (keys !== 1) return fails(`${name} stands beside other keys`);
  const compiler = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return compiler === undefined ? fails(`nobody knows the function ${name}`) : compiler(argument, around);
}

const fails =
  (missing: string): Evaluate =>
  (scope) =>
    scope.unknown(missing);

const functions: Readonly<Record<string, Compile>> = {
  Ref: (argument, around) => (typeof argument === "string" ? ref(argument, around) : fails("Ref of no name")),
  "Fn::GetAtt": getAtt,
  "Fn::Join": join,
  "Fn::Sub": sub,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::If": choose,
  "Fn::FindInMap": findInMap,
  "Fn::Base64": base64,
  "Fn::Cidr": cidr,
  "Fn::GetAZs": (argument, around) => {
    const region = compile(argument, around);
    return (scope) => {
      const given = evaluate(region, scope);
      const zones = zonesOf(typeof given === "string" && given !== "" ? given : scope.region);
      return zones.length === 0 ? scope.unknown(`the zones of ${String(given)}`) : zones;
    };
  },
  "Fn::ImportValue": () => fails("Fn::ImportValue: what another stack exports is not looked up"),
  "Fn::Transform": () => fails("Fn::Transform: what a macro makes of it"),
};

function ref(name: string, around: Surroundings): Evaluate {
  if (name.startsWith("AWS::")) return (scope) => scope.pseudo(name);
  if (around.parameters.has(name)) return (scope) => scope.parameter(name);
  if (!around.resources.has(name)) return fails(`there is no ${name} to refer to`);
  around.needs(name);
  return (scope) => scope.reference(name);
}

function getAtt(argument: unknown, around: Surroundings): Evaluate {
  const parts = typeof argument === "string" ? dotted(argument) : argument;
  if (!Array.isArray(parts) || parts.length !== 2) return fails("Fn::GetAtt of no resource and attribute");
  const [resource, attribute] = parts as readonly unknown[];
  if (typeof resource !== "string" || !around.resources.has(resource)) {
    return fails(`there is no resource ${String(resource)} to take an attribute of`);
  }
  around.needs(resource);
  if (typeof attribute === "string") return (scope) => scope.attribute(resource, attribute);
  const made = compile(attribute, around);
  return (scope) => {
    const name = evaluate(made, scope);
    return typeof name === "string"
      ? scope.attribute(resource, name)
      : scope.unknown(`an attribute of ${resource}`);
  };
}

function dotted(text: string): readonly string[] {
  const dot = text.indexOf(".");
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

function join(argument: unknown, around: Surroundings): Evaluate {
  if (!Array.isArray(argument) || typeof argument[0] !== "string") return fails("Fn::Join of no list");
  const delimiter = argument[0];
  const list = compile(argument[1], around);
  return (scope) => {
    const parts = evaluate(list, scope);
    if (!Array.isArray(parts)) return listMissing(parts, "Fn::Join", scope);
    let text = "";
    for (const [index, part] of (parts as readonly Data[]).entries()) {
      if (index > 0) text += delimiter;
      text += textOf(part) ?? scope.unknown("Fn::Join of what is no text");
    }
    return text;
  };
}

/** What CloudFormation writes for a value that stands in a text; null for lists and objects. */
export function textOf(value: Value): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** A list may itself be unknown, which is reported already. */
function listMissing(value: Value, name: string, scope: Scope): string {
  return typeof value === "string" && unknownIn(value) !== undefined
    ? value
    : scope.unknown(`${name} of no list`);
}

function sub(argument: unknown, around: Surroundings): Evaluate {
  const [text, variables] = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument, {}];
  if (typeof text !== "string" || typeof variables !== "object" || variables === null) {
    return fails("Fn::Sub of no text");
  }
  const own = new Map(Object.entries(variables).map(([name, value]) => [name, compile(value, around)]));
  const parts = text.split(/\$\{([^{}]*)\}/u).map((part, index): Compiled => {
    if (index % 2 === 0) return constant(part);
    if (part.startsWith("!")) return constant(`\${${part.slice(1)}}`);
    const name = part.trim();
    const variable = own.get(name);
    if (variable !== undefined) return variable;
    return computed(name.includes(".") ? getAtt(name, around) : ref(name, around));
  });
  return (scope) =>
    parts
      .map((part) => textOf(evaluate(part, scope)) ?? scope.unknown("Fn::Sub with what is no text"))
      .join("");
}

function select(argument: unknown, around: Surroundings): Evaluate {
  if (!Array.isArray(argument) || argument.length !== 2) return fails("Fn::Select of no index and list");
  const index = compile(argument[0], around);
  const list = compile(argument[1], around);
  return (scope) => {
    const at = Number(textOf(evaluate(index, scope)) ?? "none");
    const values = evaluate(list, scope);
    if (!Array.isArray(values)) return listMissing(values, "Fn::Select", scope);
    const selected = (values as readonly Data[])[at];
    return selected === undefined
      ? scope.unknown(`Fn::Select of element ${at} of a list of ${values.length}`)
      : selected;
  };
}

function split(argument: unknown, around: Surroundings): Evaluate {
  if (!Array.isArray(argument) || typeof argument[0] !== "string") return fails("Fn::Split of no text");
  const delimiter = argument[0];
  const source = compile(argument[1], around);
  return (scope) => {
    const text = textOf(evaluate(source, scope));
    if (text === null) return scope.unknown("Fn::Split of what is no text");
    if (unknownIn(text) !== undefined) return text;
    return splitText(text, delimiter) ?? scope.unknown(`Fn::Split of ${text} at "${delimiter}"`);
  };
}

function choose(argument: unknown, around: Surroundings): Evaluate {
  if (!Array.isArray(argument) || argument.length !== 3)
    return fails("Fn::If of no condition and two values");
  const [name] = argument as readonly unknown[];
  if (typeof name !== "string" || !around.conditions.has(name)) {
    return fails(`there is no condition ${String(name)}`);
  }
  const yes = compile(argument[1], around);
  const no = compile(argument[2], around);
  return (scope) => {
    const holds = scope.condition(name);
    if (holds === null) return scope.unknown(`whether the condition ${name} holds`);
    return evaluate(holds ? yes : no, scope);
  };
}

function findInMap(argument: unknown, around: Surroundings): Evaluate {
  if (!Array.isArray(argument) || argument.length < 3) return fails("Fn::FindInMap of no two keys");
  const keys = argument.slice(0, 3).map((key) => compile(key, around));
  const fallback = defaultOf(argument[3], around);
  return (scope) => {
    const [map = "", top = "", second = ""] = keys.map((key) => textOf(evaluate(key, scope)) ?? "");
    const found = around.mappings.get(map)?.get(top)?.get(second);
    if (found !== undefined) return found;
    return fallback === null
      ? scope.unknown(`there is no ${second} of ${top} in the mapping ${map}`)
      : evaluate(fallback, scope);
  };
}

function defaultOf(options: unknown, around: Surroundings): Compiled | null {
  const isRecord = typeof options === "object" && options !== null;
  return isRecord && "DefaultValue" in options ? compile(options.DefaultValue, around) : null;
}

function base64(argument: unknown, around: Surroundings): Evaluate {
  const source = compile(argument, around);
  return (scope) => {
    const text = textOf(evaluate(source, scope));
    if (text === null) return scope.unknown("Fn::Base64 of what is no text");
    // What holds a mark stays as it was written: nobody could look into it otherwise.
    return text.includes("⟨") ? text : Buffer.from(text).toString("base64");
  };
}

function cidr(argument: unknown, around: Surroundings): Evaluate {
  if (!Array.isArray(argument)) return fails("Fn::Cidr of no block");
  const parts = argument.map((one) => compile(one, around));
  return (scope) => {
    const [block = "", count = "", hostBits = "8"] = parts.map((part) => textOf(evaluate(part, scope)) ?? "");
    return (
      addressBlocks(block, Number(count), Number(hostBits)) ??
      scope.unknown(`Fn::Cidr of ${count} blocks of ${block}`)
    );
  };
}
