import type { CompiledTemplate, TemplateParameter } from "./compile-template.ts";
import { textOf } from "./intrinsics.ts";
import { unknownIn, unknownMark } from "./mark.ts";
import type { Data } from "./shipment.ts";

/** What a parameter's value is made of. */
export interface ParameterInputs {
  /** What a deployment gives to a parameter; undefined for those that have their defaults. */
  readonly given: (name: string) => string | undefined;
  /** What Parameter Store holds under a name. A name that nobody provides gives an unknown mark, and is reported. */
  readonly stored: (name: string) => string;
  readonly report: (missing: string) => void;
}

const storedType = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** The values of a template's parameters. */
export function parameterValues(
  { parameters }: CompiledTemplate,
  inputs: ParameterInputs,
): Readonly<Record<string, Data>> {
  const values: Record<string, Data> = {};
  for (const [name, parameter] of parameters) values[name] = valueOf(name, parameter, inputs);
  return values;
}

/** The same, each looked up when it is first asked for: stacks that tenants share may refer to each other. */
export function lazyParameterValues(
  { parameters }: CompiledTemplate,
  inputs: ParameterInputs,
): Readonly<Record<string, Data>> {
  const values: Record<string, Data> = {};
  for (const [name, parameter] of parameters) {
    let isAsked = false;
    Object.defineProperty(values, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        if (isAsked) return missing(`the parameter ${name} needs itself`, inputs);
        isAsked = true;
        const value = valueOf(name, parameter, inputs);
        Object.defineProperty(values, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return values;
}

function missing(what: string, { report }: ParameterInputs): string {
  report(what);
  return unknownMark(what);
}

function valueOf(
  name: string,
  { type, default: fallback }: TemplateParameter,
  inputs: ParameterInputs,
): Data {
  const given = inputs.given(name) ?? fallback;
  if (given === undefined) return missing(`the parameter ${name} has no value`, inputs);
  const stored = storedType.exec(type)?.[1];
  if (stored === undefined) return isList(type) ? listOf(textOf(given) ?? "") : given;
  const value = inputs.stored(textOf(given) ?? "");
  return isList(stored) && unknownIn(value) === undefined ? listOf(value) : value;
}

function isList(type: string): boolean {
  return type === "CommaDelimitedList" || type.startsWith("List<");
}

function listOf(text: string): readonly string[] {
  return Object.freeze(text.split(",").map((one) => one.trim()));
}
