import type { Synthesized } from "@tenantry/aws/synthesis";

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** What was synthesized, short enough to be read in a review: stacks in their order, and what each holds. */
export function outlineOf({ manifest, placements, files }: Synthesized): string {
  const { platform, environment, stacks, administration, tenantTemplates } = manifest;
  const tenants = Object.values(placements.tenants);
  const contents = (file: string) => {
    const { Resources, Parameters = {} } = JSON.parse(files[`cloudformation/${file}`] ?? "") as Template;
    const types = Object.values(Resources).map(({ Type }) => Type.replace(/^AWS::/, ""));
    const counts = new Map<string, number>();
    for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
    return [
      `  ${types.length} resources, ${Object.keys(Parameters).length} parameters`,
      ...[...counts]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([type, count]) => `  ${String(count).padStart(4)}  ${type}`),
      "",
    ];
  };
  return [
    `${platform} ${environment}: ${stacks.length} stacks, ${tenants.length} tenants with ${tenants.flatMap((tenant) => tenant.stacks).length} stacks of their own`,
    "",
    ...stacks.flatMap((stack) => [
      `${stack.id} in ${stack.region}, of ${stack.template}`,
      ...(stack.dependsOn.length === 0 ? [] : [`  after ${stack.dependsOn.join(", ")}`]),
      ...contents(stack.template),
    ]),
    ...tenantTemplates.flatMap((tier) => [
      `any tenant of ${tier.tier} in ${tier.region}, of ${tier.template}`,
      `  after ${tier.dependsOn.join(", ")}`,
      ...contents(tier.template),
    ]),
    ...administration.flatMap((stack) => [
      `${stack.id} in ${stack.region}, by an administrator, of ${stack.template}`,
      ...contents(stack.template),
    ]),
  ].join("\n");
}
