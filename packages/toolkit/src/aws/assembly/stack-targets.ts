import { assert } from "@tenantry/base";
import type { AssemblyManifest, AssemblyStack, ParameterSource } from "@tenantry/aws";
import type { Assembly, AssemblyTemplateFile } from "./read-assembly.ts";

/** One stack as it should be. */
export interface StackTarget {
  /** Unique in an environment: "foundation", "recovery-data", "tenant/acme-corp", "tenant/acme-corp/recovery". */
  readonly id: string;
  readonly stackName: string;
  readonly role: "primary" | "recovery";
  readonly region: string;
  /** What the stack holds, such as "cell-1"; of a tenant's, "tenant". */
  readonly area: string;
  readonly tenant: string | null;
  readonly tier: string | null;
  readonly cell: number | null;
  readonly templateSha256: string;
  readonly template: AssemblyTemplateFile;
  readonly capabilities: readonly string[];
  readonly terminationProtection: boolean;
  /** Ids of shared stacks that must be there before. */
  readonly dependsOn: readonly string[];
  /** Values that are known since synthesis. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the deployment takes the other values from. */
  readonly sources: Readonly<Record<string, ParameterSource>>;
  /** The stack's own tags, before those that a deployment adds. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Tags by which a deployment knows its stacks again. CloudFormation hands them to every resource of the stack. */
export const stackTags = Object.freeze({
  platform: "tenantry:platform",
  environment: "tenantry:environment",
  stack: "tenantry:stack",
  tenant: "tenantry:tenant",
  tier: "tenantry:tier",
  cell: "tenantry:cell",
  slot: "tenantry:slot",
  /** "no" for a tenant that a command added; "yes" for one that the definition declares. */
  declared: "tenantry:declared",
  /** "administration" on what only an administrator deploys, and no deployment takes away. */
  part: "tenantry:part",
  /** Digest of the template that is deployed. */
  template: "tenantry:template",
  /** Digest of the values of its parameters. */
  parameters: "tenantry:parameters",
});

/** What of an assembly is deployed at once: the platform, or what says who may deploy it. */
export type AssemblyPart = "platform" | "administration";

export function sharedTargets({ manifest, templates }: Assembly): readonly StackTarget[] {
  return manifest.stacks.map((stack) => targetOf(stack, manifest, templates, {}));
}

/**
 * What only an administrator deploys, as far as it belongs to the account. Who may change people's and pipelines' rights is
 * not who deploys the platform, and an organization is another account's.
 */
export function administrationTargets(
  { manifest, templates }: Assembly,
  account: string | null,
): readonly StackTarget[] {
  const here = manifest.administration.filter(
    (stack) => account === null || stack.account === null || stack.account === account,
  );
  const ids = new Set(here.map(({ id }) => id));
  return here.map((stack) => {
    const target = targetOf(stack, manifest, templates, { [stackTags.part]: "administration" });
    return { ...target, dependsOn: target.dependsOn.filter((id) => ids.has(id)) };
  });
}

function targetOf(
  stack: AssemblyStack,
  manifest: AssemblyManifest,
  templates: Assembly["templates"],
  tags: Readonly<Record<string, string>>,
): StackTarget {
  return {
    id: stack.id,
    stackName: stack.stackName,
    role: stack.role,
    region: stack.region,
    area: stack.area,
    tenant: null,
    tier: null,
    cell: cellOf(stack.area),
    templateSha256: stack.templateSha256,
    template: templateOf(templates, stack.template),
    capabilities: stack.capabilities,
    terminationProtection: stack.terminationProtection,
    dependsOn: stack.dependsOn,
    parameters: {},
    sources: stack.parameters,
    tags: tagsOf(manifest, { [stackTags.stack]: stack.id, ...tags }),
  };
}

/** The stacks of each tenant that has some, in the order of the tenants' ids. */
export function tenantTargets({
  manifest,
  placements,
  templates,
}: Assembly): ReadonlyMap<string, readonly StackTarget[]> {
  const byTenant = new Map<string, readonly StackTarget[]>();
  for (const tenant of Object.keys(placements.tenants).sort()) {
    const placed = placements.tenants[tenant];
    if (placed === undefined || placed.stacks.length === 0) continue;
    byTenant.set(
      tenant,
      placed.stacks.map((stack): StackTarget => {
        const template = manifest.tenantTemplates.find((one) => one.template === stack.template);
        assert(template !== undefined, `the assembly was read without the template ${stack.template}`);
        const id = `tenant/${tenant}${stack.role === "primary" ? "" : `/${stack.role}`}`;
        return {
          id,
          stackName: stack.stackName,
          role: stack.role,
          region: stack.region,
          area: "tenant",
          tenant,
          tier: placed.tier,
          cell: placed.cell,
          templateSha256: template.templateSha256,
          template: templateOf(templates, stack.template),
          capabilities: template.capabilities,
          terminationProtection: false,
          dependsOn: template.dependsOn,
          parameters: stack.parameters,
          sources: template.parameters,
          tags: {
            [stackTags.declared]: "yes",
            ...stack.tags,
            ...tagsOf(manifest, {
              [stackTags.stack]: id,
              [stackTags.tenant]: tenant,
              [stackTags.tier]: placed.tier,
              [stackTags.cell]: String(placed.cell),
              [stackTags.slot]: String(placed.slot),
            }),
          },
        };
      }),
    );
  }
  return byTenant;
}

/** Whose environment it is: what administrators deploy is in the account of their credentials, whichever that is. */
export function ownerOf({ manifest }: Assembly, part: AssemblyPart | undefined): AssemblyManifest {
  if (part !== "administration") return manifest;
  const accounts = new Set(manifest.administration.map(({ account }) => account));
  const [only = null] = accounts;
  return { ...manifest, account: accounts.size === 1 ? only : null };
}

/** Every region in which something of that part of the assembly is. */
export function regionsOf(
  { manifest, placements }: Assembly,
  part: AssemblyPart = "platform",
): readonly string[] {
  const { stacks, administration, tenantTemplates } = manifest;
  const placed = Object.values(placements.tenants).flatMap((tenant) => tenant.stacks);
  const all =
    part === "administration" ? administration : [manifest, ...stacks, ...tenantTemplates, ...placed];
  return [...new Set(all.map(({ region }) => region))].sort();
}

function tagsOf(
  { platform, environment }: AssemblyManifest,
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { [stackTags.platform]: platform, [stackTags.environment]: environment, ...tags };
}

function cellOf(area: string): number | null {
  const [, number] = /^cell-(?:watch-)?(\d+)$/.exec(area) ?? [];
  return number === undefined ? null : Number(number);
}

function templateOf(templates: Assembly["templates"], name: string): AssemblyTemplateFile {
  const template = templates.get(name);
  assert(template !== undefined, `the assembly was read without the template ${name}`);
  return template;
}
