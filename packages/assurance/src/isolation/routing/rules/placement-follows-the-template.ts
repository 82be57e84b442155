import { placedTenant, tenantParameterText } from "../../../artifacts/tenant-parameters.ts";
import type { ShippedStack, ShippedTenant, ShippedTier } from "../../../artifacts/shipment.ts";
import { type Finding, refuted, unknown } from "../../../rule.ts";
import type { RoutingModel } from "../routing-model.ts";
import { routingRule } from "../routing-rule.ts";

export const placementFollowsTheTemplate = routingRule({
  id: "routing/placement-follows-the-template",
  why: "what is proved of a tier's template holds for the tenants whose parameters are what the manifest says",
  fix: "write placement.json anew with tenantry synth, and do not edit it",
  reads: [],
  idle: ({ shipment }) => (shipment.tenants.size === 0 ? "no tenant is placed" : null),
  *judge(model) {
    for (const tenant of model.shipment.tenants.values()) {
      yield* judgeTenant(model, tenant);
      for (const stack of tenant.stacks) yield* judgeStack(model, tenant, stack);
    }
    for (const id of Object.keys(model.definition.tenants)) {
      if (!model.shipment.tenants.has(id))
        yield refuted(`placement.json: ${id}`, "platform.json has the tenant, and no place is said for it");
    }
  },
});

function* judgeTenant({ definition, shipment }: RoutingModel, tenant: ShippedTenant): Iterable<Finding> {
  const { cell, id, slot, stacks, tier } = tenant;
  const subject = `placement.json: ${id}`;
  if (!Object.hasOwn(definition.tiers, tier))
    yield refuted(subject, `its tier ${tier} is none of the platform's`);
  if (id.length > definition.tenantIdLengthMax) {
    yield refuted(
      subject,
      `the id has ${id.length} characters, and names have room for ${definition.tenantIdLengthMax}`,
    );
  }
  const declared = Object.hasOwn(definition.tenants, id) ? definition.tenants[id] : undefined;
  const { placement = { cell, slot }, tier: declaredTier = tier } = declared ?? {};
  if (placement.cell !== cell || placement.slot !== slot || declaredTier !== tier) {
    const said = `${declaredTier} in slot ${placement.slot} of cell ${placement.cell}`;
    yield refuted(
      subject,
      `platform.json says ${said}, and placement.json ${tier} in slot ${slot} of cell ${cell}`,
    );
  }
  for (const { role, tier: name, template } of shipment.tiers) {
    if (name !== tier) continue;
    const made = stacks.filter((stack) => stack.template === template && stack.role === role).length;
    if (made !== 1)
      yield refuted(subject, `there are ${made} stacks of ${template} (${role}), and its tier has one`);
  }
}

function* judgeStack(
  { shipment }: RoutingModel,
  tenant: ShippedTenant,
  stack: ShippedStack,
): Iterable<Finding> {
  const { cell, id, slot } = tenant;
  const template = shipment.tiers.find((one) => one.template === stack.template);
  if (template === undefined) {
    yield refuted(stack.id, `the manifest does not know its template ${stack.template}`);
    return;
  }
  const { platform, environment } = shipment;
  const expected = {
    "stack name": [stack.stackName, `${platform}-${environment}-tenant-${id}`],
    region: [stack.region, template.region],
    role: [stack.role, template.role],
    tier: [tenant.tier, template.tier],
  } as const;
  for (const [what, [found, said]] of Object.entries(expected)) {
    if (found !== said) yield refuted(stack.id, `its ${what} is ${found}, and ought to be ${said}`);
  }
  if (stack.placed === undefined) yield unknown(stack.id, "what its placement says for parameters");
  yield* judgeParameters(stack, template, placedTenant(id, cell, slot), { platform, environment });
}

function* judgeParameters(
  { id, placed = {} }: ShippedStack,
  { parameters }: ShippedTier,
  ...[tenant, owner]: [Parameters<typeof tenantParameterText>[1], Parameters<typeof tenantParameterText>[2]]
): Iterable<Finding> {
  for (const name of Object.keys(placed)) {
    if (!Object.hasOwn(parameters, name))
      yield refuted(id, `it is given ${name}, which is no parameter of a tenant`);
  }
  for (const [name, source] of Object.entries(parameters)) {
    // Who pays is anybody's to say.
    if (source.kind === "cost-center") continue;
    const said = tenantParameterText(source, tenant, owner);
    const found = Object.hasOwn(placed, name) ? (placed[name] ?? "") : "nothing";
    const isSame = source.kind === "hosts" ? found === said || found.startsWith(`${said},`) : found === said;
    if (!isSame) yield refuted(id, `its ${name} is ${found}, and ought to be ${said}`);
  }
}
