import { type CompiledCondition, compileCondition } from "./conditions.ts";
import { compile, type Compiled, type Surroundings } from "./intrinsics.ts";
import { resourceCycle } from "./resource-cycle.ts";
import type { Data } from "./shipment.ts";

/** A template, prepared for any number of stacks. */
export interface CompiledTemplate {
  readonly parameters: ReadonlyMap<string, TemplateParameter>;
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly resources: ReadonlyMap<string, CompiledResource>;
  /** What is wrong in any stack of it. */
  readonly problems: readonly TemplateProblem[];
}

interface TemplateProblem {
  /** Null where it is the template's own. */
  readonly logicalId: string | null;
  readonly missing: string;
}

export interface TemplateParameter {
  readonly type: string;
  readonly default: Data | undefined;
}

export interface CompiledResource {
  readonly logicalId: string;
  readonly type: string;
  /** The condition that it stands under. */
  readonly condition: string | null;
  readonly properties: ReadonlyMap<string, Compiled>;
  /** All of the properties, where they are the same in every stack. */
  readonly constantProperties: Readonly<Record<string, Data>> | null;
  readonly deletionPolicy: string | null;
  readonly metadata: Compiled;
}

type Section = ReadonlyMap<string, unknown>;

/** AWS's own transforms that add resources without changing those that are written. */
const harmlessTransform = /^AWS::SecretsManager-\d{4}-\d{2}-\d{2}$/;
/** Types whose resources stand elsewhere: nobody could look at them. */
const elsewhere = /^AWS::CloudFormation::(Stack|StackSet|ModuleDefaultVersion|Macro)$|::MODULE$/;
const logicalId = /^[A-Za-z0-9]{1,255}$/;
const empty: Compiled = { kind: "constant", value: Object.freeze({}) };

export const emptyTemplate: CompiledTemplate = {
  parameters: new Map(),
  conditions: new Map(),
  resources: new Map(),
  problems: [],
};

/** Prepares what a template file says. What cannot be read is left out and said. */
export function compileTemplate(content: unknown): CompiledTemplate {
  const template = sectionOf(content);
  if (template === null) return broken("it is no template: it is not an object");
  const problems: TemplateProblem[] = [];
  const problem = (missing: string, of: string | null = null): void => {
    problems.push({ logicalId: of, missing });
  };
  const section = (name: string): Section => {
    const value = template.get(name);
    const read = value === undefined ? new Map<string, unknown>() : sectionOf(value);
    if (read === null) problem(`its ${name} are not an object`);
    return read ?? new Map<string, unknown>();
  };
  reportFunctions(template, problem);
  for (const transform of [template.get("Transform") ?? []].flat()) {
    if (typeof transform !== "string" || !harmlessTransform.test(transform)) {
      problem(`the transform ${JSON.stringify(transform)} may change anything`);
    }
  }
  const resources = section("Resources");
  if (resources.size === 0) problem("it has no Resources");
  const parameters = readParameters(section("Parameters"), problem);
  const written = section("Conditions");
  const around: Omit<Surroundings, "needs"> = {
    parameters: new Set(parameters.keys()),
    resources: new Set(resources.keys()),
    conditions: new Set(written.keys()),
    mappings: readMappings(section("Mappings")),
  };
  const needs = new Map<string, Set<string>>();
  const compiled = new Map<string, CompiledResource>();
  for (const [id, value] of resources) {
    const needed = new Set<string>();
    needs.set(id, needed);
    const resource = compileResource(id, value, { ...around, needs: (other) => needed.add(other) }, problem);
    if (resource !== null) compiled.set(id, resource);
  }
  const cycle = resourceCycle(needs);
  if (cycle.length > 0) problem(`its resources depend on each other in a circle: ${cycle.join(", ")}`);
  // Conditions know parameters only.
  const before = { ...around, resources: new Set<string>(), needs: () => {} };
  return {
    parameters,
    conditions: new Map([...written].map(([id, value]) => [id, compileCondition(value, before)])),
    resources: compiled,
    problems,
  };
}

function broken(missing: string): CompiledTemplate {
  return { ...emptyTemplate, problems: [{ logicalId: null, missing }] };
}

