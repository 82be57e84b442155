import type { CompiledResource, CompiledTemplate } from "./compile-template.ts";
import { type Compiled, evaluate, noValue, type Scope, textOf, type Value } from "./intrinsics.ts";
import { mark, unknownMark } from "./mark.ts";
import { type Identity, identityOf } from "./physical-id.ts";
import type { Data, Properties, Resource, ShippedStack } from "./shipment.ts";

/** What a stack takes from outside of its template. */
export interface StackWorld {
  readonly account: string;
  readonly report: (subject: string, missing: string) => void;
}

/** A stack whose parts are resolved when they are asked for, each once. */
export interface StackInstance {
  readonly resources: () => readonly Resource[];
  /** Whether the resource is in the stack: its condition holds, or nobody can tell. */
  readonly has: (resource: CompiledResource) => boolean;
  readonly property: (resource: CompiledResource, name: string) => Value;
}

/** Resolves a template for one stack. */
export function instantiate(
  template: CompiledTemplate,
  stack: ShippedStack,
  world: StackWorld,
): StackInstance {
  const identities = new Map<string, Identity | null>();
  const conditions = new Map<string, boolean | null>();
  let subject = stack.id;

  const unknown = (missing: string): string => {
    world.report(subject, missing);
    return unknownMark(missing);
  };

  const scope: Scope = {
    region: stack.region,
    pseudo: (name) => pseudoOf(name, stack, world.account) ?? unknown(`there is no ${name}`),
    parameter: (name) => stack.parameters[name] ?? unknown(`the parameter ${name} has no value`),
    reference: (id) => {
      const identity = identify(id);
      return typeof identity === "string" ? identity : identity.physicalId;
    },
    attribute: (id, name) => {
      const identity = identify(id);
      return typeof identity === "string" ? identity : identity.attribute(name);
    },
    condition: (name) => {
      const known = conditions.get(name);
      if (known !== undefined) return known;
      // While it is being decided it is open: one that needs itself stays so.
      conditions.set(name, null);
      const condition = template.conditions.get(name);
      const holds = condition === undefined ? null : condition(scope);
      if (holds === null) unknown(`whether the condition ${name} holds`);
      conditions.set(name, holds);
      return holds;
    },
    unknown,
  };

  const has = ({ condition }: CompiledResource): boolean =>
    condition === null || scope.condition(condition) !== false;

  /** The identity of a resource, or the mark of why it has none. */
  const identify = (id: string): Identity | string => {
    const known = identities.get(id);
    if (known !== undefined) return known ?? unknown(`the name of ${id} needs itself`);
    const resource = template.resources.get(id);
    if (resource === undefined) return unknown(`${id} could not be read`);
    if (!has(resource)) return unknown(`${id} is left out by its condition`);
    identities.set(id, null);
    const identity = identityOf({
      key: `${stack.id}/${id}`,
      type: resource.type,
      logicalId: id,
      stackName: stack.stackName,
      region: stack.region,
      account: world.account,
      property: (name) => nameText(property(resource, name)),
    });
    identities.set(id, identity);
    return identity;
  };

  const property = ({ properties }: CompiledResource, name: string): Value => {
    const compiled = properties.get(name);
    return compiled === undefined ? noValue : evaluate(compiled, scope);
  };

  const resourceOf = (resource: CompiledResource): Resource => {
    const { logicalId, type, deletionPolicy } = resource;
    subject = `${stack.id}/${logicalId}`;
    const identity = identify(logicalId);
    const [physicalId, arn] =
      typeof identity === "string" ? [identity, null] : [identity.physicalId, identity.arn];
    const properties = resource.constantProperties ?? resolveAll(resource.properties, scope);
    const metadata = recordOf(evaluate(resource.metadata, scope));
    subject = stack.id;
    return {
      key: `${stack.id}/${logicalId}`,
      logicalId,
      type,
      stack,
      properties,
      physicalId,
      arn,
      deletionPolicy,
      metadata,
    };
  };

  return {
    has,
    property,
    resources: () => [...template.resources.values()].filter(has).map(resourceOf),
  };
}

function resolveAll(properties: ReadonlyMap<string, Compiled>, scope: Scope): Properties {
  const resolved: Record<string, Data> = {};
  for (const [name, compiled] of properties) {
    const value = evaluate(compiled, scope);
    if (value !== noValue) resolved[name] = value;
  }
  return resolved;
}

function recordOf(value: Value): Properties {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Properties) : {};
}

function nameText(value: Value): string | undefined {
  return textOf(value) ?? undefined;
}

function pseudoOf(name: string, { id, stackName, region }: ShippedStack, account: string): Value | null {
  switch (name) {
    case "AWS::Partition":
      return "aws";
    case "AWS::URLSuffix":
      return "amazonaws.com";
    case "AWS::Region":
      return region;
    case "AWS::AccountId":
      return account;
    case "AWS::StackName":
      return stackName;
    case "AWS::StackId":
      return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${mark(`stack:${id}`)}`;
    case "AWS::NoValue":
      return noValue;
    default:
      return null;
  }
}
