import type { Deployment } from "@tenantry/model";
import { digestOfData } from "../assembly/read-assembly.ts";
import type { StackTarget } from "../assembly/stack-targets.ts";
import { isStoredValue } from "../assembly/template.ts";
import type { Cloud, DeployedStack } from "../cloud/cloud.ts";
import type { StoredValues } from "./stored-values.ts";

export interface ResolvedParameters {
  /** What CloudFormation is given. */
  readonly given: Readonly<Record<string, string>>;
  /** Every value that the stack depends on, by parameter; null where it is not there yet. Without what only tags a deployment. */
  readonly effective: Readonly<Record<string, string | null>>;
  /** Of the effective values; null as long as one is missing. */
  readonly digest: string | null;
  readonly missing: readonly MissingValue[];
}

export interface MissingValue {
  readonly parameter: string;
  /** The name in Parameter Store, or the domain of a hosted zone. */
  readonly name: string;
  readonly region: string;
  readonly kind: "stored-value" | "hosted-zone";
}

/** What the tags say where nobody says who deploys what. */
export const unknownDeployment: Deployment = Object.freeze({
  repository: "unknown",
  author: "unknown",
  pullRequest: "none",
  createdAt: "unknown",
});

export interface ParameterContext {
  readonly cloud: Cloud;
  readonly values: StoredValues;
  readonly deployment: Deployment;
  readonly hostedZones: Map<string, Promise<string | null>>;
}

/** The values of a stack's parameters as they are now. */
export async function resolveParameters(
  target: StackTarget,
  deployed: DeployedStack | null,
  context: ParameterContext,
): Promise<ResolvedParameters> {
  const given: Record<string, string> = { ...target.parameters };
  const effective: Record<string, string | null> = {};
  const missing: MissingValue[] = [];
  const need = (parameter: string, value: string | null, absent: Omit<MissingValue, "parameter">) => {
    effective[parameter] = value;
    if (value === null) missing.push({ parameter, ...absent });
    return value;
  };
  for (const [parameter, source] of Object.entries(target.sources)) {
    if (source.kind === "literal") {
      // Of a parameter whose value CloudFormation reads in Parameter Store it is the name, and the value takes its place below.
      given[parameter] = source.value;
      effective[parameter] = source.value;
    } else if (source.kind === "deployment") {
      given[parameter] = deploymentValue(source.field, deployed?.parameters[parameter]?.value, context);
    } else if (source.kind === "stack-value") {
      const { region, name } = source;
      const value = (await context.values.read(region, [name])).get(name) ?? null;
      if (need(parameter, value, { name, region, kind: "stored-value" }) !== null)
        given[parameter] = value ?? "";
    } else {
      const value = await hostedZone(source.domain, context);
      const absent = { name: source.domain, region: target.region, kind: "hosted-zone" } as const;
      if (need(parameter, value, absent) !== null) given[parameter] = value ?? "";
    }
  }
  const names = storedNames(target, given);
  const stored = await context.values.read(target.region, [...names.values()]);
  for (const [parameter, name] of names) {
    need(parameter, stored.get(name) ?? null, { name, region: target.region, kind: "stored-value" });
  }
  for (const [parameter, value] of Object.entries(target.parameters)) effective[parameter] ??= value;
  return { given, effective, missing, digest: missing.length > 0 ? null : digestOfData(effective) };
}

/** The names in Parameter Store that CloudFormation will read for the stack, by parameter. */
function storedNames(
  { template }: StackTarget,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [parameter, declared] of Object.entries(template.content.Parameters ?? {})) {
    if (!isStoredValue(declared)) continue;
    const name = given[parameter] ?? declared.Default;
    if (typeof name === "string") names.set(parameter, name);
  }
  return names;
}

/** `createdAt` keeps what the first deployment said, so that a tag of that name stays true. */
function deploymentValue(
  field: keyof Deployment,
  deployed: string | undefined,
  { deployment }: ParameterContext,
): string {
  if (field === "createdAt" && deployed !== undefined && deployed !== "" && deployed !== "unknown")
    return deployed;
  return deployment[field];
}

function hostedZone(domain: string, { cloud, hostedZones }: ParameterContext): Promise<string | null> {
  let found = hostedZones.get(domain);
  if (found === undefined) {
    found = cloud.hostedZoneId(domain);
    hostedZones.set(domain, found);
  }
  return found;
}