function sectionOf(value: unknown): Section | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value));
}

/** Functions where none may stand: a macro there may make anything of the rest. */
function reportFunctions(section: Section, problem: (missing: string) => void): void {
  for (const key of section.keys()) {
    if (key.startsWith("Fn::")) problem(`what ${key} makes of what stands beside it`);
  }
}

function readParameters(
  section: Section,
  problem: (missing: string) => void,
): ReadonlyMap<string, TemplateParameter> {
  const parameters = new Map<string, TemplateParameter>();
  for (const [id, value] of section) {
    const parameter = sectionOf(value);
    const type = parameter?.get("Type");
    const fallback = parameter?.get("Default");
    if (typeof type !== "string") problem(`the parameter ${id} has no type`);
    else if (!isScalar(fallback)) problem(`the default of the parameter ${id} is no text`);
    else parameters.set(id, { type, default: fallback });
  }
  return parameters;
}

function isScalar(value: unknown): value is string | number | boolean | undefined {
  return value === undefined || ["string", "number", "boolean"].includes(typeof value);
}

function readMappings(section: Section): Surroundings["mappings"] {
  return new Map(
    [...section].map(([name, map]) => [
      name,
      new Map([...(sectionOf(map) ?? [])].map(([top, values]) => [top, dataOf(sectionOf(values))])),
    ]),
  );
}

function dataOf(values: Section | null): ReadonlyMap<string, Data> {
  return new Map([...(values ?? [])].map(([key, value]) => [key, value as Data]));
}

function compileResource(
  id: string,
  value: unknown,
  around: Surroundings,
  problem: (missing: string, of: string | null) => void,
): CompiledResource | null {
  if (!logicalId.test(id)) {
    problem(`${JSON.stringify(id)} is no logical id`, null);
    return null;
  }
  const resource = sectionOf(value);
  const type = resource?.get("Type");
  if (resource === null || typeof type !== "string") {
    problem("it has no type", id);
    return null;
  }
  if (elsewhere.test(type)) problem(`what ${type} makes is not in the template`, id);
  const properties = sectionOf(resource.get("Properties") ?? {});
  if (properties === null) problem("its properties are not an object", id);
  for (const section of [resource, properties ?? new Map<string, unknown>()]) {
    reportFunctions(section, (missing) => problem(missing, id));
  }
  const compiled = new Map([...(properties ?? [])].map(([name, one]) => [name, compile(one, around)]));
  noteDependencies(resource.get("DependsOn"), around, (missing) => problem(missing, id));
  return {
    logicalId: id,
    type,
    condition: conditionOf(resource.get("Condition"), around, (missing) => problem(missing, id)),
    properties: compiled,
    constantProperties: constantsOf(compiled),
    deletionPolicy: textOrNull(resource.get("DeletionPolicy"), () =>
      problem("its deletion policy is no text", id),
    ),
    // What metadata names does not have to be there before.
    metadata: resource.has("Metadata")
      ? compile(resource.get("Metadata"), { ...around, needs: () => {} })
      : empty,
  };
}

function noteDependencies(
  dependsOn: unknown,
  around: Surroundings,
  problem: (missing: string) => void,
): void {
  for (const other of [dependsOn ?? []].flat()) {
    if (typeof other === "string" && around.resources.has(other)) around.needs(other);
    else problem(`it depends on ${JSON.stringify(other)}, which is not there`);
  }
}

function conditionOf(name: unknown, around: Surroundings, problem: (missing: string) => void): string | null {
  if (name === undefined) return null;
  if (typeof name === "string" && around.conditions.has(name)) return name;
  problem(`there is no condition ${JSON.stringify(name)}`);
  return null;
}

function constantsOf(properties: ReadonlyMap<string, Compiled>): Readonly<Record<string, Data>> | null {
  const constants: Record<string, Data> = {};
  for (const [name, property] of properties) {
    if (property.kind === "computed") return null;
    constants[name] = property.value;
  }
  return Object.freeze(constants);
}

function textOrNull(value: unknown, otherwise: () => void): string | null {
  if (typeof value === "string") return value;
  if (value !== undefined) otherwise();
  return null;
}
