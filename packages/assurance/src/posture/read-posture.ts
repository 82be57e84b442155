import type { Platform, PlatformRegion } from "@tenantry/model";
import type { Resource, Shipment, ShippedFiles, ShippedStack } from "../artifacts/shipment.ts";
import { policiesOf, type PolicyStatement, type UnreadPolicy } from "./policy-statements.ts";

/** A template as it is written, for what is not a resource: parameters, outputs, policies of replacement. */
export interface WrittenTemplate {
  /** Name of the file below `cloudformation/`. */
  readonly file: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, unknown>>;
}

/** What the rules of posture look at, read once. */
export interface Posture {
  readonly shipment: Shipment;
  readonly definition: Platform;
  /** Whether the environment keeps its data: what may be destroyed needs no protection. */
  readonly isProtected: boolean;
  /**
   * Of every shared stack, of any tenant of each tier, and of those tenants whose stack comes from a template of no tier.
   * The stacks of all others are those of their tier with other names.
   */
  readonly resources: readonly Resource[];
  readonly ofType: (...types: readonly string[]) => readonly Resource[];
  readonly statements: readonly PolicyStatement[];
  readonly statementsOf: (resource: Resource) => readonly PolicyStatement[];
  readonly unreadPolicies: readonly UnreadPolicy[];
  readonly templates: readonly WrittenTemplate[];
  /** `manifest.json`: the entries of stacks and of tenants' templates, as they are written. */
  readonly manifestEntries: readonly Readonly<Record<string, unknown>>[];
  /** What was asked for in the region of a stack; null where the definition has no such region. */
  readonly askedOf: (stack: ShippedStack) => PlatformRegion | null;
}

export function readPosture(shipment: Shipment, files: ShippedFiles): Posture {
  const { definition } = shipment;
  const resources = stacksOf(shipment).flatMap((stack) => stack.resources());
  const byType = new Map<string, Resource[]>();
  for (const resource of resources) {
    const known = byType.get(resource.type);
    if (known === undefined) byType.set(resource.type, [resource]);
    else known.push(resource);
  }
  const policies = resources.map((resource) => policiesOf(resource));
  const statementsBy = new Map(
    resources.map((resource, index) => [resource, policies[index]?.statements ?? []]),
  );
  return {
    shipment,
    definition,
    isProtected: definition.dataProtection !== "disposable",
    resources,
    ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    statements: policies.flatMap(({ statements }) => statements),
    statementsOf: (resource) => statementsBy.get(resource) ?? [],
    unreadPolicies: policies.flatMap(({ unread }) => unread),
    templates: templatesOf(files),
    manifestEntries: entriesOf(files["cloudformation/manifest.json"]),
    askedOf: ({ role }) => (role === "primary" ? definition : definition.recovery),
  };
}

function stacksOf({ shared, tiers, tenants }: Shipment): readonly ShippedStack[] {
  const ofTiers = new Set(tiers.map(({ tier, role, template }) => `${tier} ${role} ${template}`));
  const apart = [...tenants.values()]
    .flatMap(({ stacks }) => stacks)
    .filter(({ tier, role, template }) => !ofTiers.has(`${tier} ${role} ${template}`));
  return [...shared, ...tiers.map(({ anyTenant }) => anyTenant("a")), ...apart];
}

const templatePath = /^cloudformation\/(.+\.template\.json)$/;

function templatesOf(files: ShippedFiles): readonly WrittenTemplate[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const file = templatePath.exec(path)?.[1];
    if (file === undefined) return [];
    const template = parseObject(text);
    return [
      {
        file,
        parameters: objectAt(template, "Parameters"),
        outputs: objectAt(template, "Outputs"),
        resources: objectAt(template, "Resources"),
      },
    ];
  });
}

function entriesOf(manifest: string | undefined): readonly Readonly<Record<string, unknown>>[] {
  const parsed = parseObject(manifest ?? "");
  return ["stacks", "tenantTemplates", "administration"].flatMap((list) => {
    const entries = parsed[list];
    return Array.isArray(entries) ? entries.filter((entry) => isObject(entry)) : [];
  });
}

/** The object in a text. A file that is no JSON is said by whoever read the shipment. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export function objectAt(value: unknown, field: string): Readonly<Record<string, unknown>> {
  const found = isObject(value) ? value[field] : undefined;
  return isObject(found) ? found : {};
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
