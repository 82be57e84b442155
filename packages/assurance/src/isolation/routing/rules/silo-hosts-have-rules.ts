import type { Tier } from "@tenantry/model";
import { mark } from "../../../artifacts/mark.ts";
import { type Finding, refuted } from "../../../rule.ts";
import { hostsByDefinition } from "../host-names.ts";
import { tenantStacks } from "../read-routing.ts";
import type { RoutingModel, StackRoutes } from "../routing-model.ts";
import { routingRule, ruleType } from "../routing-rule.ts";

export const siloHostsHaveRules = routingRule({
  id: "routing/silo-hosts-have-rules",
  why: "without a rule of its own, a tenant's host falls to the next rule: what it paid to have apart is answered by what all share",
  fix: "give every service that the tier has to itself a rule for all hosts of the tenant",
  reads: [ruleType],
  idle: ({ definition }) =>
    Object.values(definition.tiers).some((tier) => siloServices(definition, tier) > 0)
      ? null
      : "no tier has a service with a route to itself",
  *judge(model) {
    const { definition, shipment } = model;
    for (const tier of Object.values(definition.tiers)) {
      const isShipped = shipment.tiers.some((one) => one.tier === tier.name && one.role === "primary");
      if (siloServices(definition, tier) > 0 && !isShipped) {
        yield refuted(
          `tier ${tier.name}`,
          "it has services to itself, and the manifest has no template of it",
        );
      }
    }
    for (const routes of tenantStacks(model)) yield* judgeStack(model, routes);
  },
});

/** How many services the tier has to itself that a load balancer leads to. */
function siloServices({ services }: RoutingModel["definition"], tier: Tier): number {
  return Object.values(services).filter(
    ({ compute, name, route }) => compute === "fargate" && route !== null && tier.services[name] === "silo",
  ).length;
}

function* judgeStack({ definition }: RoutingModel, { rules, stack }: StackRoutes): Iterable<Finding> {
  const { tenant, tier: name } = stack;
  const tier = Object.hasOwn(definition.tiers, name ?? "") ? definition.tiers[name ?? ""] : undefined;
  if (tier === undefined) return;
  const expected = siloServices(definition, tier);
  const forwarding = rules.filter(({ action }) => action.types.includes("forward"));
  if (forwarding.length < expected) {
    yield refuted(
      stack.id,
      `${forwarding.length} of its rules lead to services, and its tier has ${expected} to itself`,
    );
  }
  const given = hostsByDefinition(definition, tenant ?? mark("tenant"));
  for (const { hosts, key } of forwarding) {
    const missing = given.find((host) => hosts !== null && !hosts.includes(host));
    if (missing !== undefined)
      yield refuted(key, `it does not answer for ${missing}, which is a host of ${tenant}`);
  }
}
