import { type Finding, refuted, unknown } from "../../../rule.ts";
import { tenantsMeet } from "../host-overlaps.ts";
import type { ListenerRule, RoutingModel, StackRoutes } from "../routing-model.ts";
import { noTenantRule, routingRule, ruleType } from "../routing-rule.ts";
import { priorityIn } from "./rule-priorities-apart.ts";

export const noRuleTakesAnothersHosts = routingRule({
  id: "routing/no-rule-takes-anothers-hosts",
  why: "the first rule that matches decides: one before a tenant's own sends its requests, with their passwords, elsewhere",
  fix: "give shared services priorities behind all tenants, except those of a deeper path that the tier shares",
  reads: [ruleType],
  idle: noTenantRule,
  *judge(model) {
    const shared = model.shared.flatMap(({ rules }) => rules);
    for (const { a } of model.anyTenants) {
      const others = model.anyTenants.flatMap(({ b }) => b.rules);
      for (const rule of a.rules) {
        for (const other of shared) yield* judgeShared(model, a, rule, other);
        for (const other of others) yield* judgeTenants(model, rule, other);
      }
    }
    for (const routes of model.placed) {
      for (const rule of routes.rules)
        for (const other of shared) yield* judgeShared(model, routes, rule, other);
    }
  },
});

/** Whether the other is asked first, in some slots at least. */
function mayComeFirst(model: RoutingModel, rule: ListenerRule, other: ListenerRule): boolean {
  if (rule.priority === null || other.priority === null || rule.listener !== other.listener) return false;
  return priorityIn(other.priority, 1) < priorityIn(rule.priority, model.definition.cells.capacity);
}

function judgeShared(
  model: RoutingModel,
  { stack }: StackRoutes,
  rule: ListenerRule,
  other: ListenerRule,
): readonly Finding[] {
  if (!mayComeFirst(model, rule, other) || isSharedRoute(model, stack.tier ?? "", other)) return [];
  return meetings(model, rule, other);
}

/** The rule of a service that all tenants of the tier share, for its path alone. */
function isSharedRoute(
  { definition, shipment }: RoutingModel,
  tier: string,
  { paths }: ListenerRule,
): boolean {
  const isolation = Object.hasOwn(definition.tiers, tier) ? definition.tiers[tier]?.services : undefined;
  if (isolation === undefined || paths === null || shipment.tiers.length === 0) return false;
  return Object.values(definition.services).some(({ name, route }) => {
    if (route === null || route === "/" || isolation[name] === "silo") return false;
    return paths.every((path) => path === route || path === `${route}/*`);
  });
}

function judgeTenants(model: RoutingModel, rule: ListenerRule, other: ListenerRule): readonly Finding[] {
  return mayComeFirst(model, rule, other) ? meetings(model, rule, other) : [];
}

function meetings(model: RoutingModel, rule: ListenerRule, other: ListenerRule): readonly Finding[] {
  const theirs = other.hosts ?? ["*"];
  return (rule.hosts ?? []).flatMap((host) =>
    theirs.flatMap((theirHost) => {
      const meeting = tenantsMeet(model, host, theirHost);
      if (meeting.kind === "never") return [];
      if (meeting.kind === "unknown") return [unknown(rule.key, `${host} and ${theirHost}: ${meeting.why}`)];
      return [refuted(rule.key, `${other.key} comes before it and takes ${meeting.text} with ${theirHost}`)];
    }),
  );
}
