import { reservedTenantIds } from "@tenantry/model";
import type {
  Shipment,
  ShippedStack,
  ShippedTenant,
  ShippedTier,
  TenantParameter,
} from "../../../artifacts/shipment.ts";
import { placedTenant, tenantParameterText } from "../../../artifacts/tenant-parameters.ts";
import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { platformRule } from "../names-rule.ts";

export const placementAsRuled = platformRule({
  id: "names/placement-as-ruled",
  why: "a parameter with another tenant's id, username, host or cell gives a tenant what is another's",
  fix: "write placement.json anew with tenantry synth; change the definition, not what is made of it",
  judge: ({ shipment }) => {
    const tenants = [...shipment.tenants.values()];
    if (tenants.length === 0) return [notApplicable(shipment.environment, "no tenant is placed")];
    return [
      ...tenants.flatMap((tenant) => judgeTenant(tenant, shipment)),
      ...slotsTwice(tenants),
      ...hostsTwice(tenants, shipment.tiers),
    ];
  },
});

function judgeTenant(tenant: ShippedTenant, shipment: Shipment): readonly Finding[] {
  const { id, tier, cell, stacks } = tenant;
  const { tiers, definition, shared } = shipment;
  const subject = `tenant/${id}`;
  const asked = Object.hasOwn(definition.tenants, id) ? definition.tenants[id] : undefined;
  const wanted = tiers.filter((one) => one.tier === tier);
  const hasCell = stacks.length === 0 || shared.some((stack) => stack.cell === cell);
  return [
    ...(reservedTenantIds.includes(id) ? [refuted(subject, `"${id}" is no id that a tenant may have`)] : []),
    ...(id.length > definition.tenantIdLengthMax
      ? [refuted(subject, `"${id}" is longer than ${definition.tenantIdLengthMax} characters`)]
      : []),
    ...(asked === undefined || asked.tier === tier
      ? []
      : [refuted(subject, `it is placed in the tier ${tier}, and platform.json says ${asked.tier}`)]),
    ...(hasCell ? [] : [refuted(subject, `it is placed in the cell ${cell}, which there is not`)]),
    ...wanted
      .filter(({ template }) => !stacks.some((stack) => stack.template === template))
      .map(({ template }) => refuted(subject, `it has no stack of ${template}, as its tier has`)),
    ...stacks.flatMap((stack) => judgeStack(stack, tenant, shipment)),
  ];
}

function judgeStack(stack: ShippedStack, tenant: ShippedTenant, shipment: Shipment): readonly Finding[] {
  const { tiers, platform, environment } = shipment;
  const tier = tiers.find(({ template }) => template === stack.template);
  if (tier === undefined || tier.tier !== tenant.tier)
    return [refuted(stack.id, `${stack.template} is no template of the tier ${tenant.tier}`)];
  const stackName = `${platform}-${environment}-tenant-${tenant.id}`;
  return [
    ...(stack.stackName === stackName
      ? []
      : [refuted(stack.id, `the stack is called ${stack.stackName}, not ${stackName}`)]),
    ...(stack.region === tier.region && stack.role === tier.role
      ? []
      : [
          refuted(
            stack.id,
            `it is in ${stack.region} (${stack.role}), and its template is for ${tier.region}`,
          ),
        ]),
    ...judgeParameters(stack, tenant, tier, shipment),
  ];
}

function judgeParameters(
  stack: ShippedStack,
  { id, cell, slot }: ShippedTenant,
  tier: ShippedTier,
  shipment: Shipment,
): readonly Finding[] {
  const placed = stack.placed ?? {};
  const own = placedTenant(id, cell, slot);
  const surplus = Object.keys(placed).filter((name) => !Object.hasOwn(tier.parameters, name));
  return [
    ...surplus.map((name) => refuted(stack.id, `it is given ${name}, which is no parameter of a tenant`)),
    ...Object.entries(tier.parameters).flatMap(([name, source]) => {
      const value = Object.hasOwn(placed, name) ? placed[name] : undefined;
      const expected = tenantParameterText(source, own, shipment);
      if (value === undefined) return [refuted(stack.id, `it is not given ${name}, which is ${expected}`)];
      const wrong = wrongValue(source, value, expected, shipment.definition.domain);
      return wrong === null ? [] : [refuted(stack.id, `${name} is ${value}: ${wrong}`)];
    }),
  ];
}

/** What is wrong with a parameter's value; null where nothing is. */
function wrongValue(source: TenantParameter, value: string, expected: string, domain: string): string | null {
  // Who pays is free: several tenants may have one payer.
  if (source.kind === "cost-center") return null;
  if (source.kind !== "hosts") return value === expected ? null : `it must be ${expected}`;
  const hosts = splitHosts(value);
  const ruled = splitHosts(expected);
  if (ruled.some((host, index) => hosts[index] !== host)) return `it must begin with ${expected}`;
  const foreign = hosts
    .slice(ruled.length)
    .find((host) => host.includes("*") || host === domain || host.endsWith(`.${domain}`));
  return foreign === undefined ? null : `${foreign} is no domain of the tenant's own`;
}

const splitHosts = (value: string): readonly string[] => value.split(",").map((host) => host.trim());

/** Priorities of rules follow from the slot. */
function slotsTwice(tenants: readonly ShippedTenant[]): readonly Finding[] {
  const owners = new Map<string, string>();
  return tenants.flatMap(({ id, cell, slot }) => {
    const place = `the slot ${slot} of the cell ${cell}`;
    const owner = owners.get(place);
    owners.set(place, owner ?? id);
    return owner === undefined ? [] : [refuted(`tenant/${id}`, `it is in ${place}, as "${owner}" is`)];
  });
}

function hostsTwice(tenants: readonly ShippedTenant[], tiers: readonly ShippedTier[]): readonly Finding[] {
  const owners = new Map<string, string>();
  return tenants.flatMap(({ id, stacks }) =>
    stacks.flatMap((stack) => {
      const parameters = tiers.find(({ template }) => template === stack.template)?.parameters ?? {};
      return Object.entries(parameters)
        .filter(([, { kind }]) => kind === "hosts")
        .flatMap(([name]) => splitHosts(stack.placed?.[name] ?? ""))
        .filter((host) => host !== "")
        .flatMap((host) => {
          const owner = owners.get(host.toLowerCase());
          owners.set(host.toLowerCase(), owner ?? id);
          return owner === undefined || owner === id
            ? []
            : [refuted(stack.id, `the host ${host} is that of "${owner}" too`)];
        });
    }),
  );
}
